using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Language;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Rescoring;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Lattices.Rescoring;

/// <summary>Costs of language models on lattices, against all paths one by one.</summary>
public sealed class RescoringTests : IDisposable
{
    private const string Arpa = """
        \data\
        ngram 1=6
        ngram 2=5
        ngram 3=2

        \1-grams:
        -99 <s> -0.3
        -0.8 </s>
        -0.5 a -0.2
        -0.6 b -0.4
        -0.9 c -0.1
        -1.5 <unk>

        \2-grams:
        -0.2 <s> a -0.15
        -0.3 a b -0.25
        -0.7 b a
        -0.4 b </s>
        -0.6 a </s>

        \3-grams:
        -0.1 <s> a b
        -0.2 a b </s>

        \end\

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-rescoring-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Composition_keeps_the_pairs_of_paths_with_the_same_words()
    {
        var random = new Random(5);
        for (var round = 0; round < 30; round++)
        {
            var left = RandomLattices.Make(random, states: 6);
            var right = LatticeProjection.Words(RandomLattices.Make(random, states: 5).ToWords());

            var composed = RandomLattices.Paths(LatticeComposer.Compose(left, new LatticeModel(right)));

            var expected = new Dictionary<string, double>();
            var other = RandomLattices.Paths(right).GroupBy(path => path.Words).ToDictionary(
                group => group.Key, group => group.Min(path => path.Cost));
            foreach (var group in RandomLattices.Paths(left).GroupBy(path => path.Words).Where(group => other.ContainsKey(group.Key)))
                expected[group.Key] = group.Min(path => path.Cost) + other[group.Key];

            var ours = composed.GroupBy(path => path.Words).ToDictionary(group => group.Key, group => group.Min(path => path.Cost));
            Assert.Equal(expected.Keys.Order(), ours.Keys.Order());
            Assert.All(expected, pair => Assert.Equal(pair.Value, ours[pair.Key], 1e-4));

            // Each pair comes once.
            var rights = RandomLattices.Paths(right).GroupBy(path => path.Words).ToDictionary(group => group.Key, group => group.Count());
            var pairs = RandomLattices.Paths(left).Sum(path => rights.GetValueOrDefault(path.Words));
            Assert.Equal(pairs, composed.Count);
        }
    }

    [Fact]
    public void Models_with_back_off_cost_what_their_arpa_file_says()
    {
        var path = Path.Combine(_folder, "lm.arpa");
        File.WriteAllText(path, Arpa);
        var words = new SymbolTable();
        string[] symbols = ["<eps>", "a", "b", "c", "<unk>", "#0", "<s>", "</s>"];
        foreach (var (label, word) in symbols.Index())
            words.TryAdd(word, label);

        var model = NgramModel.Read(path);
        var ngrams = new NgramWordModel(model, words);
        var compiled = new FstModel(ArpaCompiler.Compile(path, words, new() { Disambiguation = "#0" }), phi: 5);
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            var lattice = RandomLattices.Make(random, states: 7);

            var one = Costs(LatticeComposer.AddCosts(lattice, ngrams, 1));
            var two = Costs(LatticeComposer.AddCosts(lattice, compiled, 1));

            Assert.Equal(one.Keys.Order(), two.Keys.Order());
            Assert.All(one, pair => Assert.Equal(pair.Value, two[pair.Key], 1e-4));
            Assert.All(one, pair => Assert.Equal(Best(lattice, pair.Key) + Cost(model, pair.Key), pair.Value, 1e-4));

            // Taken away again.
            var back = Costs(LatticeComposer.AddCosts(LatticeComposer.AddCosts(lattice, ngrams, 1).ToLattice(), ngrams, -1));
            Assert.All(back, pair => Assert.Equal(Best(lattice, pair.Key), pair.Value, 1e-4));
        }
    }

    [Fact]
    public void Loops_of_back_off_arcs_are_told()
    {
        var fst = new VectorFst();
        fst.AddState();
        fst.AddState(0);
        fst.AddArc(0, new FstArc(9, 0, 0.5f, 1));
        fst.AddArc(1, new FstArc(9, 0, 0.5f, 0));
        fst.Start = 0;
        var model = new FstModel(fst, phi: 9);

        Assert.Contains(
            "form a loop", Assert.Throws<InputException>(() => model.Find(0, 3, [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Union_has_the_paths_of_all_and_normalized_ones_sum_to_their_weight()
    {
        var random = new Random(9);
        var (one, two) = (RandomLattices.Make(random, states: 5).ToWords(), RandomLattices.Make(random, states: 5).ToWords());

        var union = LatticeUnion.Of([LatticeUnion.Normalize(one, 0.25), LatticeUnion.Normalize(two, 0.75)]);

        Assert.Equal(
            RandomLattices.Paths(one.ToLattice()).Count + RandomLattices.Paths(two.ToLattice()).Count,
            RandomLattices.Paths(union.ToLattice()).Count);
        Assert.Equal(1, RandomLattices.Paths(union.ToLattice()).Sum(path => Math.Exp(-path.Cost)), 1e-4);
    }

    [Fact]
    public void Limit_leaves_the_best_arcs_of_each_frame()
    {
        var builder = new WordLatticeBuilder();
        builder.AddState();
        builder.AddState();
        for (var word = 1; word <= 5; word++)
            builder.AddArc(0, new WordArc(word, new LatticeWeight(word, 0), [1, 1], 1));

        builder.SetFinal(1, LatticeWeight.One, []);

        var limited = DepthLimit.Apply(builder.Build(), 2);

        Assert.Equal([1, 2], limited.Arcs(0).ToArray().Select(arc => arc.Word));
        Assert.Equal([2, 2], LatticeDepth.PerFrame(limited));
    }

    private static double Best(Lattice lattice, string words) =>
        RandomLattices.Paths(lattice).Where(path => path.Words == words).Min(path => path.Cost);

    private static Dictionary<string, double> Costs(WordLattice lattice) =>
        RandomLattices.Paths(lattice.ToLattice()).ToDictionary(path => path.Words, path => path.Cost);

    private static double Cost(NgramModel model, string text)
    {
        var labels = model.Words.Entries.ToDictionary(entry => entry.Key, entry => entry.Value);
        List<int> history = [labels["<s>"]];
        var sum = 0.0;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => "?abc"[int.Parse(number)].ToString())
            .Append("</s>"))
        {
            sum += model.Score(history.ToArray(), labels[word]);
            history.Add(labels[word]);
        }

        return -Math.Log(10) * sum;
    }
}
