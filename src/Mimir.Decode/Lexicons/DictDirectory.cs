using System.Globalization;
using Mimir.Base;
using Mimir.Base.Text;

namespace Mimir.Decode.Lexicons;

/// <summary>Silence at the ends of sentences, from <c>silprob.txt</c>; it goes with a lexicon that has silence probabilities.</summary>
/// <param name="Start">The probability of silence before the first word.</param>
/// <param name="EndAfterSilence">The factor for the end after silence.</param>
/// <param name="EndAfterWord">The factor for the end after a word.</param>
public sealed record SentenceSilence(double Start, double EndAfterSilence, double EndAfterWord);

/// <summary>A lexicon with what stands beside it in a <c>dict</c> folder of Kaldi's.</summary>
/// <param name="Lexicon">The lexicon.</param>
/// <param name="Inventory">Its phones, from the folder's lists or from the lexicon itself.</param>
/// <param name="Sentence">Silence at the ends of sentences; null where the lexicon has no silence probabilities.</param>
public sealed record DictDirectory(Lexicon Lexicon, PhoneInventory Inventory, SentenceSilence? Sentence)
{
    private static readonly string[] Names = ["lexiconp_silprob.txt", "lexiconp.txt", "lexicon.txt"];

    /// <summary>True for a lexicon, and for a folder with one that is no lang directory.</summary>
    /// <param name="path">The file or folder.</param>
    public static bool IsOne(string path) =>
        File.Exists(path) || (Names.Any(name => File.Exists(Path.Combine(path, name))) && !File.Exists(Path.Combine(path, "words.txt")));

    /// <summary>Reads a lexicon, or a folder: the file with the most columns of <c>lexiconp_silprob.txt</c> (with <c>silprob.txt</c>),
    /// <c>lexiconp.txt</c> and <c>lexicon.txt</c>, and the lists of phones where they are there.</summary>
    /// <param name="path">The file or folder.</param>
    /// <exception cref="FileNotFoundException">There is no such lexicon.</exception>
    /// <exception cref="InputException">A file is damaged.</exception>
    public static DictDirectory Read(string path)
    {
        var file = File.Exists(path) ? path : Names.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{path}: no lexicon; expected lexicon.txt or lexiconp.txt there", path);
        var lexicon = Lexicon.Read(file);
        var silences = Path.Combine(Path.GetDirectoryName(file) ?? "", "silprob.txt");
        var hasLists = !File.Exists(path) && File.Exists(Path.Combine(path, "silence_phones.txt"));
        return new DictDirectory(
            lexicon,
            hasLists ? PhoneInventory.Read(path) : PhoneInventory.Of(lexicon),
            Lexicon.FormOf(file) == LexiconForm.SilenceProbabilities ? ReadSilence(silences) : null);
    }

    private static SentenceSilence ReadSilence(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: no such file; it goes with lexiconp_silprob.txt", path);

        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in TextLineReader.ReadLines(path))
        {
            var fields = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
                continue;

            var number = 0.0;
            var isNumber = fields.Length == 2 && double.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out number);
            if (!isNumber || !(number > 0 && number < double.PositiveInfinity))
                throw new InputException($"{path}: expected a name and a number above 0, got '{line}'");

            numbers[fields[0]] = number;
        }

        double Of(string name) => numbers.TryGetValue(name, out var number)
            ? number
            : throw new InputException($"{path}: expected a line '{name} NUMBER'");
        var start = Of("<s>");
        return start < 1
            ? new SentenceSilence(start, Of("</s>_s"), Of("</s>_n"))
            : throw new InputException($"{path}: expected a probability of '<s>' below 1, got {numbers["<s>"]}");
    }
}
