namespace Mimir.Train.Transcription;

/// <summary>The transcript of one recording, or the reason why there is none.</summary>
/// <param name="Id">The name of the recording in transcripts.</param>
/// <param name="Source">The recording as the user named it.</param>
public sealed record Transcript(string Id, string Source)
{
    /// <summary>Gets the length of the recording in seconds; 0 after a failure.</summary>
    public double Duration { get; init; }

    /// <summary>Gets the channel that was transcribed, from 0.</summary>
    public int Channel { get; init; }

    /// <summary>Gets the segments in their order; none where nothing is speech.</summary>
    public IReadOnlyList<TranscribedSegment> Segments { get; init; } = [];

    /// <summary>Gets the reason why there is no transcript; null where there is one.</summary>
    public string? Failure { get; init; }

    /// <summary>Gets all words in their order.</summary>
    public IEnumerable<TranscribedWord> Words => Segments.SelectMany(segment => segment.Words);
}

/// <summary>A segment of a recording; times are in seconds from the recording's beginning.</summary>
/// <param name="Start">Its start.</param>
/// <param name="End">Its end.</param>
/// <param name="Words">Its words in their order.</param>
/// <param name="IsPartial">True when the best path ends in no final state: speech that is cut off, or a beam that is too narrow.</param>
public sealed record TranscribedSegment(double Start, double End, IReadOnlyList<TranscribedWord> Words, bool IsPartial);

/// <summary>A word; times are in seconds from the recording's beginning.</summary>
/// <param name="Text">The word as in words.txt.</param>
/// <param name="Start">Its start.</param>
/// <param name="End">Its end.</param>
/// <param name="Confidence">The probability that it was said, from 0 to 1, by the lattice.</param>
public sealed record TranscribedWord(string Text, double Start, double End, double Confidence);
