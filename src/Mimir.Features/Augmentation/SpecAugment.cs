using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Augmentation;

/// <summary>The value that masked features get.</summary>
public enum MaskValue
{
    /// <summary>The mean of the utterance in each dimension.</summary>
    Mean,

    /// <summary>Zero, which is the mean of normalised features.</summary>
    Zero,
}

/// <summary>Options of <see cref="SpecAugment"/>; the defaults are policy SM of Park et al. (2019) without its time warp.</summary>
public sealed record SpecAugmentOptions
{
    /// <summary>Number of masks over time.</summary>
    [Option("time-masks", Min = 0, Max = 100)]
    public int TimeMasks { get; init; } = 2;

    /// <summary>Greatest width of a mask over time, in frames.</summary>
    [Option("time-width", Min = 0, Max = 100_000)]
    public int TimeWidth { get; init; } = 70;

    /// <summary>Greatest share of an utterance that one mask over time covers.</summary>
    [Option("time-share", Min = 0, Max = 1)]
    public double TimeShare { get; init; } = 0.2;

    /// <summary>Number of masks over frequency.</summary>
    [Option("frequency-masks", Min = 0, Max = 100)]
    public int FrequencyMasks { get; init; } = 2;

    /// <summary>Greatest width of a mask over frequency, in dimensions before deltas.</summary>
    [Option("frequency-width", Min = 0, Max = 100_000)]
    public int FrequencyWidth { get; init; } = 15;

    /// <summary>Value of masked features: the mean of the utterance, or zero.</summary>
    [Option("value")]
    public MaskValue Value { get; init; } = MaskValue.Mean;
}

/// <summary>Masks bands of time and of frequency in features. Thread-safe.</summary>
/// <remarks>
/// A mask over frequency covers f dimensions from f0 on, f uniform in 0 … F and f0 in 0 … D - f; one over time t frames from t0
/// on, t uniform in 0 … min(T, p N) of N frames. D. S. Park et al.: SpecAugment, Interspeech 2019.
/// </remarks>
public sealed class SpecAugment
{
    private readonly SpecAugmentOptions _options;
    private readonly ulong _seed;

    /// <summary>Creates the masker.</summary>
    /// <param name="options">Number and width of the masks.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <exception cref="InputException">An option is out of range.</exception>
    public SpecAugment(SpecAugmentOptions options, ulong seed)
    {
        Option.CheckRanges(options);
        (_options, _seed) = (options, seed);
    }

    /// <summary>Masks the features of an utterance in place.</summary>
    /// <param name="utterance">Its id; with the epoch, it determines the masks.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="features"><c>[N, D]</c>, without time derivatives.</param>
    public void Apply(string utterance, int epoch, FloatMatrix features)
    {
        var draws = UtteranceDraws.For(DrawPurpose.Masks, _seed, epoch, utterance);
        var value = _options.Value == MaskValue.Mean ? Means(features) : new float[features.Columns];
        for (var mask = 0; mask < _options.FrequencyMasks; mask++)
        {
            var (first, width) = Draw(draws, _options.FrequencyWidth, features.Columns);
            for (var t = 0; t < features.Rows; t++)
                value.AsSpan(first, width).CopyTo(features.Row(t)[first..]);
        }

        var widest = (int)Math.Min(_options.TimeWidth, _options.TimeShare * features.Rows);
        for (var mask = 0; mask < _options.TimeMasks; mask++)
        {
            var (first, width) = Draw(draws, widest, features.Rows);
            for (var t = first; t < first + width; t++)
                value.CopyTo(features.Row(t));
        }
    }

    private static (int First, int Width) Draw(SeededRandom draws, int widest, int size)
    {
        var width = draws.Below(Math.Min(widest, size) + 1);
        return (draws.Below(size - width + 1), width);
    }

    private static float[] Means(FloatMatrix features)
    {
        var sums = new double[features.Columns];
        for (var t = 0; t < features.Rows; t++)
        {
            var row = features.Row(t);
            for (var d = 0; d < row.Length; d++)
                sums[d] += row[d];
        }

        return Array.ConvertAll(sums, sum => (float)(sum / Math.Max(1, features.Rows)));
    }
}
