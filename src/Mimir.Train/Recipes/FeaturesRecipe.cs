namespace Mimir.Train.Recipes;

/// <summary>Where features come from.</summary>
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

/// <summary>How the features are normalised over time.</summary>
public enum CmvnScope
{
    /// <summary>One mean and variance for each speaker.</summary>
    Speaker,

    /// <summary>One mean and variance for each utterance.</summary>
    Utterance,

    /// <summary>One mean and variance for the whole training set.</summary>
    Global,

    /// <summary>No normalisation.</summary>
    None,
}

/// <summary>How the spliced features are shifted and scaled before the first layer.</summary>
public enum Normalisation
{
    /// <summary>To zero mean and unit variance over the training set, each dimension alone.</summary>
    Global,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>How an utterance becomes the rows that the first layer sees.</summary>
public sealed record FeaturesRecipe
{
    /// <summary>What is computed, or <see cref="FeatureType.Given"/>. The default is fbank.</summary>
    public FeatureType Type { get; init; } = FeatureType.Fbank;

    /// <summary>The extractor's options by Kaldi's names (<c>num-mel-bins</c>, <c>dither</c>), each as text.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    /// <summary>Pitch features behind the others on each frame, or null for none.</summary>
    public PitchRecipe? Pitch { get; init; }

    /// <summary>Mean and variance normalisation over time.</summary>
    public CmvnRecipe Cmvn { get; init; } = new();

    /// <summary>Time derivatives, or null for none.</summary>
    public DeltasRecipe? Deltas { get; init; }

    /// <summary>The frames of context that go in with each frame.</summary>
    public SpliceRecipe Splice { get; init; } = new();

    /// <summary>What is done to the spliced features. The default is global.</summary>
    public Normalisation Normalise { get; init; } = Normalisation.Global;
}

/// <summary>Pitch features, as Kaldi's <c>make_mfcc_pitch.sh</c> pastes them to others.</summary>
public sealed record PitchRecipe
{
    /// <summary>
    /// The options of <c>compute-kaldi-pitch-feats</c> and <c>process-kaldi-pitch-feats</c> by their names, each as text.
    /// Rate, frame shift and snip-edges are those of the other features unless they are here.
    /// </summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}

/// <summary>Cepstral mean and variance normalisation, as Kaldi's <c>apply-cmvn</c> does it.</summary>
public sealed record CmvnRecipe
{
    /// <summary>Over what the statistics are taken. The default is a speaker.</summary>
    public CmvnScope Per { get; init; } = CmvnScope.Speaker;

    /// <summary>Whether the mean is subtracted. The default is true.</summary>
    public bool NormMeans { get; init; } = true;

    /// <summary>Whether the variance is divided out. The default is false.</summary>
    public bool NormVars { get; init; }
}

/// <summary>Time derivatives, as Kaldi's <c>add-deltas</c> does them.</summary>
public sealed record DeltasRecipe
{
    /// <summary>The highest derivative. The default is 2.</summary>
    public int Order { get; init; } = 2;

    /// <summary>The half width of the regression window, in frames. The default is 2.</summary>
    public int Window { get; init; } = 2;
}

/// <summary>The context of a frame; the first and last frames are repeated at the ends of an utterance.</summary>
public sealed record SpliceRecipe
{
    /// <summary>Frames before. The default is 5.</summary>
    public int Left { get; init; } = 5;

    /// <summary>Frames after. The default is 5.</summary>
    public int Right { get; init; } = 5;
}
