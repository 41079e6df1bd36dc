using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Optimisers;

public sealed class FusedStepTests
{
    [Fact]
    public void FusedStep_equals_backward_and_sgd()
    {
        var spec = Some.Graph(6,
            Some.Affine(20, Activation.Relu) with { LearnRateCoef = 0.5f, MaxNorm = 1 }, new BatchNormSpec(),
            Some.Affine(9) with { BiasLearnRateCoef = 0.1f });
        using var apart = new LayerGraph(spec, Device.Cpu);
        using var joint = new LayerGraph(spec, Device.Cpu);
        using var table = Some.Table(6, ScalarType.Float32, 50);
        using var sgd = new Sgd(new SgdOptions());
        var fused = new FusedStep(joint);
        apart.Initialise(2);
        joint.Initialise(2);

        for (var step = 0; step < 5; step++)
        {
            CrossEntropy.Evaluate(apart.Forward(table, Some.Rows(50), PassMode.Train), Some.Targets(50, 9), [], apart.OutputGradient);
            CrossEntropy.Evaluate(joint.Forward(table, Some.Rows(50), PassMode.Train), Some.Targets(50, 9), [], joint.OutputGradient);
            apart.Backward(apart.OutputGradient);
            sgd.Step(apart.Parameters, 0.01, 50);
            fused.Backward(joint.OutputGradient, 0.01);
        }

        var expected = apart.Parameters.Values.ToArray();
        var actual = joint.Parameters.Values.ToArray();
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], actual[i], 1e-4f));
    }

    [Fact]
    public void FusedStep_equals_the_optimiser_and_the_constraint()
    {
        using var fused = Factorised();
        using var plain = Factorised();
        using var sgd = new Sgd(new SgdOptions());
        using var table = Some.Table(5, ScalarType.Float32, 7, 4);
        var (rows, sequences) = Some.Packed(7, 4);
        var targets = Some.Targets(11, 4);
        var step = new FusedStep(fused);

        for (var i = 0; i < 9; i++)
        {
            CrossEntropy.Evaluate(fused.Forward(table, rows, PassMode.Train, sequences), targets, [], fused.OutputGradient);
            step.Backward(fused.OutputGradient, 0.01);
            CrossEntropy.Evaluate(plain.Forward(table, rows, PassMode.Train, sequences), targets, [], plain.OutputGradient);
            plain.Backward(plain.OutputGradient);
            sgd.Step(plain.Parameters, 0.01, 11);
            plain.Constrain();
        }

        var (expected, actual) = (plain.Parameters.Values.ToArray(), fused.Parameters.Values.ToArray());
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);
    }

    [Fact]
    public void Constrain_moves_a_block_in_every_fourth_step()
    {
        using var graph = Factorised();
        var moved = new List<long>();

        for (graph.Step = 1; graph.Step <= 8; graph.Step++)
        {
            var before = graph.Parameters.Values.ToArray();
            graph.Constrain();
            if (!before.SequenceEqual(graph.Parameters.Values.ToArray()))
                moved.Add(graph.Step);
        }

        Assert.Equal(2, moved.Count);
        Assert.Equal(4, moved[1] - moved[0]);
    }

    private static LayerGraph Factorised()
    {
        var graph = new LayerGraph(
            Some.Graph(
                5,
                Some.Tdnn(3, -1, 0) with { HasBias = false, Orthonormal = -1 },
                Some.Tdnn(8, 0, 1) with { Activation = Activation.Relu, LearnRateCoef = 0.5f, MaxNorm = 1 },
                new BatchNormSpec(),
                Some.Affine(4)),
            Device.Cpu);
        graph.Initialise(3);
        return graph;
    }
}
