using Mimir.Base;
using Mimir.Base.Text;

namespace Mimir.Decode.Lexicons;

/// <summary>
/// The phones of a language: what stands beside the lexicon in a <c>dict</c> folder of Kaldi's. A group holds the variants of one
/// phone, such as its tones or stresses, which share the root of a decision tree.
/// </summary>
/// <param name="Silence">The groups of phones for silence and noise.</param>
/// <param name="Speech">The groups of all other phones.</param>
/// <param name="OptionalSilence">The phone between words.</param>
/// <param name="ExtraQuestions">Sets of phones that a decision tree may ask for, beside those that it finds itself.</param>
public sealed record PhoneInventory(
    IReadOnlyList<IReadOnlyList<string>> Silence,
    IReadOnlyList<IReadOnlyList<string>> Speech,
    string OptionalSilence,
    IReadOnlyList<IReadOnlyList<string>> ExtraQuestions)
{
    /// <summary>Gets the phones for silence and noise.</summary>
    public IEnumerable<string> SilencePhones => Silence.SelectMany(group => group);

    /// <summary>Gets all other phones.</summary>
    public IEnumerable<string> SpeechPhones => Speech.SelectMany(group => group);

    /// <summary>Reads a folder with <c>silence_phones.txt</c>, <c>nonsilence_phones.txt</c>, <c>optional_silence.txt</c> and perhaps
    /// <c>extra_questions.txt</c>.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">A phone comes twice, or the optional silence is none of the phones for silence.</exception>
    public static PhoneInventory Read(string folder)
    {
        string At(string file) => Path.Combine(folder, file);
        var silence = Groups(At("silence_phones.txt"));
        var optional = Groups(At("optional_silence.txt"));
        if (optional is not [[var phone]] || !silence.Any(group => group.Contains(phone)))
            throw new InputException($"{At("optional_silence.txt")}: expected one phone of silence_phones.txt");

        var speech = Groups(At("nonsilence_phones.txt"));
        var all = silence.Concat(speech).SelectMany(group => group).ToArray();
        if (all.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InputException($"{At("nonsilence_phones.txt")}: expected each phone once, '{twice.Key}' comes again");

        var questions = File.Exists(At("extra_questions.txt")) ? Groups(At("extra_questions.txt")) : [];
        var stray = questions.SelectMany(question => question).Except(all).FirstOrDefault();
        return stray is null
            ? new PhoneInventory(silence, speech, phone, questions)
            : throw new InputException($"{At("extra_questions.txt")}: expected phones, got '{stray}', which is none");
    }

    /// <summary>Makes the inventory of a lexicon.</summary>
    /// <remarks>
    /// Silence are the phones that stand alone for words in brackets or with an exclamation mark (<c>&lt;SIL&gt;</c>, <c>[noise]</c>,
    /// <c>!SIL</c>) and in no others, and the optional silence. Phones that differ by a digit at their end (AH0 AH1) form a group, and
    /// the phones with the same digit a question.
    /// </remarks>
    /// <param name="lexicon">The lexicon.</param>
    /// <param name="optionalSilence">The phone between words; null takes SIL or sil, whichever the lexicon has.</param>
    public static PhoneInventory Of(Lexicon lexicon, string? optionalSilence = null)
    {
        var spoken = lexicon.Entries.Where(entry => !IsMark(entry)).SelectMany(entry => entry.Phones).ToHashSet(StringComparer.Ordinal);
        var marks = lexicon.Entries.Where(IsMark).Select(entry => entry.Phones[0]).Where(phone => !spoken.Contains(phone)).Distinct();
        var optional = optionalSilence ?? (lexicon.Entries.Any(entry => entry.Phones.Contains("sil")) ? "sil" : "SIL");
        string[] silence = [optional, .. marks.Where(phone => phone != optional).Order(StringComparer.Ordinal)];
        var speech = spoken.Where(phone => phone != optional).GroupBy(Base).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (IReadOnlyList<string>)[.. group.Order(StringComparer.Ordinal)]).ToArray();
        var tones = speech.SelectMany(group => group).GroupBy(phone => phone[Base(phone).Length..])
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (IReadOnlyList<string>)[.. group]).ToArray();
        return new PhoneInventory(
            [.. silence.Select(phone => (IReadOnlyList<string>)[phone])],
            speech,
            optional,
            tones.Length > 1 ? [silence, .. tones] : [silence]);
    }

    private static bool IsMark(Pronunciation entry) =>
        entry.Phones.Count == 1 && (entry.Word is ['<', .., '>'] or ['[', .., ']'] || (entry.Word.Length > 1 && entry.Word[0] == '!'));

    private static string Base(string phone) => phone.TrimEnd('0', '1', '2', '3', '4', '5') is { Length: > 0 } name ? name : phone;

    private static IReadOnlyList<string>[] Groups(string path) => File.Exists(path)
        ? [.. TextLineReader.ReadLines(path)
            .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(group => group.Length > 0)]
        : throw new FileNotFoundException($"{path}: no such file", path);
}
