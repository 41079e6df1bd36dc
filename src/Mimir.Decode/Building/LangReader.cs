using System.Globalization;
using Mimir.Base;
using Mimir.Base.Text;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Building;

/// <summary>Reads the files of a lang directory that <see cref="LangFiles"/> or Kaldi's scripts wrote.</summary>
internal sealed class LangReader
{
    private readonly string _folder;
    private readonly SymbolTable _words;
    private readonly SymbolTable _phones;

    public LangReader(string folder)
    {
        _folder = Directory.Exists(folder)
            ? folder
            : throw new InputException($"{folder}: no such folder; expected a lang directory with L.fst, words.txt and phones.txt");
        _words = SymbolTable.Read(Path.Combine(folder, "words.txt"));
        _phones = SymbolTable.Read(Path.Combine(folder, "phones.txt"));
    }

    public LangLexicon ReadLexicon() => new(
        _words, _phones, ReadFst("L.fst"), ReadListIfAny("disambig"), ReadListIfAny("optional_silence"), ReadUnknownWord());

    public LangDirectory ReadAll()
    {
        var lexicon = ReadLexicon();
        if (lexicon.OptionalSilence.Count != 1)
            throw new InputException($"{At("optional_silence.int")}: expected one phone");

        var silence = ReadList("silence");
        var topology = HmmTopology.Read(Path.Combine(_folder, "topo"));
        return new LangDirectory(lexicon)
        {
            Topology = topology,
            DisambiguatedLexicon = ReadFst("L_disambig.fst"),
            SilencePhones = silence,
            SpeechPhones = [.. topology.Phones.Except(silence)],
            Roots = [.. Rows(At("roots.int"), ' ').Select(row => Root(row.Place, row.Fields))],
            ExtraQuestions = [.. Rows(At("extra_questions.int"), ' ').Select(row => Numbers(row.Place, row.Fields, _phones))],
            AlignLexicon = File.Exists(At("align_lexicon.int")) ? ReadAlignLexicon(At("align_lexicon.int")) : [],
            IsPositionDependent = File.Exists(At("word_boundary.int")) || File.Exists(At("word_boundary.txt")),
        };
    }

    // Lists of phones lie in phones/; some folders have them beside words.txt.
    private string At(string name) => GraphFolder.Find(_folder, Path.Combine("phones", name)) ?? Path.Combine(_folder, "phones", name);

    private VectorFst ReadFst(string name) => FstReader.ReadVector(GraphFolder.Find(_folder, name) ?? Path.Combine(_folder, name));

    private int[] ReadList(string name)
    {
        var path = At(File.Exists(At($"{name}.int")) ? $"{name}.int" : $"{name}.csl");
        return [.. Rows(path, ' ', ':').SelectMany(row => Numbers(row.Place, row.Fields, _phones))];
    }

    private int[] ReadListIfAny(string name) => File.Exists(At($"{name}.int")) || File.Exists(At($"{name}.csl")) ? ReadList(name) : [];

    // The word in oov.txt, or that of the number in oov.int.
    private string? ReadUnknownWord()
    {
        var (text, number) = (Path.Combine(_folder, "oov.txt"), Path.Combine(_folder, "oov.int"));
        if (!File.Exists(text))
            return File.Exists(number) ? _words.SymbolOf(Numbers(number, [TextLineReader.ReadAll(number).Trim()], _words)[0]) : null;

        var word = TextLineReader.ReadAll(text).Trim();
        return _words.Find(word) >= 0 ? word : throw new InputException($"{text}: '{word}' is not in words.txt");
    }

    private IReadOnlyList<AlignEntry> ReadAlignLexicon(string path)
    {
        var entries = AlignLexicon.Read(path);
        return entries.FirstOrDefault(entry => !_words.Has(entry.Shown) || !entry.Phones.All(_phones.Has)) is { } unknown
            ? throw new InputException(
                $"{path}: word {unknown.Shown} with phones {string.Join(' ', unknown.Phones)} is not of words.txt and phones.txt")
            : entries;
    }

    private PhoneRoot Root(string place, string[] row) =>
        row is ["shared" or "not-shared", "split" or "not-split", _, ..]
        ? new PhoneRoot(row[0] == "shared", row[1] == "split", Numbers(place, row[2..], _phones))
        : throw new InputException($"{place}: expected 'shared split PHONE …', got '{string.Join(' ', row)}'");

    private static IEnumerable<(string Place, string[] Fields)> Rows(string path, params char[] separators) => File.Exists(path)
        ? TextLineReader.ReadLines(path)
            .Select((line, i) => ($"{path}:{i + 1}", line.Split([.. separators, '\t'], StringSplitOptions.RemoveEmptyEntries)))
            .Where(row => row.Item2.Length > 0)
        : throw new FileNotFoundException($"{path}: no such file", path);

    private static int[] Numbers(string place, IEnumerable<string> fields, SymbolTable symbols) => [.. fields.Select(field =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && symbols.Has(number)
            ? number
            : throw new InputException($"{place}: expected numbers of the symbol table, got '{field}'"))];
}
