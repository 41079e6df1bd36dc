using Mimir.Kaldi.Alignments;

namespace Mimir.Train.Data;

/// <summary>What an utterance's frames are to be taken for: the classes of an alignment, or a posterior; or why it has neither.</summary>
public sealed record UtteranceTargets
{
    /// <summary>Gets the class of each frame, <c>[T]</c>, or null.</summary>
    public int[]? Classes { get; init; }

    /// <summary>Gets the soft targets of each frame, or null.</summary>
    public Posterior? Posterior { get; init; }

    /// <summary>Gets the weight of each frame, <c>[T]</c>, or null when all are <see cref="Weight"/>.</summary>
    public float[]? FrameWeights { get; init; }

    /// <summary>Gets the weight of the utterance; the default is 1. At 0 it is left out.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>Gets why the utterance takes no part, or null when it does.</summary>
    public Drop? Drop { get; init; }

    /// <summary>Gets the number of frames that have targets.</summary>
    public int Frames => Posterior?.Frames ?? Classes?.Length ?? 0;

    /// <summary>Makes targets of an alignment.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="classes">The class of each frame, or null when it is not aligned.</param>
    public static UtteranceTargets Aligned(string utterance, int[]? classes) => classes is null
        ? new() { Drop = new(utterance, DropReason.NoAlignment, "it is not in the alignments") }
        : new() { Classes = classes };
}
