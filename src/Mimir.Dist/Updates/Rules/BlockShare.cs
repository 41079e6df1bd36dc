namespace Mimir.Dist.Updates.Rules;

/// <summary>One worker's part in a block.</summary>
/// <param name="Workers">The members of the group.</param>
/// <param name="Active">How many of them have done frames since the last block, at least 1.</param>
/// <param name="Frames">The frames that this worker has done since the last block.</param>
/// <param name="TotalFrames">The frames of all, more than 0.</param>
/// <param name="FramesBefore">The frames of all in all blocks before.</param>
public readonly record struct BlockShare(int Workers, int Active, long Frames, long TotalFrames, long FramesBefore);
