using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Train.Layers;
using Mimir.Train.Recipes;
using Mimir.Train.Training;

namespace Mimir.Train.Tests.Training;

public sealed class ModelBuilderTests
{
    [Fact]
    public void Build_gives_the_numbers_of_Kaldis_prototype()
    {
        var recipe = new Recipe { Model = Some.Model("[{affine: {dim: 1024, repeat: 4}}, softmax]") };

        var spec = ModelBuilder.Build(recipe, 40, 512, null);

        var affine = spec.Nodes.Select(node => node.Block).OfType<AffineSpec>().ToList();
        Assert.Equal([0.037344, 0.109375, 0.109375, 0.109375, 0.126295], affine.Select(block => Math.Round(block.ParamStddev, 6)));
        Assert.Equal([-2, -2, -2, -2, 0], affine.Select(block => block.BiasMean));
        Assert.Equal([4, 4, 4, 4, 0], affine.Select(block => block.BiasRange));
        Assert.Equal([1, 1, 1, 1, 0.1f], affine.Select(block => block.BiasLearnRateCoef));
        Assert.Equal(["splice", "affine1", "affine2", "affine3", "affine4", "output", "softmax"], spec.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void Build_makes_a_graph_that_fits_together()
    {
        var recipe = new Recipe
        {
            Model = Some.Model(
                "[{affine: {dim: 6, activation: relu, repeat: 2, dropout: 0.2}}, batch-norm, dropout, softmax]"),
        };

        using var graph = new LayerGraph(ModelBuilder.Build(recipe, 3, 5, null), Device.Cpu);

        Assert.Equal((3, 5), (graph.InputDim, graph.OutputDim));
    }

    [Fact]
    public void Build_joins_layers_by_their_names()
    {
        var recipe = new Recipe
        {
            Model = Some.Model(
                "[{affine: {name: affine1, dim: 6}}, {affine: {name: deep, dim: 6, repeat: 2, dropout: 0.1}}, {affine: {dim: 6, inputs: [input]}},"
                + " {sum: {name: joined, inputs: [affine1, deep], scales: [0.5, 1]}}, {append: {inputs: [joined, input]}}, layer-norm, softmax]"),
        };

        var spec = ModelBuilder.Build(recipe, 3, 5, null);

        Assert.Equal(
            ["splice", "affine1", "deep.1", "deep.1.dropout", "deep.2", "deep.2.dropout", "affine2", "joined", "append1", "layer-norm1", "output", "softmax"],
            spec.Nodes.Select(node => node.Name));
        Assert.Equal(["splice"], spec.Nodes[6].Inputs);
        Assert.Equal(["affine1", "deep.2.dropout"], spec.Nodes[7].Inputs);
        using var graph = new LayerGraph(spec, Device.Cpu);
        Assert.Equal(5, graph.OutputDim);
    }

    [Fact]
    public void Build_makes_of_tdnnf_what_Kaldis_layer_is()
    {
        var recipe = new Recipe
        {
            Model = Some.Model(
                "[{tdnn: {dim: 8, offsets: [-2, 0], batch-norm: true}}, {tdnnf: {dim: 8, bottleneck: 3, time-stride: 3, dropout: 0.1, repeat: 2}},"
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
    public void Build_makes_pictures_and_memories()
    {
        var recipe = new Recipe
        {
            Model = Some.Model(
                "[{conv2d: {filters: 4, height: 3, stride: 2, channels-apart: true}}, batch-norm, {max-pool: {times: [0, 1], kernel: 2}},"
                + " {blstm: {dim: 2, chunk: 4, right-context: 1}}, {dfsmn: {dim: 7, projection: 3, left: 2, right: 1, repeat: 2}}, softmax]"),
        };

        var spec = ModelBuilder.Build(recipe, 3, 5, null);

        Assert.Equal(
            [
                "splice", "copy1", "conv1", "batch-norm1", "max-pool1", "blstm1", "dfsmn1.projection", "dfsmn1.memory", "dfsmn1", "dfsmn2.projection",
                "dfsmn2.memory", "dfsmn2.skip", "dfsmn2", "output", "softmax",
            ],
            spec.Nodes.Select(node => node.Name));
        Assert.Equal([0, 3, 6, 9], Assert.IsType<CopySpec>(spec.Nodes[1].Block).Indices.Take(4));
        Assert.Equal((2, 2), (Assert.IsType<ConvolutionSpec>(spec.Nodes[2].Block).OutputHeight, Assert.IsType<MaxPoolSpec>(spec.Nodes[4].Block).Height));
        Assert.Equal(["dfsmn2.memory", "dfsmn1.memory"], spec.Nodes[11].Inputs);
        Assert.Equal((4, 1), (Assert.IsType<LcBlstmSpec>(spec.Nodes[5].Block).Chunk, ((LcBlstmSpec)spec.Nodes[5].Block).RightContext));
        using var graph = new LayerGraph(spec, Device.Cpu);
        Assert.Equal(5, graph.OutputDim);
    }

    [Theory]
    [InlineData(null, 3, "takes 'splice', which is no conv2d or max-pool; say the frequencies")]
    [InlineData(7, 3, "has height 7, and the 33 values of 'splice' are no multiple of it")]
    [InlineData(3, 9, "does not fit 3 frequencies")]
    public void Build_refuses_a_picture_that_is_none(int? height, int kernel, string expected)
    {
        var recipe = new Recipe { Model = [new MaxPoolLayer { Height = height, Window = new() { Height = 0, Stride = 0, KernelHeight = kernel } }, new SoftmaxLayer()] };

        Assert.Contains(expected, Assert.Throws<InputException>(() => ModelBuilder.Build(recipe, 3, 5, null)).Message);
    }

    [Fact]
    public void Build_refuses_fewer_outputs_than_classes()
    {
        var recipe = new Recipe { Model = [new SoftmaxLayer { Dim = 4 }] };

        Assert.Throws<InputException>(() => ModelBuilder.Build(recipe, 3, 5, null));
    }
}
