using Mimir.Train.Training;

namespace Mimir.Train.Tests.Training;

public sealed class RecipeFingerprintTests
{
    private static readonly string Whole = Fingerprint();

    [Theory]
    [InlineData("name=other")]
    [InlineData("output=/tmp/other")]
    [InlineData("train.threads=2")]
    [InlineData("train.checkpoint.keep=3")]
    [InlineData("decode={graph: other}")]
    public void A_run_may_continue_with_another(string change) => Assert.Equal(Whole, Fingerprint(change));

    [Theory]
    [InlineData("seed=3")]
    [InlineData("features.splice.left=2")]
    [InlineData("train.optimiser={sgd: {rate: 0.5}}")]
    [InlineData("corpus.train.dir=elsewhere")]
    [InlineData("augment={speed: [0.9, 1]}")]
    [InlineData("distribute.update={ma: {period-frames: 7}}")]
    [InlineData("model=[{affine: {dim: 9, name: a}}, {affine: {dim: 9, name: b}}, {affine: {dim: 9, inputs: [a]}}, {softmax: {}}]")]
    public void Another_model_has_another_fingerprint(string change) => Assert.NotEqual(Whole, Fingerprint(change));

    [Fact]
    public void The_inputs_of_a_layer_are_part_of_it()
    {
        static string Of(string input) => Fingerprint(
            $"model=[{{affine: {{dim: 9, name: a}}}}, {{affine: {{dim: 9, name: b}}}}, {{affine: {{dim: 9, inputs: [{input}]}}}}, "
                + $"{{softmax: {{}}}}]");

        Assert.NotEqual(Of("a"), Of("b"));
    }

    private static string Fingerprint(params string[] changes) =>
        RecipeFingerprint.Of(Some.Read(Some.Recipe, changes).Recipe);
}
