using Mimir.Base;
using Mimir.Core.Losses;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Tests.Losses;

public class DistillationTests
{
    private const int Frames = 3;
    private const int Classes = 4;
    private static readonly float[] Weights = [1, 0, 0.5f];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 0.25)]
    public void Gradient_is_that_of_finite_differences(double temperature, double share)
    {
        const double Step = 1e-6;
        var (logits, teacher) = (Values(1), Values(2));
        using var gradient = torch.ones([Frames, Classes], ScalarType.Float64);
        Evaluate(logits, teacher, temperature, gradient, share);
        var got = new double[gradient.Count];
        gradient.CopyTo(got);

        for (var i = 0; i < logits.Length; i++)
        {
            double At(double change)
            {
                double[] moved = [.. logits];
                moved[i] += change;
                return Evaluate(moved, teacher, temperature, null, 1);
            }

            Assert.Equal((1 - share) + (share * (At(Step) - At(-Step)) / (2 * Step)), got[i], 1e-6);
        }
    }

    [Fact]
    public void Loss_is_zero_for_the_teacher_itself_and_else_the_weighted_divergence()
    {
        var (logits, teacher) = (Values(1), Values(2));
        var expected = 4 * Enumerable.Range(0, Frames).Sum(n => Weights[n] * Divergence(
            Softmax(teacher[(n * Classes)..((n + 1) * Classes)], 2), Softmax(logits[(n * Classes)..((n + 1) * Classes)], 2)));

        Assert.Equal(0, Evaluate(teacher, teacher, 2, null, 1), 1e-12);
        Assert.Equal(expected, Evaluate(logits, teacher, 2, null, 1), 1e-9);
    }

    [Fact]
    public void Teacher_of_another_size_is_refused()
    {
        using var logits = torch.zeros(2, 3);
        using var teacher = torch.zeros(2, 4);

        Assert.Throws<ArgumentException>(() => Distillation.Evaluate(logits, teacher, 1, [], null));
    }

    private static double Evaluate(double[] logits, double[] teacher, double temperature, Tensor? gradient, double share)
    {
        using var own = torch.tensor(logits).reshape(Frames, Classes);
        using var wanted = torch.tensor(teacher).reshape(Frames, Classes);
        return Distillation.Evaluate(own, wanted, temperature, Weights, gradient, share);
    }

    private static double[] Values(ulong seed)
    {
        var random = SeededRandom.Of(seed, 0);
        return [.. Enumerable.Range(0, Frames * Classes).Select(_ => (4 * random.NextUniform()) - 2)];
    }

    private static double[] Softmax(double[] row, double temperature)
    {
        var powers = Array.ConvertAll(row, value => Math.Exp(value / temperature));
        return Array.ConvertAll(powers, power => power / powers.Sum());
    }

    private static double Divergence(double[] p, double[] q) => p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();
}
