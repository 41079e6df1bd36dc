namespace Mimir.Features.Audio;

/// <summary>One recording of a table.</summary>
/// <param name="Key">The utterance or recording.</param>
/// <param name="Load">Decodes it; entries of a script may be decoded on any thread.</param>
public sealed record AudioEntry(string Key, Func<AudioClip> Load)
{
    /// <summary>Gets what reads the recording's header alone; null where it has to be decoded.</summary>
    public Func<AudioInfo>? LoadInfo { get; init; }
}
