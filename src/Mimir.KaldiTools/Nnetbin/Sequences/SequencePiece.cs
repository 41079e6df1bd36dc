using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;

namespace Mimir.KaldiTools.Nnetbin.Sequences;

/// <summary>Frames of an utterance that follow each other, as a network takes them.</summary>
/// <param name="Features">The utterance's input of the network, <c>[T, D]</c>.</param>
/// <param name="Targets">The targets of its frames.</param>
/// <param name="Weights">The weights of its frames.</param>
/// <param name="First">The first frame of the piece.</param>
/// <param name="Count">The number of its frames, at least 1.</param>
internal readonly record struct SequencePiece(FloatMatrix Features, Posterior Targets, float[] Weights, int First, int Count)
{
    /// <summary>Gets the stream that the piece goes on with.</summary>
    public int Stream { get; init; }

    /// <summary>Gets whether the utterance begins here.</summary>
    public bool Begins { get; init; }
}
