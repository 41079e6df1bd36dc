using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Recipes;

public sealed class LoadedRecipeTests
{
    [Fact]
    public void ToYaml_names_the_origin_of_every_value()
    {
        var options = new RecipeReaderOptions
        {
            Overrides = ["train.batch.frames=64"],
            Environment = name => name == "SPEECH" ? "/speech" : null,
        };

        var lines = RecipeReader.Parse(Some.Recipe.Replace("data/train", "${SPEECH}/train"), "toy.yaml", options).ToYaml().Split('\n');

        Assert.Contains("name: toy                                     # toy.yaml:1", lines);
        Assert.Contains("seed: 777                                     # default", lines);
        Assert.Contains("    dir: /speech/train                        # toy.yaml:3, SPEECH from the environment", lines);
        Assert.Contains("    frames: 64                                # --set train.batch.frames=64", lines);
        Assert.Contains("  - affine:", lines);
        Assert.Contains("      dim: 16                                 # toy.yaml:6", lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("output: 'no: 17 # x'")]
    [InlineData("output: \"tab\\there\\nand 'quote' \\\"\"")]
    [InlineData("output: '123'")]
    [InlineData("output: '${not a variable'")]
    [InlineData("output: $${LITERAL}")]
    [InlineData("output: 标准 语音")]
    [InlineData("features: {type: mfcc, num-ceps: 13, window-type: hamming, use-energy: 'true', deltas: {order: 1}}")]
    [InlineData("features: {type: mfcc, pitch: {}}")]
    [InlineData("features: {pitch: {max-f0: 500, add-raw-log-pitch: true}}")]
    [InlineData("features: {type: plp, lpc-order: 10, num-ceps: 11, compress-factor: 0.5}")]
    [InlineData("train: {optimiser: {sgd: {rate: 1e-12, l2: 123456789.125}}, schedule: {constant: {epochs: 2}}}")]
    [InlineData("distribute: {update: {bmuf: {block-momentum: 0.9}}}")]
    [InlineData("decode: {graph: g, score: {lm-weights: [7, 9], word-insertion-penalties: [0, -0.5], lexicon: l.txt}}")]
    [InlineData("decode: {graph: g, tune-on: a-b, score: {lm-weights: 9}}")]
    public void ToYaml_reads_back_as_the_same_recipe(string line)
    {
        var text = Some.Recipe.Replace("\nmodel:", "\n  tests: {a-b: {dir: x}, 'null': {dir: y}}\nmodel:") + $"\n  \n{line}\n";
        var loaded = Some.Read(text);

        var again = RecipeReader.Parse(loaded.ToYaml(), "toy.yaml", new() { Environment = _ => null });

        Assert.Equal(Values(loaded), Values(again));
        Assert.Equal(loaded.Recipe.Output, again.Recipe.Output);
        Assert.Equal(loaded.Recipe.Train with { Layers = again.Recipe.Train.Layers }, again.Recipe.Train);
    }

    [Fact]
    public void ToYaml_of_a_hostile_value_stays_one_value()
    {
        var loaded = RecipeReader.Parse(
            Some.Recipe + "\noutput: ${EVIL}\n", "toy.yaml", new() { Environment = _ => "x\nseed: 1 # '\"" });

        var again = RecipeReader.Parse(loaded.ToYaml(), "again.yaml", new() { Environment = _ => null });

        Assert.Equal("x\nseed: 1 # '\"", again.Recipe.Output);
        Assert.Equal(777UL, again.Recipe.Seed);
    }

    private static string[] Values(LoadedRecipe loaded) => [.. loaded.ToYaml().Split('\n').Skip(1).Select(WithoutOrigin)];

    private static string WithoutOrigin(string line) =>
        line.LastIndexOf("  # ", StringComparison.Ordinal) is var at and >= 0 ? line[..at] : line;
}
