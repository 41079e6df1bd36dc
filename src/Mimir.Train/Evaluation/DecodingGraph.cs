using Mimir.Decode.Graphs;
using Mimir.Features.Alignments;

namespace Mimir.Train.Evaluation;

/// <summary>What a decoder searches: the graph, the names of its words, and the class of every transition.</summary>
/// <param name="Graph">HCLG: transition-ids in, words out.</param>
/// <param name="Words">The names of the words.</param>
/// <param name="PdfOfTransition">The class of each transition-id; index 0 is not used.</param>
public sealed record DecodingGraph(Fst Graph, SymbolTable Words, int[] PdfOfTransition)
{
    /// <summary>Reads a graph folder.</summary>
    /// <param name="folder">Holds <c>HCLG.fst</c> or <c>HCLG.fst.gz</c>, and <c>words.txt</c>.</param>
    /// <param name="model">The transition model that the graph was made with.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged.</exception>
    public static DecodingGraph Read(string folder, TransitionModel model)
    {
        var plain = Path.Combine(folder, "HCLG.fst");
        var packed = plain + ".gz";
        var fst = File.Exists(plain) || !File.Exists(packed) ? plain : packed;
        return new(FstReader.Read(fst), SymbolTable.Read(Path.Combine(folder, "words.txt")), model.ToPdfMap());
    }
}
