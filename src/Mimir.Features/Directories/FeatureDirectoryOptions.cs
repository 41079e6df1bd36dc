using Mimir.Features.Augmentation;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Directories;

/// <summary>How the features of a data directory are made.</summary>
public sealed record FeatureDirectoryOptions
{
    /// <summary>Gets the data directory to read.</summary>
    public required string Input { get; init; }

    /// <summary>Gets the folder to write; it may be <see cref="Input"/> where no copies are made.</summary>
    public required string Output { get; init; }

    /// <summary>Gets where relative audio paths start; null, the default, for the current directory.</summary>
    public string? Root { get; init; }

    /// <summary>Gets the kind of features and their options. The default is fbank.</summary>
    public FeatureOptions Features { get; init; } = new FbankOptions();

    /// <summary>Gets whether normalisation statistics are made, one for each speaker. The default is false.</summary>
    public bool Cmvn { get; init; }

    /// <summary>Gets how features are compressed, with loss; null, the default, keeps them as they are.</summary>
    public CompressionMethod? Compression { get; init; }

    /// <summary>
    /// Gets the speeds, each of which is a copy of every utterance: <c>sp0.9-</c> stands before the ids of utterances and
    /// speakers at 0.9, nothing before those at 1. The default is 1 alone.
    /// </summary>
    public IReadOnlyList<double> Speeds { get; init; } = [1];

    /// <summary>Gets what else is done to the waves; <see cref="AugmentationOptions.Speeds"/> is not looked at.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Gets what stands before every id of an utterance or a speaker. The default is nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Gets the seed of augmentation and dither. The default is 777.</summary>
    public ulong Seed { get; init; } = 777;

    /// <summary>Gets the threads; 0, the default, is one for each core.</summary>
    public int Workers { get; init; }

    /// <summary>Gets the largest share of utterances, from 0 to 1, that may fail. The default is 0.1.</summary>
    public double MaxDropped { get; init; } = 0.1;

    /// <summary>Gets what extended file names may reach; null means files only.</summary>
    public KaldiIoOptions? Io { get; init; }

    /// <summary>Gets whether ids differ from those of the data directory.</summary>
    internal bool Renames => Prefix.Length > 0 || Speeds is not [1];
}
