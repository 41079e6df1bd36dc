using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Alignments;

namespace Mimir.Train.Evaluation;

/// <summary>The graph and the tables of a decoder.</summary>
/// <param name="Graph">HCLG: transition-ids in, words out.</param>
/// <param name="Words">The names of the words.</param>
/// <param name="PdfOfTransition">The class of every transition-id; element 0 is not used.</param>
/// <param name="PhoneBegins">The phone that a transition-id begins, 0 for those inside a phone; lattices are determinized
/// over phones first with it, as Kaldi does.</param>
public sealed record DecodingGraph(Fst Graph, SymbolTable Words, int[] PdfOfTransition, int[] PhoneBegins)
{
    /// <summary>Reads a graph folder as Kaldi's mkgraph.sh leaves it.</summary>
    /// <param name="folder">Holds <c>HCLG.fst</c> (or <c>HCLG.fst.gz</c>) and <c>words.txt</c>.</param>
    /// <param name="model">The transition model that the graph was made with.</param>
    /// <exception cref="FileNotFoundException">A file of the graph is missing.</exception>
    /// <exception cref="InputException">A file is damaged.</exception>
    public static DecodingGraph Read(string folder, TransitionModel model)
    {
        var plain = Path.Combine(folder, "HCLG.fst");
        var packed = plain + ".gz";
        var fst = File.Exists(plain) || !File.Exists(packed) ? plain : packed;
        var graph = FstReader.Read(fst);
        var words = SymbolTable.Read(Path.Combine(folder, "words.txt"));
        RequireNames(graph, words, folder);
        return new(graph, words, model.ToPdfMap(), DeterminizerOptions.PhoneBeginsOf(model));
    }

    private static void RequireNames(Fst graph, SymbolTable words, string folder)
    {
        for (var state = 0; state < graph.StateCount; state++)
        {
            foreach (ref readonly var arc in graph.Arcs(state))
            {
                if (arc.Output != 0 && !words.Has(arc.Output))
                {
                    throw new InputException(
                        $"{folder}: the graph has word {arc.Output} (from state {state}), which words.txt does not name: "
                        + "they do not belong together");
                }
            }
        }
    }
}
