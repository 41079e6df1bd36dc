namespace Mimir.Train.Data;

/// <summary>The training frames of one epoch.</summary>
/// <param name="Features">All frames <c>[N, D]</c>, row-major, in the order of the training set's utterances.</param>
/// <param name="Lengths">The frames of each utterance; 0 where a fast one has none.</param>
/// <param name="Sources">For each frame the frame of the training set whose targets it has; null where they are the same.</param>
/// <param name="MakingTime">How long it took to make them.</param>
public sealed record EpochFrames(float[] Features, int[] Lengths, int[]? Sources, TimeSpan MakingTime);
