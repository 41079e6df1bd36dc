namespace Mimir.KaldiTools.Nnetbin.Frames;

/// <summary>How frames become batches.</summary>
internal sealed record RandomizerOptions
{
    /// <summary>Gets the frames that a buffer exceeds before it is shuffled.</summary>
    public int Size { get; init; } = 32768;

    /// <summary>Gets the frames of a batch.</summary>
    public int Minibatch { get; init; } = 256;

    /// <summary>Gets whether frames are shuffled.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Gets the seed of the order.</summary>
    public ulong Seed { get; init; }

    /// <summary>Gets how many frames before a frame belong to it.</summary>
    public int Left { get; init; }

    /// <summary>Gets how many frames after a frame belong to it.</summary>
    public int Right { get; init; }
}
