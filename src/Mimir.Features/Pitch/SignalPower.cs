using System.Numerics.Tensors;

namespace Mimir.Features.Pitch;

/// <summary>The mean square of a wave about its mean, while it grows.</summary>
internal sealed class SignalPower
{
    private const int Block = 1024;

    private double _sum;
    private double _squares;

    /// <summary>Gets the samples taken in so far.</summary>
    public int Samples { get; private set; }

    /// <summary>Gets the variance of the samples.</summary>
    public double MeanSquare
    {
        get
        {
            var mean = _sum / Samples;
            return (_squares / Samples) - (mean * mean);
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => (_sum, _squares, Samples) = (0, 0, 0);

    /// <summary>Takes in a wave up to a sample; what was taken before stays.</summary>
    public void TakeUntil(ReadOnlySpan<float> wave, int end)
    {
        for (; Samples < end; Samples += Math.Min(Block, end - Samples))
        {
            var part = wave[Samples..Math.Min(Samples + Block, end)];
            _sum += TensorPrimitives.Sum(part);
            _squares += TensorPrimitives.SumOfSquares(part);
        }
    }
}
