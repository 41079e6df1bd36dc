namespace Mimir.Features.Augmentation;

/// <summary>
/// Which noises are added; defaults are those of Kaldi's reverberate_data_dir.py (for lists) and augment_data_dir.py (for
/// data directories).
/// </summary>
public sealed record NoiseOptions
{
    /// <summary>
    /// Gets the sources: data directories of recordings, or lists of noises as reverberate_data_dir.py reads them, each
    /// perhaps with its share in front (<c>0.3, noise_list</c>).
    /// </summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Gets where relative audio paths of the sources start; null, the default, for the current directory.</summary>
    public string? Root { get; init; }

    /// <summary>Gets how often an utterance gets noise from these sources, from 0 to 1. The default is 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Gets the ratios of noises that last as long as the speech. The default is 20, 10 and 0 dB.</summary>
    public SnrChoice BackgroundSnr { get; init; } = SnrChoice.Of(20, 10, 0);

    /// <summary>Gets the ratios of noises that come and go. The default is 20, 10 and 0 dB.</summary>
    public SnrChoice ForegroundSnr { get; init; } = SnrChoice.Of(20, 10, 0);

    /// <summary>Gets whether the recordings of data directories come one after another; by default each lasts throughout.</summary>
    public bool Foreground { get; init; }

    /// <summary>Gets the numbers of recordings of data directories at a time, one of which is drawn. The default is 1.</summary>
    public IReadOnlyList<int> BackgroundCounts { get; init; } = [1];

    /// <summary>Gets the seconds between two foreground recordings of data directories. The default is 0.</summary>
    public double ForegroundInterval { get; init; }

    /// <summary>Gets how many point-source noises of lists a minute of speech may have, one at least. The default is 2.</summary>
    public int MaxPerMinute { get; init; } = 2;

    /// <summary>Gets how much the shares that a list gives are evened out, from 0 to 1. The default is 0.3.</summary>
    public double Smoothing { get; init; } = 0.3;
}
