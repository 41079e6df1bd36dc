namespace Mimir.Kaldi.Data;

/// <summary>One utterance of a data directory.</summary>
/// <param name="Id">The utterance's name.</param>
/// <param name="Speaker">Who speaks; the utterance's own name when the directory does not say.</param>
/// <param name="Audio">The extended file name of the recording, resolved against the root; a shell command ends with <c>|</c>.
/// Empty when the directory has features alone.</param>
/// <param name="Start">Where the utterance starts in its recording, in seconds; null when it is the whole recording.</param>
/// <param name="End">Where it ends, in seconds; null for the end of the recording.</param>
/// <param name="Text">The words, or null when the directory has no <c>text</c>.</param>
public sealed record Utterance(string Id, string Speaker, string Audio, double? Start, double? End, string? Text)
{
    /// <summary>Gets the name of the recording, which is the utterance's own without <c>segments</c>.</summary>
    public string Recording { get; init; } = Id;

    /// <summary>Gets the channel of the recording that <c>segments</c> names, from 0; null when it names none.</summary>
    public int? Channel { get; init; }

    /// <summary>Gets whether <see cref="Audio"/> is a shell command.</summary>
    public bool AudioIsCommand => Audio.EndsWith('|');
}
