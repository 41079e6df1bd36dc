using Mimir.Core.Losses;

namespace Mimir.KaldiTools.Nnetbin.Sequences;

/// <summary>What one update is made of: sequences side by side, packed step by step with the longest first.</summary>
/// <param name="Features">The network's input, <c>[N, dim]</c>: for each step the frame of every sequence that has one.</param>
/// <param name="Dim">The values of a frame.</param>
/// <param name="Lengths">The frames of each sequence, never rising.</param>
/// <param name="Targets">The targets of the rows.</param>
/// <param name="Weights">The weights of the rows.</param>
internal sealed record SequenceBatch(float[] Features, int Dim, int[] Lengths, SoftTargets Targets, float[] Weights)
{
    /// <summary>Gets the stream that each sequence goes on with; empty where none outlives the batch.</summary>
    public int[] Streams { get; init; } = [];

    /// <summary>Gets for each stream that goes on whether an utterance begins.</summary>
    public bool[] Begins { get; init; } = [];

    /// <summary>Gets the number of utterances that begin.</summary>
    public int Started { get; init; }

    /// <summary>Gets the frames that Kaldi's batch has with its padding, by which it counts penalties.</summary>
    public int PaddedFrames { get; init; }

    /// <summary>Gets whether no batch follows.</summary>
    public bool IsLast { get; init; }

    /// <summary>Gets the number of frames.</summary>
    public int Frames => Weights.Length;
}
