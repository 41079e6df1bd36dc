namespace Mimir.KaldiTools.Nnetbin.Frames;

/// <summary>What belongs to the features of a training program, and which utterances are passed over.</summary>
internal sealed record UtteranceOptions
{
    /// <summary>Gets the rspecifier of the features.</summary>
    public required string Features { get; init; }

    /// <summary>Gets the rspecifier of the targets.</summary>
    public required string Targets { get; init; }

    /// <summary>Gets the rspecifier of the weights of frames, or nothing.</summary>
    public string FrameWeights { get; init; } = "";

    /// <summary>Gets the rspecifier of the weights of utterances, or nothing.</summary>
    public string UtteranceWeights { get; init; } = "";

    /// <summary>Gets the frames of the longest utterance that is used.</summary>
    public int MaxFrames { get; init; } = 360000;

    /// <summary>Gets whether frames without weight are part of the data, as they are of a sequence; else utterances of nothing
    /// else are left out.</summary>
    public bool KeepsFramesWithoutWeight { get; init; }

    /// <summary>Gets how the program says that an utterance has no weights of frames.</summary>
    public string MissingFrameWeights { get; init; } = "missing per-frame weights";

    /// <summary>Gets the difference of lengths from which on an utterance is passed over; below it, the shortest counts.</summary>
    public int LengthTolerance { get; init; } = 5;
}
