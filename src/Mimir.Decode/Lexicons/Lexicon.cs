using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lexicons;

/// <summary>The probabilities of silence around a word, from lexiconp_silprob.txt.</summary>
/// <param name="After">The probability of silence after the word.</param>
/// <param name="SilenceBefore">The factor for the word after silence.</param>
/// <param name="NoSilenceBefore">The factor for the word after another word.</param>
public sealed record WordSilence(double After, double SilenceBefore, double NoSilenceBefore);

/// <summary>A pronunciation of a word.</summary>
/// <param name="Word">The word.</param>
/// <param name="Phones">Its phones.</param>
public sealed record Pronunciation(string Word, IReadOnlyList<string> Phones)
{
    /// <summary>Gets how probable it is among the word's pronunciations; usually the most probable has 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Gets the silence around the word; null where the lexicon has none.</summary>
    public WordSilence? Silence { get; init; }
}

/// <summary>The columns between word and phones.</summary>
public enum LexiconForm
{
    /// <summary>None: <c>lexicon.txt</c>.</summary>
    Plain,

    /// <summary>The probability of the pronunciation: <c>lexiconp.txt</c>.</summary>
    Probabilities,

    /// <summary>The probability, and three numbers about silence: <c>lexiconp_silprob.txt</c>.</summary>
    SilenceProbabilities,
}

/// <summary>Words and their pronunciations, in the order of their file.</summary>
public sealed class Lexicon
{
    private readonly Dictionary<string, List<Pronunciation>> _byWord = new(StringComparer.Ordinal);

    /// <summary>Creates a lexicon.</summary>
    /// <param name="entries">The pronunciations.</param>
    public Lexicon(IEnumerable<Pronunciation> entries)
    {
        Entries = [.. entries];
        foreach (var entry in Entries)
        {
            if (!_byWord.TryGetValue(entry.Word, out var same))
                _byWord.Add(entry.Word, same = []);

            same.Add(entry);
        }
    }

    /// <summary>Gets the pronunciations.</summary>
    public IReadOnlyList<Pronunciation> Entries { get; }

    /// <summary>Gets the different words, in the order they come.</summary>
    public IReadOnlyCollection<string> Words => _byWord.Keys;

    /// <summary>The form that the name of a file stands for.</summary>
    /// <param name="path">The file; a name other than Kaldi's means a plain one.</param>
    public static LexiconForm FormOf(string path) => Path.GetFileName(path).Replace(".gz", "", StringComparison.Ordinal) switch
    {
        "lexiconp.txt" => LexiconForm.Probabilities,
        "lexiconp_silprob.txt" => LexiconForm.SilenceProbabilities,
        _ => LexiconForm.Plain,
    };

    /// <summary>Reads a lexicon: a word, the columns of its form and phones on each line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="form">Its form; null takes it from its name.</param>
    /// <param name="encoding">The encoding; null for UTF-8.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line has another form, a probability is none, a pronunciation comes twice, or there are
    /// none.</exception>
    public static Lexicon Read(string path, LexiconForm? form = null, Encoding? encoding = null)
    {
        var known = form ?? FormOf(path);
        var entries = new List<Pronunciation>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        using var lines = KaldiInput.OpenText(path, encoding: encoding);
        while (lines.ReadLine() is { } line)
        {
            number++;
            var fields = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
                continue;

            var entry = Parse(fields, known, problem => new InputException($"{path}:{number}: {problem}"));
            if (!seen.Add($"{entry.Word} {string.Join(' ', entry.Phones)}"))
                throw new InputException($"{path}:{number}: expected each pronunciation once, '{line}' comes again");

            entries.Add(entry);
        }

        return entries.Count > 0
            ? new Lexicon(entries)
            : throw new InputException($"{path}: expected 'word phone phone …' on each line, got none");
    }

    /// <summary>True when the lexicon has a word.</summary>
    public bool Has(string word) => _byWord.ContainsKey(word);

    /// <summary>The pronunciations of a word; none where the lexicon lacks it.</summary>
    public IReadOnlyList<Pronunciation> Of(string word) => _byWord.TryGetValue(word, out var found) ? found : [];

    private static Pronunciation Parse(string[] fields, LexiconForm form, Func<string, InputException> error)
    {
        var columns = form switch
        {
            LexiconForm.Probabilities => 1,
            LexiconForm.SilenceProbabilities => 4,
            _ => 0,
        };
        if (fields.Length < columns + 2)
            throw error($"expected a word, {(columns == 0 ? "" : $"{columns} numbers, ")}and its phones, got '{string.Join(' ', fields)}'");
        if (fields[0] is "<eps>" or "<s>" or "</s>" or "#0")
            throw error($"expected a word, not '{fields[0]}', which stands for something else");

        var numbers = fields[1..(columns + 1)].Select(field => Number(field, error)).ToArray();
        if (numbers.Length > 0 && numbers[0] > 1)
            throw error($"expected a probability up to 1, got {fields[1]}");
        if (numbers.Length > 1 && numbers[1] >= 1)
            throw error($"expected a probability of silence below 1, got {fields[2]}");

        var phones = fields[(columns + 1)..];
        if (phones.FirstOrDefault(phone => phone[0] == '#' || phone == "<eps>") is { } stray)
            throw error($"expected phones, not '{stray}', which stands for something else");

        return new Pronunciation(fields[0], phones)
        {
            Probability = numbers.Length > 0 ? numbers[0] : 1,
            Silence = numbers.Length > 1 ? new WordSilence(numbers[1], numbers[2], numbers[3]) : null,
        };
    }

    private static double Number(string field, Func<string, InputException> error) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)
            ? number
            : throw error($"expected a number above 0, got '{field}'");
}
