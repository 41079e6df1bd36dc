using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Graph;

public sealed class TdnnTests
{
    [Fact]
    public void Forward_takes_frames_of_the_same_sequence_and_repeats_its_ends()
    {
        int[] lengths = [3, 2];
        using var graph = Single(new TdnnSpec { OutputDim = 3, Offsets = [-1, 0, 2] });
        using var table = new FrameTable(Device.Cpu, [1, 2, 3, 10, 20], 1, lengths);
        var (rows, sequences) = Some.Packed(lengths);
        graph.Parameters.CopyFrom([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);

        var output = graph.Forward(table, rows, PassMode.Evaluate, sequences).ToArray();

        Assert.Equal([1, 1, 3, 10, 10, 20, 1, 2, 3, 10, 20, 20, 2, 3, 3], output);
    }

    [Fact]
    public void Forward_with_a_stride_holds_the_value_of_every_so_manieth_frame()
    {
        int[] lengths = [5, 2];
        using var graph = Single(new TdnnSpec { OutputDim = 1, Offsets = [1], Stride = 2, HasBias = false });
        using var table = new FrameTable(Device.Cpu, [1, 2, 3, 4, 5, 10, 20], 1, lengths);
        var (rows, sequences) = Some.Packed(lengths);
        graph.Parameters.CopyFrom([1]);

        var output = graph.Forward(table, rows, PassMode.Evaluate, sequences).ToArray();

        Assert.Equal([2, 20, 2, 20, 4, 4, 5], output);
    }

    [Theory]
    [InlineData(0, 1, "at least 1 output and a stride from 1")]
    [InlineData(3, 0, "at least 1 output and a stride from 1")]
    public void Build_refuses_what_cannot_be(int outputs, int stride, string expected)
    {
        var error = Assert.Throws<InputException>(() => Single(new TdnnSpec { OutputDim = outputs, Offsets = [0], Stride = stride }));

        Assert.Contains($"Node 'node0': a time-delay layer needs {expected}", error.Message);
    }

    [Fact]
    public void Build_refuses_an_offset_that_comes_twice()
    {
        var error = Assert.Throws<InputException>(() => Single(new TdnnSpec { OutputDim = 1, Offsets = [1, 1] }));

        Assert.Contains("needs offsets, each once, got [1, 1]", error.Message);
    }

    [Theory]
    [InlineData(6, 14, -1)]
    [InlineData(14, 6, -1)]
    [InlineData(6, 14, 2)]
    public void SemiOrthogonal_steps_make_rows_of_one_length_at_right_angles(int rows, int columns, float scale)
    {
        var values = Some.Floats(rows * columns, 4, 0.5);
        using var weight = Tensor.From(values, rows, columns);
        var size = Math.Min(rows, columns);

        for (var i = 0; i < 60; i++)
            SemiOrthogonal.Step(weight, scale);

        using var product = Tensor.Zeros(Device.Cpu, [size, size]);
        product.AddProduct(weight, rows > columns, weight, rows <= columns, beta: 0);
        var square = product.ToArray();
        for (var i = 0; i < square.Length; i++)
            Assert.Equal(i % (size + 1) == 0 ? (scale > 0 ? scale * scale : square[0]) : 0, square[i], 1e-3 * square[0]);
    }

    [Fact]
    public void SemiOrthogonal_step_equals_the_formula()
    {
        using var weight = Tensor.From([2, 0, 1, 0, 1, 1], 2, 3);

        SemiOrthogonal.Step(weight, -1);

        // P = [[5, 1], [1, 2]]: tr P = 7, tr P^2 = 31, ratio 62 / 49 > 1.1, so nu = 1 / 32 and alpha^2 = 31 / 7.
        var rate = 4.0 / 32 * 7 / 31;
        var q = new[] { 5 - (31.0 / 7), 1, 1, 2 - (31.0 / 7) };
        double[] w = [2, 0, 1, 0, 1, 1];
        var actual = weight.ToArray();
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++)
                Assert.Equal(w[(3 * i) + j] - (rate * ((q[2 * i] * w[j]) + (q[(2 * i) + 1] * w[3 + j]))), actual[(3 * i) + j], 1e-6);
        }
    }

    [Fact]
    public void SemiOrthogonal_leaves_a_matrix_of_zeros()
    {
        using var weight = Tensor.Zeros(Device.Cpu, [2, 3]);

        SemiOrthogonal.Step(weight, -1);

        Assert.Equal(new float[6], weight.ToArray());
    }

    [Fact]
    public void FusedStep_equals_the_optimiser_and_the_constraint()
    {
        using var fused = Factorised();
        using var plain = Factorised();
        using var sgd = new Sgd(new SgdOptions());
        using var table = Some.Table(5, ElementType.Real32, 7, 4);
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

    private static LayerGraph Single(TdnnSpec spec) => new(Some.Graph(1, spec), Device.Cpu);

    private static LayerGraph Factorised()
    {
        var graph = new LayerGraph(
            Some.Graph(5, Some.Tdnn(3, -1, 0) with { HasBias = false, Orthonormal = -1 }, Some.Tdnn(8, 0, 1) with { Activation = Activation.Relu, LearnRateCoef = 0.5f, MaxNorm = 1 }, new BatchNormSpec(), Some.Affine(4)),
            Device.Cpu);
        graph.Initialise(3);
        return graph;
    }
}
