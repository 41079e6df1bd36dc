using Mimir.Base;
using Mimir.Corpus.Digits;
using Mimir.Corpus.Speech;

namespace Mimir.Corpus.Hmm;

/// <summary>A segment of one unit; it ends where the next begins.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Start">Its first sample.</param>
internal readonly record struct PhoneSpan(HmmUnit Unit, double Start);

/// <summary>Finds the units of a transcript and the silences among the phonemes of the synthesiser.</summary>
/// <param name="hmms">The units.</param>
internal sealed class PhoneSegmenter(HmmSet hmms)
{
    /// <summary>
    /// A gap before a word that is no longer than this (60 ms) is the closure of its plosive or affricate, and belongs to it.
    /// </summary>
    private const int LongestClosure = SpeechSynthesiser.SampleRate * 60 / 1000;

    /// <summary>Segments one phrase.</summary>
    /// <param name="phrase">The intended text.</param>
    /// <param name="spoken">The output of the synthesiser.</param>
    /// <returns>Units in order from the first phone of speech, in samples of the synthesiser; the last is always the silence
    /// that begins where speech ends.</returns>
    /// <exception cref="InputException">espeak-ng's phonemes are not those of the lexicon.</exception>
    public IReadOnlyList<PhoneSpan> Segment(DigitPhrase phrase, SpokenPhrase spoken)
    {
        var spans = new List<PhoneSpan>();
        var marks = spoken.Phonemes;
        var next = 0;
        var end = 0;
        foreach (var word in phrase.Words)
        {
            SkipPauses(marks, ref next);
            for (var phone = 0; phone < DigitLexicon.Words[word].Phones.Count; phone++)
            {
                var start = next < marks.Count ? marks[next].Sample : spoken.Samples.Length;
                foreach (var name in DigitLexicon.Words[word].Spoken[phone])
                {
                    if (next >= marks.Count || marks[next].Name != name)
                        throw Mismatch(phrase, marks);
                    next++;
                }

                if (phone == 0 && spans.Count > 0)
                {
                    if (start - end > LongestClosure)
                        spans.Add(new PhoneSpan(hmms.Silence, end));
                    else
                        start = end;
                }

                spans.Add(new PhoneSpan(hmms.WordUnits[word][phone], start));
            }

            end = next < marks.Count ? marks[next].Sample : spoken.Samples.Length;
        }

        SkipPauses(marks, ref next);
        if (next != marks.Count)
            throw Mismatch(phrase, marks);

        spans.Add(new PhoneSpan(hmms.Silence, end));
        return spans;
    }

    private static void SkipPauses(IReadOnlyList<PhonemeMark> marks, ref int next)
    {
        while (next < marks.Count && marks[next].IsPause)
            next++;
    }

    private static InputException Mismatch(DigitPhrase phrase, IReadOnlyList<PhonemeMark> marks) => new(
        $"espeak-ng: expected the phonemes of '{phrase.Pinyin}', got '{string.Join(' ', marks.Select(mark => mark.Name))}'; "
        + "the Mandarin of version 1.51 (Debian 12) is known to agree.");
}
