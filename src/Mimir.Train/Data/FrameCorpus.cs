namespace Mimir.Train.Data;

/// <summary>A set of utterances in memory: all frames in one array, one after another, with what each is to be taken for.</summary>
public sealed class FrameCorpus
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

    /// <summary>Gets the ids of the utterances, in the order of their frames.</summary>
    public IReadOnlyList<string> Utterances { get; }

    /// <summary>Gets the frames of each utterance.</summary>
    public int[] Lengths { get; }

    /// <summary>Gets the values of a frame.</summary>
    public int Dim { get; }

    /// <summary>Gets all frames <c>[N, D]</c>, row-major.</summary>
    public float[] Features { get; }

    /// <summary>Gets the targets; null for a set of features alone.</summary>
    public FrameTargets? Targets { get; }

    /// <summary>Gets the utterances that were left out.</summary>
    public DropReport Drops { get; }

    /// <summary>Gets the number of frames.</summary>
    public int Frames => _firstFrames[^1];

    /// <summary>The first frame of an utterance.</summary>
    /// <param name="utterance">Its place in <see cref="Utterances"/>.</param>
    public int FirstFrame(int utterance) => _firstFrames[utterance];

    /// <summary>The utterance that a frame belongs to.</summary>
    /// <param name="frame">The frame, from 0.</param>
    internal int UtteranceOf(int frame)
    {
        // Utterances without frames begin where the next one does, so the last of those that begin here has the frame.
        var (low, high) = (0, Lengths.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_firstFrames[middle] <= frame)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    /// <summary>The features <c>[T, D]</c> of one utterance.</summary>
    /// <param name="utterance">Its place in <see cref="Utterances"/>.</param>
    public ReadOnlySpan<float> FeaturesOf(int utterance) =>
        Features.AsSpan(_firstFrames[utterance] * Dim, Lengths[utterance] * Dim);
}
