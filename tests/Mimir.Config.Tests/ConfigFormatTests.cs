using System.Text.Json;
using Mimir.Base;

namespace Mimir.Config.Tests;

public sealed class ConfigFormatTests : IDisposable
{
    private const string Full = """
        name: home
        trees: 5
        shade: 0.25
        leaf: 0.3
        seed: 18446744073709551615
        colour: deep-blue
        gate: true
        well: ${DEPTH}
        pond: {depth: 1}
        paths: [3, 4, 5]
        beds: {a: {depth: 2}, b: {depth: 3, fish: 0}}
        posts: {3: 0.5}
        owner: {dog: {size: 4, age: 6}}
        smell: [rose, mint]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-config").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Parse_gives_every_kind_of_value()
    {
        var garden = Sample.Read(Full);

        Assert.Equal(("home", 5, 0.25, 0.3f, ulong.MaxValue), (garden.Name, garden.Trees, garden.Shade, garden.Leaf, garden.Seed));
        Assert.Equal((Colour.Blue, true, 4.5), (garden.Colour, garden.Gate, garden.Well));
        Assert.Equal(new Pond { Depth = 1 }, garden.Pond);
        Assert.Equal([3, 4, 5], garden.Paths);
        Assert.Equal([new("a", new() { Depth = 2 }), new("b", new() { Depth = 3, Fish = 0 })], garden.Beds);
        Assert.Equal([new(3, 0.5)], garden.Posts);
        Assert.Equal(new Dog { Age = 6, Collar = new(4) }, garden.Owner);
        Assert.Equal("rose,mint", garden.Others["smell"]);
    }

    [Fact]
    public void Parse_of_a_short_file_keeps_the_defaults()
    {
        Assert.Equal(new Garden { Name = "x" } with { Paths = [], Beds = null!, Posts = null!, Others = null! },
            Sample.Read("name: x") with { Paths = [], Beds = null!, Posts = null!, Others = null! });
    }

    [Fact]
    public void ToYaml_reads_back_as_the_same_record()
    {
        var bound = Sample.Bind(Full);

        var yaml = Sample.Format.ToYaml(bound.Value, bound.Origins);

        Assert.Equal(Sample.Format.ToLine(bound.Value), Sample.Format.ToLine(Sample.Read(yaml)));
        Assert.Contains("trees: 5                                      # g.yaml:2", yaml, StringComparison.Ordinal);
        Assert.Contains("# g.yaml:8, DEPTH from the environment", yaml, StringComparison.Ordinal);
        Assert.Contains("    text: home                                # default", yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trees: 1", "g.yaml:1: 'name' is missing: The name of the garden.")]
    [InlineData("name: x\ntrees: 11", "g.yaml:2: 'trees': expected a whole number from 1 to 10, got '11'")]
    [InlineData("name: x\nshade: 1", "g.yaml:2: 'shade': expected a number from 0 to below 1, got '1'")]
    [InlineData("name: x\nleaf: 0", "g.yaml:2: 'leaf': expected a number above 0, got '0'")]
    [InlineData("name: x\nseed: -1", "g.yaml:2: 'seed': expected a whole number from 0, got '-1'")]
    [InlineData("name: x\ncolour: blue", "g.yaml:2: 'colour': expected red or deep-blue, got 'blue'")]
    [InlineData("name: x\ngate: yes", "g.yaml:2: 'gate': expected true or false, got 'yes'")]
    [InlineData("name: a/b", "g.yaml:1: 'name': expected a name of letters, digits, '-', '_' and '.', got 'a/b'")]
    [InlineData("name: x\npond: {depht: 1, depth: 1}", "g.yaml:2: unknown key 'depht' in 'pond'; did you mean 'depth'?")]
    [InlineData("name: x\npond: 7", "g.yaml:2: 'pond': expected a map with depth, fish, got '7'")]
    [InlineData("name: x\npaths: [1, x]", "g.yaml:2: 'paths.1': expected a whole number from 0, got 'x'")]
    [InlineData("name: x\npaths: 1", "g.yaml:2: 'paths': expected a list of lengths, got '1'")]
    [InlineData("name: x\nposts: {a: 1}", "g.yaml:2: 'posts': expected a map of heights by number, got the key 'a'")]
    [InlineData("name: x\nowner: cow", "g.yaml:2: 'owner': expected an owner, one of cat, dog, got 'cow'; known are cat, dog")]
    [InlineData("name: x\nowner: {dog: {size: 0}}", "g.yaml:2: 'owner.dog.size': expected a whole number from 1, got '0'")]
    [InlineData(
        "name: x\nwell: ${NO}",
        "g.yaml:2: the variable NO is not set ('well' needs it): run with NO=<value> in the environment, or with --set NO=<value>")]
    public void Parse_of_a_wrong_value_names_place_and_remedy(string text, string expected)
    {
        Assert.Equal(expected, Assert.Single(Sample.Problems(text)));
    }

    [Fact]
    public void Parse_finds_all_problems_at_once()
    {
        Assert.Equal(
            ["g.yaml:1: 'trees': expected a whole number from 1 to 10, got 'x'", "g.yaml:2: 'gate': expected true or false, got '1'"],
            Sample.Problems("trees: x\ngate: 1\nname: y"));
    }

    [Fact]
    public void Overrides_change_values_in_maps_lists_and_kinds()
    {
        var garden = Sample.Read(Full, "trees=9", "paths.1=8", "beds.a.depth=7", "owner.dog.size=2", "DEPTH=0.5", "pond={fish: 1}");

        Assert.Equal((9, 8, 7.0, 0.5), (garden.Trees, garden.Paths[1], garden.Beds["a"].Depth, garden.Well));
        Assert.Equal(new Dog { Age = 6, Collar = new(2) }, garden.Owner);
        Assert.Equal(new Pond { Depth = 1, Fish = 1 }, garden.Pond);
    }

    [Fact]
    public void An_override_of_another_kind_replaces_the_kind() =>
        Assert.Equal(new Cat { Age = 3 }, Sample.Read(Full, "owner.cat.age=3").Owner);

    [Theory]
    [InlineData("trees", "--set trees: expected key.key=value, such as train.optimiser.sgd.rate=0.004")]
    [InlineData("=1", "--set =1: expected key.key=value, such as train.optimiser.sgd.rate=0.004")]
    public void A_wrong_override_is_refused(string change, string expected)
    {
        Assert.Equal(expected, Assert.Throws<InputException>(() => Sample.Read("name: x", change)).Message);
    }

    [Fact]
    public void Extends_lays_a_file_over_another()
    {
        File.WriteAllText(Path.Combine(_folder, "base.yaml"), "name: base\ntrees: 3\npond: {depth: 1, fish: 9}\n");
        File.WriteAllText(Path.Combine(_folder, "own.yaml"), "extends: base.yaml\npond: {depth: 2}\n");

        var bound = Sample.Format.Read(Path.Combine(_folder, "own.yaml"), new());

        Assert.Equal((3, new Pond { Depth = 2, Fish = 9 }), (bound.Demand().Trees, bound.Value.Pond));
        Assert.EndsWith("base.yaml:2", bound.Origins["trees"].Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- 1", "g.yaml:1: expected a garden (keys such as name, trees), got a list of 1")]
    [InlineData("name: [", "g.yaml:")]
    public void Text_that_is_no_map_is_refused(string text, string expected)
    {
        Assert.StartsWith(expected, Assert.Throws<InputException>(() => Sample.Read(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ValueOf_gives_single_values() =>
        Assert.Equal(("5", "6", null), (
            Sample.Format.ValueOf(Sample.Read(Full), "trees"),
            Sample.Format.ValueOf(Sample.Read(Full), "owner.dog.age"),
            Sample.Format.ValueOf(Sample.Read(Full), "owner.cat.age")));

    [Fact]
    public void Schema_has_ranges_choices_and_kinds()
    {
        using var schema = JsonDocument.Parse(Sample.Format.Schema());

        var properties = schema.RootElement.GetProperty("properties");
        var trees = properties.GetProperty("trees").GetProperty("anyOf")[0];
        Assert.Equal((1, 10), (trees.GetProperty("minimum").GetInt32(), trees.GetProperty("maximum").GetInt32()));
        Assert.Equal(1, properties.GetProperty("shade").GetProperty("anyOf")[0].GetProperty("exclusiveMaximum").GetInt32());
        var kinds = properties.GetProperty("owner").GetProperty("anyOf")[0].GetProperty("properties");
        Assert.Equal(["cat", "dog"], kinds.EnumerateObject().Select(kind => kind.Name));
        Assert.Equal("extends", properties.EnumerateObject().First().Name);
    }

    [Fact]
    public void Reference_lists_keys_with_the_options_of_bases_last()
    {
        var text = Sample.Format.Reference();

        Assert.Contains("| `trees` | a whole number from 1 to 10 | `2` |", text, StringComparison.Ordinal);
        Assert.Contains("| `owner` | see below | `cat` |", text, StringComparison.Ordinal);
        var dog = text[text.IndexOf("`owner.dog`", StringComparison.Ordinal)..];
        Assert.True(dog.IndexOf("`size`", StringComparison.Ordinal) < dog.IndexOf("`age`", StringComparison.Ordinal));
        Assert.Contains("The keys are those of `pond`.", text, StringComparison.Ordinal);
    }
}
