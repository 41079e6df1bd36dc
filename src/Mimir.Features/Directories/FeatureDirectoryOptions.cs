using System.Text;
using Mimir.Features.Augmentation;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Directories;

/// <summary>Options of <see cref="FeatureDirectory"/>.</summary>
public sealed record FeatureDirectoryOptions
{
    /// <summary>Gets the data directory to read.</summary>
    public required string Input { get; init; }

    /// <summary>Gets the folder to write; it may be <see cref="Input"/> where ids do not change.</summary>
    public required string Output { get; init; }

    /// <summary>Gets the folder that relative audio paths start from; null for the current directory.</summary>
    public string? Root { get; init; }

    /// <summary>Gets the encoding of the lists and transcripts that are read; null for UTF-8, which is always written.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>Gets the features and their options.</summary>
    public FeatureOptions Features { get; init; } = new FbankOptions();

    /// <summary>True to compute normalisation statistics of each speaker.</summary>
    public bool Cmvn { get; init; }

    /// <summary>Gets the lossy compression of features; null for none.</summary>
    public CompressionMethod? Compression { get; init; }

    /// <summary>
    /// Gets the speed factors, each of which makes a copy of every utterance. At 0.9 the ids of utterances and speakers have
    /// the prefix <c>sp0.9-</c>, at 1 none.
    /// </summary>
    public IReadOnlyList<double> Speeds { get; init; } = [1];

    /// <summary>Gets the augmentation of waves; its <see cref="AugmentationOptions.Speeds"/> are ignored.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Gets the prefix of all utterance and speaker ids.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Gets the seed of augmentation and dither.</summary>
    public ulong Seed { get; init; } = 777;

    /// <summary>Gets the number of threads; 0 for one a core.</summary>
    public int Workers { get; init; }

    /// <summary>Gets the largest share of utterances, from 0 to 1, that may fail.</summary>
    public double MaxDropped { get; init; } = 0.1;

    /// <summary>Gets the access of extended file names; null allows files only.</summary>
    public KaldiIoOptions? Io { get; init; }

    /// <summary>True when ids differ from those of the data directory.</summary>
    internal bool Renames => Prefix.Length > 0 || Speeds is not [1];
}
