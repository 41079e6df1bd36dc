using System.Numerics.Tensors;

namespace Mimir.Corpus.Sound;

/// <summary>The arithmetic of loudness.</summary>
internal static class Level
{
    /// <summary>The root of the mean square of a signal; 0 for an empty one.</summary>
    public static double RootMeanSquare(ReadOnlySpan<float> samples) =>
        samples.IsEmpty ? 0 : Math.Sqrt(TensorPrimitives.SumOfSquares(samples) / samples.Length);

    /// <summary>The factor of an amplitude for a difference in decibels.</summary>
    public static double Gain(double decibels) => Math.Pow(10, decibels / 20);
}
