namespace Mimir.Corpus.Speech;

/// <summary>A spoken phrase with the time of every phoneme.</summary>
/// <param name="Samples">The sound at <see cref="SpeechSynthesiser.SampleRate"/>.</param>
/// <param name="Phonemes">What begins at which sample, in order; pauses are phonemes too.</param>
internal sealed record SpokenPhrase(short[] Samples, IReadOnlyList<PhonemeMark> Phonemes);

/// <summary>The beginning of a phoneme.</summary>
/// <param name="Name">espeak-ng's mnemonic; those of pauses and boundaries begin with an underscore.</param>
/// <param name="Sample">The index of the first sample.</param>
internal readonly record struct PhonemeMark(string Name, int Sample)
{
    /// <summary>Gets whether this is a pause or the boundary between two words.</summary>
    public bool IsPause => Name.StartsWith('_');
}
