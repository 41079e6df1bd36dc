using Mimir.Core.Losses;

namespace Mimir.KaldiTools.Nnetbin.Frames;

/// <summary>A full buffer: frames to gather from, and which of them make batches, in order.</summary>
/// <param name="Features">All frames, utterance after utterance.</param>
/// <param name="Dim">The values of a frame.</param>
/// <param name="Lengths">The frames of each utterance, or piece of one.</param>
/// <param name="Rows">The frames to train on, in order; a whole number of batches.</param>
/// <param name="Targets">The targets of <paramref name="Rows"/>.</param>
/// <param name="Weights">The weights of <paramref name="Rows"/>.</param>
internal sealed record FrameBlock(float[] Features, int Dim, int[] Lengths, int[] Rows, SoftTargets Targets, float[] Weights)
{
    /// <summary>Gets whether no block follows.</summary>
    public bool IsLast { get; init; }
}
