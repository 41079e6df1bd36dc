using Mimir.Base;
using Mimir.Corpus.Digits;
using Mimir.Corpus.Hmm;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;

namespace Mimir.Corpus;

/// <summary>Writes words, phones, topology and the decoding graph.</summary>
internal static class LanguageWriter
{
    /// <summary>Writes <c>lang/</c>: lexicon, symbol tables and topology.</summary>
    public static void WriteLanguage(string root, HmmSet hmms)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "lang")).FullName;
        CorpusWriter.WriteLines(
            folder, "lexicon.txt", DigitLexicon.Words.Select(word => $"{word.Character} {string.Join(' ', word.Phones)}"));
        CorpusWriter.WriteLines(folder, "phones.txt", Symbols(DigitLexicon.Phones));
        CorpusWriter.WriteLines(folder, "words.txt", WordSymbols());
        CorpusWriter.WriteLines(folder, "silence_phones.txt", [DigitLexicon.Silence]);
        CorpusWriter.WriteLines(folder, "topo", TopologyLines(hmms.Topology));
    }

    /// <summary>Writes <c>graph/</c>: HCLG, words and the number of pdfs.</summary>
    public static void WriteGraph(string root, HmmSet hmms, TransitionModel model)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "graph")).FullName;
        FstWriter.Write(Path.Combine(folder, "HCLG.fst"), DigitGraph.Build(hmms, model));
        CorpusWriter.WriteLines(folder, "words.txt", WordSymbols());
        AtomicFile.WriteText(Path.Combine(folder, "num_pdfs"), $"{hmms.PdfCount}\n");
    }

    private static IEnumerable<string> WordSymbols() => Symbols(DigitLexicon.Words.Select(word => word.Character));

    private static IEnumerable<string> Symbols(IEnumerable<string> symbols) =>
        symbols.Prepend("<eps>").Select((symbol, id) => $"{symbol} {id}");

    private static IEnumerable<string> TopologyLines(HmmTopology topology)
    {
        yield return "<Topology>";
        foreach (var entry in topology.Entries)
        {
            yield return "<TopologyEntry>";
            yield return $"<ForPhones> {string.Join(' ', entry.Phones)} </ForPhones>";
            for (var id = 0; id < entry.States.Count; id++)
            {
                var state = entry.States[id];
                var pdf = state.ForwardPdfClass < 0 ? "" : $" <PdfClass> {state.ForwardPdfClass}";
                var arcs = string.Concat(state.Transitions.Select(arc =>
                    FormattableString.Invariant($" <Transition> {arc.State} {arc.Probability}")));
                yield return $"<State> {id}{pdf}{arcs} </State>";
            }

            yield return "</TopologyEntry>";
        }

        yield return "</Topology>";
    }
}
