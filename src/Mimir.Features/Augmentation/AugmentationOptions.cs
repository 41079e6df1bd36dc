using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Features.Augmentation;

/// <summary>Augmentation of waves before feature extraction; none by default.</summary>
public sealed record AugmentationOptions
{
    /// <summary>Speed factors, one of which is drawn for each utterance; empty for none.</summary>
    [Option("speed", Min = 0.2, Max = 5)]
    public IReadOnlyList<double> Speeds { get; init; } = [];

    /// <summary>Gets the range that a factor of the samples is drawn from uniformly, or null for none; Kaldi's is 0.125 to 2.</summary>
    public (double Low, double High)? Volume { get; init; }

    /// <summary>Gets additive noise, or null for none.</summary>
    public NoiseOptions? Noise { get; init; }

    /// <summary>Gets reverberation, or null for none.</summary>
    public ReverberationOptions? Reverberation { get; init; }

    /// <summary>True when anything is done.</summary>
    public bool IsAny => Speeds.Count > 0 || Volume is not null || Noise is not null || Reverberation is not null;

    /// <summary>Checks the ranges; files are not opened.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public void Validate()
    {
        Option.CheckRanges(this);
        if (Volume is var (low, high) && !(low > 0 && low <= high && high <= 1000))
            throw new InputException(FormattableString.Invariant($"volume: expected a range of factors above 0, got {low} to {high}"));
        if (Noise is not null)
            Option.CheckRanges(Noise);
        if (Noise is { BackgroundCounts.Count: 0 })
            throw new InputException("num-bg-noises: expected at least one number, got none");
        if (Reverberation is not null)
            Option.CheckRanges(Reverberation);
    }
}

/// <summary>
/// Additive noise; the defaults are those of Kaldi's reverberate_data_dir.py (for noise lists) and augment_data_dir.py (for data
/// directories).
/// </summary>
public sealed record NoiseOptions
{
    /// <summary>
    /// Gets the sources: data directories of recordings, or noise lists in the format of reverberate_data_dir.py, each optionally
    /// preceded by its share (<c>0.3, noise_list</c>).
    /// </summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Gets the folder that relative audio paths of the sources start from; null for the current directory.</summary>
    public string? Root { get; init; }

    /// <summary>Probability that an utterance gets noise from these sources.</summary>
    [Option("noise-probability", Min = 0, Max = 1)]
    public double Probability { get; init; } = 1;

    /// <summary>Gets the signal-to-noise ratios of noises that last as long as the speech.</summary>
    public SnrChoice BackgroundSnr { get; init; } = SnrChoice.Of(20, 10, 0);

    /// <summary>Gets the signal-to-noise ratios of noises that come and go.</summary>
    public SnrChoice ForegroundSnr { get; init; } = SnrChoice.Of(20, 10, 0);

    /// <summary>True when recordings of data directories follow one another; otherwise each lasts throughout.</summary>
    public bool Foreground { get; init; }

    /// <summary>Numbers of simultaneous recordings of data directories, one of which is drawn.</summary>
    [Option("num-bg-noises", Min = 0, Max = 100)]
    public IReadOnlyList<int> BackgroundCounts { get; init; } = [1];

    /// <summary>Seconds between two foreground recordings of data directories.</summary>
    [Option("fg-interval", Min = 0)]
    public double ForegroundInterval { get; init; }

    /// <summary>Most point-source noises of lists in a minute of speech.</summary>
    [Option("max-noises-per-minute", Min = 1)]
    public int MaxPerMinute { get; init; } = 2;

    /// <summary>Smoothing of the probabilities that a noise list gives: 1 makes them equal.</summary>
    [Option("noise-smoothing-weight", Min = 0, Max = 1)]
    public double Smoothing { get; init; } = 0.3;
}

/// <summary>Reverberation; the defaults are those of Kaldi's reverberate_data_dir.py.</summary>
public sealed record ReverberationOptions
{
    /// <summary>
    /// Gets the sources: lists of impulse responses in the format of reverberate_data_dir.py, each optionally preceded by its
    /// share (<c>0.5, rir_list</c>), or data directories in which every recording is an impulse response.
    /// </summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Gets the folder that relative audio paths of the sources start from; null for the current directory.</summary>
    public string? Root { get; init; }

    /// <summary>Probability that an utterance is reverberated.</summary>
    [Option("speech-rvb-probability", Min = 0, Max = 1)]
    public double Probability { get; init; } = 1;

    /// <summary>Smoothing of the probabilities that a list of impulse responses gives: 1 makes them equal.</summary>
    [Option("rir-smoothing-weight", Min = 0, Max = 1)]
    public double Smoothing { get; init; } = 0.3;
}
