namespace Mimir.Train.Data;

/// <summary>A set of utterances whose frames are numbered one after another, in memory or read when they are needed.</summary>
public interface IFrameSet
{
    /// <summary>Gets the ids of the utterances, in the order of their frames.</summary>
    IReadOnlyList<string> Utterances { get; }

    /// <summary>Gets the frames of each utterance.</summary>
    int[] Lengths { get; }

    /// <summary>Gets the values of a frame.</summary>
    int Dim { get; }

    /// <summary>Gets the number of frames.</summary>
    int Frames { get; }

    /// <summary>Gets the targets; null for a set of features alone.</summary>
    FrameTargets? Targets { get; }

    /// <summary>Gets the utterances that were left out.</summary>
    DropReport Drops { get; }

    /// <summary>The first frame of an utterance.</summary>
    /// <param name="utterance">Its place in <see cref="Utterances"/>.</param>
    int FirstFrame(int utterance);

    /// <summary>The utterance that a frame belongs to.</summary>
    /// <param name="frame">The frame, from 0.</param>
    int UtteranceOf(int frame);

    /// <summary>The features <c>[T, D]</c> of one utterance; any thread may call.</summary>
    /// <param name="utterance">Its place in <see cref="Utterances"/>.</param>
    ReadOnlySpan<float> FeaturesOf(int utterance);
}

/// <summary>A set of utterances in memory: all frames in one array, one after another, with what each is to be taken for.</summary>
public sealed class FrameCorpus : IFrameSet
{
    private readonly int[] _firstFrames;

    /// <summary>Puts the parts together.</summary>
    /// <param name="utterances">The ids, in the order of the frames.</param>
    /// <param name="lengths">The frames of each utterance.</param>
    /// <param name="dim">The values of a frame.</param>
    /// <param name="features">All frames <c>[N, D]</c>, row-major.</param>
    /// <param name="targets">The targets, or null for a set of features alone.</param>
    /// <param name="drops">The utterances that were left out.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public FrameCorpus(
        IReadOnlyList<string> utterances, int[] lengths, int dim, float[] features, FrameTargets? targets, DropReport drops)
    {
        _firstFrames = new int[lengths.Length + 1];
        for (var utterance = 0; utterance < lengths.Length; utterance++)
            _firstFrames[utterance + 1] = checked(_firstFrames[utterance] + lengths[utterance]);

        if (utterances.Count != lengths.Length || features.LongLength != (long)Frames * dim)
            throw new ArgumentException($"{Frames} frames of {dim} values do not fit {features.LongLength} values.", nameof(features));
        if (targets is not null && targets.Frames != Frames)
            throw new ArgumentException($"{Frames} frames do not fit {targets.Frames} targets.", nameof(targets));

        (Utterances, Lengths, Dim, Features, Targets, Drops) = (utterances, lengths, dim, features, targets, drops);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Utterances { get; }

    /// <inheritdoc/>
    public int[] Lengths { get; }

    /// <inheritdoc/>
    public int Dim { get; }

    /// <summary>Gets all frames <c>[N, D]</c>, row-major.</summary>
    public float[] Features { get; }

    /// <inheritdoc/>
    public FrameTargets? Targets { get; }

    /// <inheritdoc/>
    public DropReport Drops { get; }

    /// <inheritdoc/>
    public int Frames => _firstFrames[^1];

    /// <summary>The set for a loss that needs no class of a frame: all frames are of class 0.</summary>
    internal FrameCorpus WithoutTargets() => new(Utterances, Lengths, Dim, Features, FrameTargets.FromClasses(new int[Frames]), Drops);

    /// <inheritdoc/>
    public int FirstFrame(int utterance) => _firstFrames[utterance];

    /// <inheritdoc/>
    public int UtteranceOf(int frame) => UtteranceOrder.Of(_firstFrames, frame);

    /// <inheritdoc/>
    public ReadOnlySpan<float> FeaturesOf(int utterance) =>
        Features.AsSpan(_firstFrames[utterance] * Dim, Lengths[utterance] * Dim);
}
