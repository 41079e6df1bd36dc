using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Features.Extraction;

namespace Mimir.Train.Recipes;

/// <summary>The source of features.</summary>
public enum FeatureType
{
    /// <summary>Log mel filterbank energies, computed from audio.</summary>
    Fbank,

    /// <summary>Mel-frequency cepstral coefficients, computed from audio.</summary>
    Mfcc,

    /// <summary>Cepstra of perceptual linear prediction, computed from audio.</summary>
    Plp,

    /// <summary>Features that exist already, read through <see cref="CorpusSet.Features"/>.</summary>
    Given,
}

/// <summary>The frames that share statistics of mean and variance.</summary>
public enum CmvnScope
{
    /// <summary>Those of a speaker.</summary>
    Speaker,

    /// <summary>Those of an utterance.</summary>
    Utterance,

    /// <summary>Those of the whole training set.</summary>
    Global,

    /// <summary>No normalisation.</summary>
    None,
}

/// <summary>The normalisation of the spliced features before the first layer.</summary>
public enum Normalisation
{
    /// <summary>Each dimension to zero mean and unit variance over the training set.</summary>
    Global,

    /// <summary>None.</summary>
    None,
}

/// <summary>The features of an utterance: the rows that the first layer sees.</summary>
public sealed record FeaturesRecipe
{
    /// <summary>The features that are computed from audio, or <c>given</c> for those that each set's <c>features</c> names.</summary>
    [Option("type")]
    public FeatureType Type { get; init; } = FeatureType.Fbank;

    /// <summary>Pitch features behind the others on each frame, as Kaldi's make_mfcc_pitch.sh; <c>{}</c> for its defaults.</summary>
    [Option("pitch")]
    public PitchRecipe? Pitch { get; init; }

    /// <summary>Mean and variance normalisation over time, as Kaldi's apply-cmvn.</summary>
    [Option("cmvn")]
    public CmvnRecipe Cmvn { get; init; } = new();

    /// <summary>Time derivatives, as Kaldi's add-deltas; without it none.</summary>
    [Option("deltas")]
    public DeltasRecipe? Deltas { get; init; }

    /// <summary>The frames of context that go in with each frame; the ends of an utterance are repeated.</summary>
    [Option("splice")]
    public SpliceRecipe Splice { get; init; } = new();

    /// <summary><c>global</c>: each spliced dimension to zero mean and unit variance over the training set.</summary>
    [Option("normalise")]
    public Normalisation Normalise { get; init; } = Normalisation.Global;

    /// <summary>
    /// An option of Kaldi's compute-fbank-feats, compute-mfcc-feats or compute-plp-feats by its name, such as
    /// <c>num-mel-bins</c>.
    /// </summary>
    [OtherKeys]
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>The options of the extractor with their defaults; null for features that exist already.</summary>
    internal FeatureOptions? ExtractorDefaults() =>
        Type == FeatureType.Given ? null : FeatureOptions.ForKind(Type.ToString().ToLowerInvariant());
}

/// <summary>Pitch features, as Kaldi's <c>make_mfcc_pitch.sh</c> pastes them to others.</summary>
/// <remarks>Rate, frame shift and snip-edges are those of the other features unless the options have them.</remarks>
public sealed record PitchRecipe
{
    /// <summary>
    /// An option of Kaldi's compute-kaldi-pitch-feats or process-kaldi-pitch-feats by its name, such as <c>max-f0</c>.
    /// </summary>
    [OtherKeys]
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}

/// <summary>Cepstral mean and variance normalisation, as Kaldi's <c>apply-cmvn</c>.</summary>
public sealed record CmvnRecipe
{
    /// <summary>The frames that share statistics; <c>none</c> for no normalisation.</summary>
    [Option("per")]
    public CmvnScope Per { get; init; } = CmvnScope.Speaker;

    /// <summary>True: subtract the mean.</summary>
    [Option("norm-means")]
    public bool NormMeans { get; init; } = true;

    /// <summary>True: divide by the standard deviation.</summary>
    [Option("norm-vars")]
    public bool NormVars { get; init; }
}

/// <summary>Time derivatives, as Kaldi's <c>add-deltas</c>.</summary>
public sealed record DeltasRecipe
{
    /// <summary>The highest derivative.</summary>
    [Option("order", Min = 1, Max = 8)]
    public int Order { get; init; } = 2;

    /// <summary>The half width of the regression window, in frames.</summary>
    [Option("window", Min = 1, Max = 100)]
    public int Window { get; init; } = 2;
}

/// <summary>The context of a frame; the first and last frames are repeated at the ends of an utterance.</summary>
public sealed record SpliceRecipe
{
    /// <summary>The number of frames before.</summary>
    [Option("left", Min = 0, Max = 1000)]
    public int Left { get; init; } = 5;

    /// <summary>The number of frames after.</summary>
    [Option("right", Min = 0, Max = 1000)]
    public int Right { get; init; } = 5;
}
