namespace Mimir.Train.Tests.Recipes;

public sealed class ModelRulesTests
{
    [Fact]
    public void Check_of_layers_that_join_finds_nothing_wrong()
    {
        const string Layers = "- affine: {dim: 16, name: a, inputs: [input]}\n  - sum: {inputs: [a, a], scales: [0.5, 2]}";

        var recipe = Some.Read(WithLayer(Layers)).Recipe;

        Assert.Equal(["a", "a"], recipe.Model[2].Inputs);
    }

    [Theory]
    [InlineData(
        "- affine: {dim: 16, inputs: [input, input]}",
        "'model.1.affine.inputs': expected one layer, got 2; join them with sum or append first")]
    [InlineData("- affine: {dim: 16, name: input}", "'model.1.affine.name': 'input' is taken; choose another name")]
    [InlineData("- sum: {inputs: [inptu]}", "'model.1.sum.inputs': no layer before is called 'inptu'; did you mean 'input'?")]
    [InlineData(
        "- sum: {inputs: [me], name: me}",
        "'model.1.sum.inputs': no layer before is called 'me'; that layer does not come before this one")]
    [InlineData("- sum: {inputs: [input, input], scales: [1]}", "'model.1.sum.scales': expected one for each of the 2 inputs, got 1")]
    [InlineData(
        "- tdnn: {dim: 16, offsets: [0, 1, 0]}",
        "'model.1.tdnn.offsets': expected frames, each once, such as [-3, 0, 3], got [0, 1, 0]")]
    [InlineData("- tdnn: {dim: 16, offsets: []}", "'model.1.tdnn.offsets': expected frames, each once, such as [-3, 0, 3], got []")]
    [InlineData("- tdnnf: {dim: 16, bottleneck: 16}", "'model.1.tdnnf.bottleneck': expected less than dim, 16, got 16")]
    [InlineData(
        "- tdnnf: {dim: 16, bottleneck: 8, bypass-scale: 1.5}",
        "'model.1.tdnnf.bypass-scale': expected a number from -1 to 1, got '1.5'")]
    [InlineData(
        "- conv2d: {filters: 16, times: [0, 0]}",
        "'model.1.conv2d.times': expected frames, each once, such as [-3, 0, 3], got [0, 0]")]
    [InlineData("- conv2d: {filters: 16, padding: 3}", "'model.1.conv2d.padding': expected less than kernel, 3, got 3")]
    [InlineData("- max-pool: {times: []}", "'model.1.max-pool.times': expected frames, each once, such as [-3, 0, 3], got []")]
    [InlineData(
        "- blstm: {dim: 16, right-context: 3}",
        "'model.1.blstm.right-context': a context belongs to a chunk; say chunk too, such as 40")]
    [InlineData("- dfsmn: {dim: 16}", "'model.1.dfsmn.projection' is missing: The number of values of the memory.")]
    public void Check_of_a_wrong_layer_names_place_and_remedy(string layer, string expected)
    {
        Assert.Equal($"toy.yaml:7: {expected}", Some.ErrorOf(WithLayer(layer)));
    }

    // Whole utterances, because time-delay layers ask for them.
    private static string WithLayer(string layer) =>
        Some.Recipe.Replace("- softmax", $"{layer}\n  - softmax") + "\ntrain: {batch: {unit: utterances, frames: 1000}}\n";
}
