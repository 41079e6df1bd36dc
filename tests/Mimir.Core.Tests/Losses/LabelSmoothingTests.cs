using Mimir.Core.Losses;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Losses;

public sealed class LabelSmoothingTests
{
    [Theory]
    [InlineData(ScalarType.Float32, true)]
    [InlineData(ScalarType.Float64, false)]
    public void Loss_and_gradient_are_those_of_soft_targets(ScalarType type, bool weighted)
    {
        const int Frames = 5, Classes = 4;
        const double Share = 0.3;
        var targets = Some.Targets(Frames, Classes);
        float[] weights = weighted ? [1, 0, 2, 0.5f, 1] : [];
        using var logits = Tensor.From(Device.Cpu, Some.Floats(Frames * Classes), [Frames, Classes], type);
        using var gradient = Tensor.Zeros(Device.Cpu, [Frames, Classes], type);
        var plain = CrossEntropy.Evaluate(logits, targets, weights, gradient);

        var loss = LabelSmoothing.Smooth(plain.Loss, logits, targets, weights, Share, gradient);

        // -sum of w t log y and w (y - t), with t = 0.7 one-hot + 0.3 / 4.
        var expected = 0.0;
        var (values, got) = (new double[Frames * Classes], new double[Frames * Classes]);
        logits.CopyTo(values);
        gradient.CopyTo(got);
        for (var n = 0; n < Frames; n++)
        {
            var sum = Enumerable.Range(0, Classes).Sum(c => Math.Exp(values[(n * Classes) + c]));
            var weight = weighted ? weights[n] : 1;
            for (var c = 0; c < Classes; c++)
            {
                var (y, t) = (Math.Exp(values[(n * Classes) + c]) / sum, (c == targets[n] ? 1 - Share : 0) + (Share / Classes));
                expected -= weight * t * Math.Log(y);
                Assert.Equal(weight * (y - t), got[(n * Classes) + c], 1e-5);
            }
        }

        Assert.Equal(expected, loss, 1e-4);
    }
}
