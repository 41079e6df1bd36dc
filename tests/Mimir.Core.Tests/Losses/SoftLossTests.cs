using Mimir.Base;
using Mimir.Core.Losses;
using Mimir.Core.Native;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Losses;

/// <summary>Losses of soft targets against plain formulas, on the fast route and on the reference.</summary>
public sealed class SoftLossTests
{
    private const int Frames = 70, Classes = 19, Columns = 25, First = 4;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CrossEntropy_of_a_weighted_batch_is_the_plain_formula(bool useReference)
    {
        using var route = useReference ? new ReferenceRoute() : null;
        var (values, targets, weights) = Batch();
        using var logits = Tensor.From(values, Frames, Columns);
        using var gradient = Tensor.Zeros(Device.Cpu, [Frames, Columns]);
        var totals = new ClassTotals(Classes);

        var result = CrossEntropy.Evaluate(logits, First, Classes, targets, weights, gradient, totals);

        var expected = default(SoftLossResult);
        var actual = gradient.ToArray();
        for (var n = 0; n < Frames; n++)
        {
            var x = values.AsSpan((n * Columns) + First, Classes).ToArray();
            var t = Dense(targets, n);
            var w = weights[n] * t.Sum();
            var sum = x.Sum(v => Math.Exp(v));
            for (var c = 0; c < Classes; c++)
            {
                var y = Math.Exp(x[c]) / sum;
                Assert.Equal(w * (y - t[c]), actual[(n * Columns) + First + c], 2e-5);
                expected += new SoftLossResult(-w * t[c] * Math.Log(y + 1e-20), -w * t[c] * Math.Log(t[c] + 1e-20), 0, w * t[c]);
            }

            if (t.Max() > 0 && Array.IndexOf(x, x.Max()) == Array.IndexOf(t, t.Max()))
                expected += new SoftLossResult(0, 0, w, 0);
        }

        Assert.Equal(expected.CrossEntropy, result.CrossEntropy, 1e-3);
        Assert.Equal(expected.TargetEntropy, result.TargetEntropy, 1e-3);
        Assert.Equal(expected.Frames, result.Frames, 1e-3);
        Assert.Equal(expected.Correct, result.Correct, 1e-3);
        Assert.Equal(result.CrossEntropy, totals.CrossEntropy.ToArray().Sum(), 1e-6);
        Assert.Equal(result.TargetEntropy, totals.TargetEntropy.ToArray().Sum(), 1e-6);
        Assert.Equal(result.Correct, totals.Correct.ToArray().Sum(), 1e-6);
        Assert.Equal(result.Frames, totals.Frames.ToArray().Sum(), 1e-6);
        AssertUntouched(actual);
    }

    [Fact]
    public void CrossEntropy_of_single_classes_is_that_of_plain_targets()
    {
        var classes = Some.Targets(Frames, Columns);
        var weights = Some.Floats(Frames, 4).Select(MathF.Abs).ToArray();
        using var logits = Tensor.From(Some.Floats(Frames * Columns, scale: 3), Frames, Columns);
        using var plain = Tensor.Zeros(Device.Cpu, [Frames, Columns]);
        using var soft = Tensor.Zeros(Device.Cpu, [Frames, Columns]);

        var expected = CrossEntropy.Evaluate(logits, classes, weights, plain);
        var actual = CrossEntropy.Evaluate(logits, SoftTargets.FromClasses(classes), weights, soft);

        Assert.Equal(expected.Loss, actual.Loss, 1e-4);
        Assert.Equal(expected.Frames, actual.Frames, 1e-4);
        Assert.Equal(plain.ToArray(), soft.ToArray());
    }

    [Fact]
    public void CrossEntropy_of_targets_that_the_output_meets_is_0()
    {
        using var logits = Tensor.From([MathF.Log(0.25f), MathF.Log(0.75f)], 1, 2);

        var result = CrossEntropy.Evaluate(logits, new SoftTargets([0, 2], [0, 1], [0.25f, 0.75f]), [], null);

        Assert.Equal(0, result.Loss, 1e-6);
        Assert.Equal(1, result.Correct);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MeanSquaredError_of_a_weighted_batch_is_the_plain_formula(bool useReference)
    {
        using var route = useReference ? new ReferenceRoute() : null;
        var (values, targets, weights) = Batch();
        using var output = Tensor.From(values, Frames, Columns);
        using var gradient = Tensor.Zeros(Device.Cpu, [Frames, Columns]);

        var result = MeanSquaredError.Evaluate(output, First, Classes, targets, weights, gradient);

        double loss = 0;
        var actual = gradient.ToArray();
        for (var n = 0; n < Frames; n++)
        {
            var t = Dense(targets, n);
            for (var c = 0; c < Classes; c++)
            {
                var difference = values[(n * Columns) + First + c] - t[c];
                loss += 0.5 * weights[n] * difference * difference;
                Assert.Equal(weights[n] * difference, actual[(n * Columns) + First + c], 1e-5);
            }
        }

        Assert.Equal(loss, result.Loss, 1e-2);
        Assert.Equal(weights.Sum(), result.Frames, 1e-3);
        AssertUntouched(actual);
    }

    [Fact]
    public void Evaluate_of_a_target_outside_the_outputs_names_it()
    {
        using var logits = Tensor.From([1, 2], 1, 2);

        var error = Assert.Throws<KernelException>(() => CrossEntropy.Evaluate(logits, new SoftTargets([0, 1], [2], [1]), [], null));

        Assert.Contains("target 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_of_other_numbers_of_frames_or_negative_targets_is_an_error()
    {
        using var logits = Tensor.From([1, 2], 1, 2);

        Assert.Throws<ArgumentException>(() => CrossEntropy.Evaluate(logits, SoftTargets.FromClasses([1, 1]), [], null));
        Assert.Throws<ArgumentException>(() => CrossEntropy.Evaluate(logits, SoftTargets.FromClasses([1]), [1, 1], null));
        Assert.Throws<InputException>(() => CrossEntropy.Evaluate(logits, new SoftTargets([0, 1], [1], [-1]), [], null));
    }

    // Frames of no, one and several targets, whose sums are not all 1.
    private static (float[] Values, SoftTargets Targets, float[] Weights) Batch()
    {
        var builder = new SoftTargetsBuilder();
        var weights = Some.Floats(3 * Frames, 9).Select(MathF.Abs).ToArray();
        var classes = Some.Targets(3 * Frames, Classes, 5);
        for (var n = 0; n < Frames; n++)
        {
            builder.AddFrame(classes.AsSpan(3 * n, n % 4), weights.AsSpan(3 * n, n % 4));
        }

        return (Some.Floats(Frames * Columns, scale: 5), builder.Build(), [.. Some.Floats(Frames, 4).Select(MathF.Abs)]);
    }

    private static double[] Dense(SoftTargets targets, int frame)
    {
        var dense = new double[Classes];
        for (var entry = targets.Offsets[frame]; entry < targets.Offsets[frame + 1]; entry++)
            dense[targets.Classes[entry]] += targets.Weights[entry];

        return dense;
    }

    private static void AssertUntouched(float[] gradient)
    {
        for (var n = 0; n < Frames; n++)
        {
            for (var c = 0; c < Columns; c++)
            {
                if (c is < First or >= First + Classes)
                    Assert.Equal(0, gradient[(n * Columns) + c]);
            }
        }
    }
}
