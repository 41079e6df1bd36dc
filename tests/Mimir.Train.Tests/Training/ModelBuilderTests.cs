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
                "[{affine: {name: affine1, dim: 6}}, {affine: {name: deep, dim: 6, repeat: 2, dropout: 0.1}},"
                + " {affine: {dim: 6, inputs: [input]}},"
                + " {sum: {name: joined, inputs: [affine1, deep], scales: [0.5, 1]}},"
                + " {append: {inputs: [joined, input]}}, layer-norm, softmax]"),
        };

        var spec = ModelBuilder.Build(recipe, 3, 5, null);

        Assert.Equal(
            [
                "splice", "affine1", "deep.1", "deep.1.dropout", "deep.2", "deep.2.dropout", "affine2", "joined", "append1",
                "layer-norm1", "output", "softmax",
            ],
            spec.Nodes.Select(node => node.Name));
        Assert.Equal(["splice"], spec.Nodes[6].Inputs);
        Assert.Equal(["affine1", "deep.2.dropout"], spec.Nodes[7].Inputs);
        using var graph = new LayerGraph(spec, Device.Cpu);
        Assert.Equal(5, graph.OutputDim);
    }

    [Fact]
    public void Build_refuses_fewer_outputs_than_classes()
    {
        var recipe = new Recipe { Model = [new SoftmaxLayer { Dim = 4 }] };

        Assert.Throws<InputException>(() => ModelBuilder.Build(recipe, 3, 5, null));
    }
}
