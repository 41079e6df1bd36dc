using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Building;

/// <summary>Writes the files of a lang directory.</summary>
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
        List("optional_silence", lang.OptionalSilence);
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
        Text("phones/align_lexicon.int", lang.AlignLexicon.Select(
            entry => string.Join(' ', entry.Phones.Prepend(entry.Shown).Prepend(entry.Word).Select(Number))));
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

    private static IEnumerable<string> Symbols(SymbolTable table) =>
        table.Entries.OrderBy(entry => entry.Value).Select(entry => $"{entry.Key} {Number(entry.Value)}");

    private static IEnumerable<string> AlignNames(LangDirectory lang, AlignEntry entry) =>
        entry.Phones.Select(lang.Phones.SymbolOf).Prepend(lang.Words.SymbolOf(entry.Shown)).Prepend(lang.Words.SymbolOf(entry.Word));

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

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
