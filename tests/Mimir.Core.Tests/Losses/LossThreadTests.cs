using Mimir.Core.Losses;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using Mimir.Core.Tests.Native;

namespace Mimir.Core.Tests.Losses;

/// <summary>Sums over frames, and over all values, are the same to the bit whatever the number of threads.</summary>
[Collection("threads")]
public sealed class LossThreadTests : IDisposable
{
    private const int Frames = 613, Classes = 301;

    private readonly Tensor _logits = Tensor.From(Some.Floats(Frames * Classes, scale: 3), Frames, Classes);
    private readonly Tensor _gradient = Tensor.Zeros(Device.Cpu, [Frames, Classes]);

    public void Dispose()
    {
        Threads.Count = 1;
        _logits.Dispose();
        _gradient.Dispose();
    }

    [KernelFact]
    public void Losses_gradients_and_norms_have_the_same_bits_with_1_to_4_threads()
    {
        var expected = Evaluate(threads: 1);

        for (var threads = 2; threads <= 4; threads++)
            Assert.Equal(expected, Evaluate(threads));
    }

    private double[] Evaluate(int threads)
    {
        Threads.Count = threads;
        var classes = Some.Targets(Frames, Classes);
        var weights = Some.Floats(Frames, seed: 5).Select(Math.Abs).ToArray();
        var soft = SoftTargets.FromClasses(classes);
        var values = new List<double> { _logits.Norm() };

        values.Add(CrossEntropy.Evaluate(_logits, classes, weights, _gradient).Loss);
        values.AddRange(_gradient.ToArray().Select(v => (double)v));
        values.Add(CrossEntropy.Evaluate(_logits, soft, weights, _gradient).CrossEntropy);
        values.AddRange(_gradient.ToArray().Select(v => (double)v));
        values.Add(MeanSquaredError.Evaluate(_logits, 0, Classes, soft, weights, _gradient).Loss);
        return [.. values, .. _gradient.ToArray().Select(v => (double)v)];
    }
}
