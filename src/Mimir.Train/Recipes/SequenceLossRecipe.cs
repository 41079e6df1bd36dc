using Mimir.Base.Options;
using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>The origin of the lattices of competitors.</summary>
public enum LatticeOrigin
{
    /// <summary>The start network decodes each set once; the lattices are kept in the run's folder.</summary>
    Once,

    /// <summary>The network that is trained decodes each batch anew.</summary>
    OnTheFly,
}

/// <summary>A loss of whole utterances over lattices of competitors, as nnet1's sequence training; see docs/sequence-training.md.</summary>
public abstract record SequenceLossRecipe : LossRecipe
{
    /// <summary>The factor on log likelihoods. As in Kaldi, gradients lack it.</summary>
    [Option("acoustic-scale", Min = 0, MinExcluded = true)]
    public double AcousticScale { get; init; } = 0.1;

    /// <summary>The factor on the costs of the graph: language model, lexicon, transitions.</summary>
    [Option("lm-scale", Min = 0)]
    public double LmScale { get; init; } = 1;

    /// <summary>
    /// The share of cross-entropy in loss and gradient (F-smoothing): 0 trains by lattices alone, 1 by cross-entropy alone.
    /// </summary>
    [Option("frame-smoothing", Min = 0, Max = 1)]
    public double FrameSmoothing { get; init; }

    /// <summary>
    /// The numbers of the silence phones; without it those of <c>phones/silence.csl</c> in <c>lang</c> or beside the graph.
    /// </summary>
    [Option("silence-phones", Expected = "a list of phone numbers such as [1, 2]")]
    public IReadOnlyList<int>? SilencePhones { get; init; }

    /// <summary>
    /// The origin of the lattices: <c>once</c> by the start network, kept in the run's folder; or <c>on-the-fly</c> by the network
    /// that is trained, for each batch.
    /// </summary>
    [Option("lattices")]
    public LatticeOrigin Lattices { get; init; }

    /// <summary>
    /// The folder of a language as prepare_lang.sh leaves it. A unigram of the training transcripts becomes the graph, with the tree
    /// beside the alignments, as in make_denlats.sh.
    /// </summary>
    [Option("lang"), ValueKind<PathKind>]
    public string? Language { get; init; }

    /// <summary>The folder of a graph to decode with, in place of <c>lang</c>; without both that of <c>decode</c>.</summary>
    [Option("graph"), ValueKind<PathKind>]
    public string? Graph { get; init; }

    /// <summary>The decoding beam, in log likelihood after scaling.</summary>
    [Option("beam", Min = 0, MinExcluded = true)]
    public double Beam { get; init; } = 13;

    /// <summary>The beam of the lattices, in log likelihood after scaling.</summary>
    [Option("lattice-beam", Min = 0, MinExcluded = true)]
    public double LatticeBeam { get; init; } = 7;

    /// <summary>The largest number of active tokens in a frame.</summary>
    [Option("max-active", Min = 2)]
    public int MaxActive { get; init; } = 5000;
}

/// <summary>
/// Maximum mutual information: the log likelihood of the reference against that of all paths of the lattice; with <c>boost</c>
/// boosted MMI.
/// </summary>
public sealed record MmiRecipe : SequenceLossRecipe
{
    /// <summary>The discount of each frame of a wrong phone (boosted MMI, usually 0.1); 0 for plain MMI.</summary>
    [Option("boost", Min = 0)]
    public double Boost { get; init; }

    /// <summary>Leave frames without gradient whose reference is not in the lattice.</summary>
    [Option("drop-frames")]
    public bool DropFrames { get; init; } = true;
}

/// <summary>A loss by the expected number of right frames.</summary>
public abstract record FrameAccuracyRecipe : SequenceLossRecipe
{
    /// <summary>
    /// True: a frame of silence is right where the reference is of any silence. False: a frame of silence is never right.
    /// </summary>
    [Option("one-silence-class")]
    public bool OneSilenceClass { get; init; } = true;
}

/// <summary>Minimum phone error, over frames: the share of frames in the right phone, in the mean over the paths of the lattice.</summary>
public sealed record MpeRecipe : FrameAccuracyRecipe;

/// <summary>State-level minimum Bayes risk: the share of frames in the right state, in the mean over the paths of the lattice.</summary>
public sealed record SmbrRecipe : FrameAccuracyRecipe;
