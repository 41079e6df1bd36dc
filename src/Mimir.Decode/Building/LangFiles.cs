using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Base.Text;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Building;

/// <summary>The files of a lang directory.</summary>
internal static class LangFiles
{
    /// <summary>Writes all files.</summary>
    public static void Write(LangDirectory lang, string folder)
    {
        var lists = Directory.CreateDirectory(Path.Combine(folder, "phones")).FullName;
        void Text(string name, IEnumerable<string> lines) =>
            AtomicFile.WriteText(Path.Combine(folder, name), string.Concat(lines.Select(line => line + "\n")));

        Text("words.txt", Symbols(lang.Words));
        Text("phones.txt", Symbols(lang.Phones));
        Text("topo", TopologyLines(lang.Topology));
        FstWriter.Write(Path.Combine(folder, "L.fst"), lang.Lexicon);
        FstWriter.Write(Path.Combine(folder, "L_disambig.fst"), lang.DisambiguatedLexicon);
        if (lang.UnknownWord is { } unknown)
        {
            Text("oov.txt", [unknown]);
            Text("oov.int", [Number(lang.Words.Find(unknown))]);
        }

        void Lines(string name, IEnumerable<(string Prefix, IEnumerable<int> Phones)> rows)
        {
            var all = rows.ToArray();
            Text($"phones/{name}.txt", all.Select(row => row.Prefix + string.Join(' ', row.Phones.Select(lang.Phones.SymbolOf))));
            Text($"phones/{name}.int", all.Select(row => row.Prefix + string.Join(' ', row.Phones.Select(Number))));
        }

        void List(string name, IReadOnlyList<int> phones)
        {
            Lines(name, phones.Select(phone => ("", (IEnumerable<int>)[phone])));
            Text($"phones/{name}.csl", [string.Join(':', phones.Select(Number))]);
        }

        List("silence", lang.SilencePhones);
        List("nonsilence", lang.SpeechPhones);
        List("optional_silence", [lang.OptionalSilence]);
        List("context_indep", lang.SilencePhones);
        List("disambig", lang.Disambiguation);
        Lines("sets", lang.Roots.Select(root => ("", root.Phones.AsEnumerable())));
        Lines("roots", lang.Roots.Select(root => (
            $"{(root.IsShared ? "shared" : "not-shared")} {(root.IsSplit ? "split" : "not-split")} ", root.Phones.AsEnumerable())));
        Lines("extra_questions", lang.ExtraQuestions.Select(question => ("", question.AsEnumerable())));
        Text("phones/wdisambig.txt", [LangBuilder.WordDisambiguation]);
        Text("phones/wdisambig_phones.int", [Number(lang.Phones.Find(LangBuilder.WordDisambiguation))]);
        Text("phones/wdisambig_words.int", [Number(lang.Words.Find(LangBuilder.WordDisambiguation))]);
        Text("phones/align_lexicon.txt", lang.AlignLexicon.Select(entry => string.Join(' ', AlignNames(lang, entry))));
        Text("phones/align_lexicon.int", lang.AlignLexicon.Select(entry => string.Join(' ', entry.Prepend(entry[0]).Select(Number))));
        if (lang.IsPositionDependent)
        {
            (int Phone, string Name)[] positions =
            [
                .. lang.SilencePhones.Concat(lang.SpeechPhones)
                    .Select(phone => (phone, WordPositions.NameOf(lang.Phones.SymbolOf(phone)))),
            ];
            Text("phones/word_boundary.txt", positions.Select(phone => $"{lang.Phones.SymbolOf(phone.Phone)} {phone.Name}"));
            Text("phones/word_boundary.int", positions.Select(phone => $"{Number(phone.Phone)} {phone.Name}"));
        }

        AtomicFile.FlushFolder(lists);
    }

    /// <summary>Reads what <see cref="Write"/> or Kaldi's scripts wrote.</summary>
    public static LangDirectory Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: no such folder; expected a lang directory with L.fst, words.txt and phones.txt");

        string At(string name) =>
            Path.Combine(folder, File.Exists(Path.Combine(folder, "phones", name)) ? Path.Combine("phones", name) : name);
        var words = SymbolTable.Read(Path.Combine(folder, "words.txt"));
        var phones = SymbolTable.Read(Path.Combine(folder, "phones.txt"));
        int[] List(string name) => [.. Rows(At(name), ' ', ':').SelectMany(row => Numbers(At(name), row, phones))];
        int[][] Table(string name) => [.. Rows(At(name), ' ').Select(row => Numbers(At(name), row, phones))];
        var silence = List(File.Exists(At("silence.int")) ? "silence.int" : "silence.csl");
        var topology = HmmTopology.Read(Path.Combine(folder, "topo"));
        var optional = List(File.Exists(At("optional_silence.int")) ? "optional_silence.int" : "optional_silence.csl");
        return new LangDirectory
        {
            Words = words,
            Phones = phones,
            Topology = topology,
            Lexicon = Fst("L.fst"),
            DisambiguatedLexicon = Fst("L_disambig.fst"),
            SilencePhones = silence,
            SpeechPhones = [.. topology.Phones.Except(silence)],
            OptionalSilence = optional is [var phone]
                ? phone
                : throw new InputException($"{At("optional_silence.int")}: expected one phone"),
            Disambiguation = List("disambig.int"),
            Roots = [.. Rows(At("roots.int"), ' ').Select(row => Root(At("roots.int"), row, phones))],
            ExtraQuestions = Table("extra_questions.int"),
            AlignLexicon = File.Exists(At("align_lexicon.int")) ? AlignLexicon(At("align_lexicon.int"), words, phones) : [],
            UnknownWord = Unknown(folder, words),
            IsPositionDependent = File.Exists(At("word_boundary.int")) || File.Exists(At("word_boundary.txt")),
        };

        VectorFst Fst(string name) =>
            FstReader.ReadVector(Path.Combine(folder, File.Exists(Path.Combine(folder, $"{name}.gz")) ? $"{name}.gz" : name));
    }

    private static IEnumerable<string> Symbols(SymbolTable table) =>
        table.Entries.OrderBy(entry => entry.Value).Select(entry => $"{entry.Key} {Number(entry.Value)}");

    private static IEnumerable<string> AlignNames(LangDirectory lang, IReadOnlyList<int> entry)
    {
        var word = lang.Words.SymbolOf(entry[0]);
        return entry.Skip(1).Select(lang.Phones.SymbolOf).Prepend(word).Prepend(word);
    }

    private static IEnumerable<string> TopologyLines(HmmTopology topology)
    {
        yield return "<Topology>";
        foreach (var entry in topology.Entries)
        {
            yield return $"<TopologyEntry>\n<ForPhones>\n{string.Join(' ', entry.Phones.Select(Number))}\n</ForPhones>";
            for (var number = 0; number < entry.States.Count; number++)
                yield return StateLine(number, entry.States[number]);

            yield return "</TopologyEntry>";
        }

        yield return "</Topology>";
    }

    private static string StateLine(int number, HmmState state)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"<State> {number} ");
        if (state.ForwardPdfClass >= 0)
            text.Append(CultureInfo.InvariantCulture, $"<PdfClass> {state.ForwardPdfClass} ");
        foreach (var arc in state.Transitions)
            text.Append(CultureInfo.InvariantCulture, $"<Transition> {arc.State} {arc.Probability} ");

        return text.Append("</State>").ToString();
    }

    private static IEnumerable<string[]> Rows(string path, params char[] separators) => File.Exists(path)
        ? TextLineReader.ReadLines(path)
            .Select(line => line.Split([.. separators, '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(row => row.Length > 0)
        : throw new FileNotFoundException($"{path}: no such file", path);

    private static int[] Numbers(string path, IEnumerable<string> fields, SymbolTable symbols) => [.. fields.Select(field =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && symbols.Has(number)
            ? number
            : throw new InputException($"{path}: expected numbers of the symbol table, got '{field}'"))];

    // The word in oov.txt, or that of the number in oov.int.
    private static string? Unknown(string folder, SymbolTable words)
    {
        var (text, number) = (Path.Combine(folder, "oov.txt"), Path.Combine(folder, "oov.int"));
        if (File.Exists(text))
            return TextLineReader.ReadAll(text).Trim();

        return File.Exists(number) ? words.SymbolOf(Numbers(number, [TextLineReader.ReadAll(number).Trim()], words)[0]) : null;
    }

    private static PhoneRoot Root(string path, string[] row, SymbolTable phones) =>
        row is ["shared" or "not-shared", "split" or "not-split", _, ..]
        ? new PhoneRoot(row[0] == "shared", row[1] == "split", Numbers(path, row[2..], phones))
        : throw new InputException($"{path}: expected 'shared split PHONE …', got '{string.Join(' ', row)}'");

    private static int[][] AlignLexicon(string path, SymbolTable words, SymbolTable phones) =>
    [
        .. Rows(path, ' ').Select(row => row.Length >= 3
            ? (int[])[.. Numbers(path, row[1..2], words), .. Numbers(path, row[2..], phones)]
            : throw new InputException($"{path}: expected 'word word phone …', got '{string.Join(' ', row)}'")),
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
