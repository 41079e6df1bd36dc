using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Train.Layers;
using Mimir.Train.Recipes;
using Mimir.Train.Training;

namespace Mimir.Train.Tests.Layers;

public sealed class LayerTests
{
    [Fact]
    public void Build_makes_of_tdnnf_what_Kaldis_layer_is()
    {
        var recipe = new Recipe
        {
            Model = Some.Model(
                "[{tdnn: {dim: 8, offsets: [-2, 0], batch-norm: true}},"
                + " {tdnnf: {dim: 8, bottleneck: 3, time-stride: 3, dropout: 0.1, repeat: 2}},"
                + " {tdnnf: {name: wide, dim: 10, bottleneck: 3, time-stride: 0}}, softmax]"),
        };

        var spec = ModelBuilder.Build(recipe, 3, 5, null);

        Assert.Equal(
            [
                "splice", "tdnn1", "batch-norm1", "tdnnf1.linear", "tdnnf1.affine", "tdnnf1.batch-norm", "tdnnf1.dropout", "tdnnf1",
                "tdnnf2.linear", "tdnnf2.affine", "tdnnf2.batch-norm", "tdnnf2.dropout", "tdnnf2", "wide.linear", "wide.affine", "wide",
                "output", "softmax",
            ],
            spec.Nodes.Select(node => node.Name));
        Assert.Equal(["tdnnf1", "tdnnf2.dropout"], spec.Nodes[12].Inputs);
        Assert.Equal([0.66f, 1], Assert.IsType<SumSpec>(spec.Nodes[12].Block).Scales);
        var linear = Assert.IsType<TdnnSpec>(spec.Nodes[3].Block);
        Assert.Equal((false, -1f, 3), (linear.HasBias, linear.Orthonormal, linear.OutputDim));
        Assert.Equal([-3, 0], linear.Offsets);
        Assert.Equal([0, 3], Assert.IsType<TdnnSpec>(spec.Nodes[4].Block).Offsets);
        using var graph = new LayerGraph(spec, Device.Cpu);
        Assert.True(graph.NeedsSequences);
    }

    [Fact]
    public void Build_makes_convolutions_and_memories()
    {
        var recipe = new Recipe
        {
            Model = Some.Model(
                "[{conv2d: {filters: 4, height: 3, stride: 2, channels-apart: true}}, batch-norm, {max-pool: {times: [0, 1], kernel: 2}},"
                + " {blstm: {dim: 2, chunk: 4, right-context: 1}},"
                + " {dfsmn: {dim: 7, projection: 3, left: 2, right: 1, repeat: 2}}, softmax]"),
        };

        var spec = ModelBuilder.Build(recipe, 3, 5, null);

        Assert.Equal(
            [
                "splice", "copy1", "conv1", "batch-norm1", "max-pool1", "blstm1",
                "dfsmn1.projection", "dfsmn1.memory", "dfsmn1", "dfsmn2.projection",
                "dfsmn2.memory", "dfsmn2.skip", "dfsmn2", "output", "softmax",
            ],
            spec.Nodes.Select(node => node.Name));
        Assert.Equal([0, 3, 6, 9], Assert.IsType<CopySpec>(spec.Nodes[1].Block).Indices.Take(4));
        Assert.Equal(2, Assert.IsType<ConvolutionSpec>(spec.Nodes[2].Block).OutputHeight);
        Assert.Equal(2, Assert.IsType<MaxPoolSpec>(spec.Nodes[4].Block).Height);
        Assert.Equal(["dfsmn2.memory", "dfsmn1.memory"], spec.Nodes[11].Inputs);
        Assert.Equal((4, 1), (Assert.IsType<LcBlstmSpec>(spec.Nodes[5].Block).Chunk, ((LcBlstmSpec)spec.Nodes[5].Block).RightContext));
        using var graph = new LayerGraph(spec, Device.Cpu);
        Assert.Equal(5, graph.OutputDim);
    }

    [Theory]
    [InlineData(null, 3, "takes 'splice', which is no conv2d or max-pool; say the frequencies")]
    [InlineData(7, 3, "has height 7, and the 33 values of 'splice' are no multiple of it")]
    [InlineData(3, 9, "does not fit 3 frequencies")]
    public void Build_refuses_an_input_without_frequencies(int? height, int kernel, string expected)
    {
        var layer = new MaxPoolLayer { Height = height, Window = new() { Height = 0, Stride = 0, KernelHeight = kernel } };

        Assert.Contains(expected, Assert.Throws<InputException>(() => Build(layer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_with_options_that_no_layer_includes_is_a_layer()
    {
        var layer = Some.Model("[{layer-norm: {epsilon: 0.5, name: n}}, softmax]")[0];

        Assert.Equal(new BlockLayer<LayerNormSpec> { Name = "n", Block = new() { Epsilon = 0.5f } }, layer);
        Assert.Equal(["splice", "n", "output", "softmax"], Build(layer).Nodes.Select(node => node.Name));
    }

    [Fact]
    public void The_options_of_a_block_begin_with_its_defaults()
    {
        Assert.Equal(new BlockLayer<DropoutSpec> { Block = new(0.2f) }, Some.Model("[dropout, softmax]")[0]);
        Assert.Equal(new BlstmLayer { Block = new(4) { ForgetBias = 1 } }, Some.Model("[{blstm: {dim: 4}}, softmax]")[0]);
    }

    private static GraphSpec Build(LayerRecipe layer) => ModelBuilder.Build(new Recipe { Model = [layer, new SoftmaxLayer()] }, 3, 5, null);
}
