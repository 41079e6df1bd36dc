using Mimir.Core.Losses;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Losses;

public sealed class CrossEntropyTests
{
    [Fact]
    public void Evaluate_of_a_weighted_batch_is_the_plain_formula()
    {
        const int Frames = 70, Classes = 19;
        var logits = Some.Floats(Frames * Classes, scale: 5);
        var targets = Some.Targets(Frames, Classes);
        var weights = Some.Floats(Frames, 4).Select(MathF.Abs).ToArray();
        using var input = Tensor.From(logits, Frames, Classes);
        using var gradient = Tensor.Zeros(Device.Cpu, [Frames, Classes]);

        var result = CrossEntropy.Evaluate(input, targets, weights, gradient);

        double loss = 0, frames = 0;
        var correct = 0;
        var actual = gradient.ToArray();
        for (var n = 0; n < Frames; n++)
        {
            var row = logits.AsSpan(n * Classes, Classes).ToArray();
            var sum = row.Sum(x => Math.Exp(x));
            loss -= weights[n] * Math.Log(Math.Exp(row[targets[n]]) / sum);
            frames += weights[n];
            correct += Array.IndexOf(row, row.Max()) == targets[n] ? 1 : 0;
            for (var c = 0; c < Classes; c++)
                Assert.Equal(weights[n] * ((Math.Exp(row[c]) / sum) - (c == targets[n] ? 1 : 0)), actual[(n * Classes) + c], 1e-5);
        }

        Assert.Equal(loss, result.Loss, 1e-3);
        Assert.Equal(frames, result.Frames, 1e-4);
        Assert.Equal(correct, result.Correct);
    }

    [Fact]
    public void Evaluate_of_equal_outputs_recognises_the_lowest_class()
    {
        using var logits = Tensor.From([1, 2, 2, 1, 2, 2], 2, 3);

        var result = CrossEntropy.Evaluate(logits, [1, 2], [], null);

        Assert.Equal(1, result.Correct);
    }

    [Fact]
    public void Evaluate_of_huge_outputs_stays_finite()
    {
        using var logits = Tensor.From([1e30f, -1e30f, 0], 1, 3);

        var result = CrossEntropy.Evaluate(logits, [0], [], null);

        Assert.Equal(0, result.Loss, 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Evaluate_of_an_output_that_is_not_finite_is_not_finite(float output)
    {
        using var logits = Tensor.From([0, output, 0], 1, 3);
        using var gradient = Tensor.Zeros(Device.Cpu, [1, 3]);

        Assert.False(CrossEntropy.Evaluate(logits, [0], [], gradient).IsFinite);
        Assert.False(CrossEntropy.Evaluate(logits, [0], [], null).IsFinite);
    }

    [Fact]
    public void Evaluate_of_a_class_beyond_the_model_names_it()
    {
        using var logits = Tensor.From([0, 0, 0], 1, 3);

        var error = Assert.Throws<KernelException>(() => CrossEntropy.Evaluate(logits, [3], [], null));

        Assert.Contains("target 3 of frame 0 is not one of 3 classes", error.Message, StringComparison.Ordinal);
    }
}
