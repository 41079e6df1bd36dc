using Mimir.Base.Text;

namespace Mimir.Decode.Scoring;

/// <summary>
/// The error rate over syllables: two characters match when they are equal or share a pronunciation. It separates acoustic
/// errors from homophones, which only a language model can distinguish.
/// </summary>
public sealed class SyllableErrorRate
{
    private readonly Dictionary<string, HashSet<string>> _pronunciations = new(StringComparer.Ordinal);

    /// <summary>Creates the measure from a lexicon.</summary>
    /// <param name="lexicon">Word and its phones, a pair for each pronunciation.</param>
    /// <param name="tones">True when tones count; otherwise the trailing digits 1 to 5 of phones are dropped.</param>
    public SyllableErrorRate(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> lexicon, bool tones)
    {
        foreach (var (word, phones) in lexicon)
        {
            if (!_pronunciations.TryGetValue(word, out var known))
                _pronunciations.Add(word, known = new HashSet<string>(StringComparer.Ordinal));

            known.Add(string.Join(' ', phones.Select(phone => tones ? phone : phone.TrimEnd('1', '2', '3', '4', '5'))));
        }
    }

    /// <summary>
    /// Reads a lexicon, <c>word phone phone …</c> on a line, several lines for several pronunciations.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SyllableErrorRate Read(string lexicon, bool tones)
    {
        if (!File.Exists(lexicon))
            throw new FileNotFoundException($"{lexicon}: no such lexicon", lexicon);

        return new SyllableErrorRate(
            TextLineReader.ReadLines(lexicon)
                .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 0)
                .Select(fields => KeyValuePair.Create(fields[0], (IReadOnlyList<string>)fields[1..])),
            tones);
    }

    /// <summary>Counts the syllable errors of one utterance.</summary>
    public ErrorCounts Count(IReadOnlyList<string> reference, IReadOnlyList<string> hypothesis) =>
        EditDistance.Count(reference.Count, hypothesis.Count, (r, h) => Matches(reference[r], hypothesis[h]));

    /// <summary>Counts the syllable errors of all utterances of a score sheet over characters.</summary>
    public ErrorCounts Count(ScoreSheet sheet) => sheet.Utterances.Aggregate(
        default(ErrorCounts), (sum, utterance) => sum + Count(utterance.Reference, utterance.Hypothesis));

    private bool Matches(string left, string right) =>
        left == right ||
        (_pronunciations.TryGetValue(left, out var first) && _pronunciations.TryGetValue(right, out var second) &&
         first.Overlaps(second));
}
