using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Search;

/// <summary>The work of a search.</summary>
/// <param name="Frames">Frames.</param>
/// <param name="Tokens">Tokens: graph states reached in a frame.</param>
/// <param name="Arcs">Arcs of the graph that were looked at.</param>
public readonly record struct SearchCounts(long Frames, long Tokens, long Arcs);

/// <summary>
/// A token-passing beam search over a decoding graph that keeps every path within the lattice beam of the best one
/// (Povey et al., "Generating exact lattices in the WFST framework", ICASSP 2012). It prunes what Kaldi's
/// <c>LatticeFasterDecoder</c> prunes, in the same order and in the same single precision. One decoder serves one
/// thread and any number of utterances, which do not influence each other; the graph is shared.
/// </summary>
public sealed class LatticeDecoder
{
    private readonly BeamSearch _search;

    /// <summary>Creates a decoder.</summary>
    /// <param name="graph">The decoding graph (HCLG): transition-ids in, words out.</param>
    /// <param name="pdfOfTransition">The pdf of every transition-id; index 0 is not used.</param>
    /// <param name="options">Beams and scale.</param>
    /// <exception cref="InputException">The graph has transition-ids beyond the map, or an option is out of range.</exception>
    public LatticeDecoder(Fst graph, int[] pdfOfTransition, DecoderOptions options) =>
        _search = new BeamSearch(graph, pdfOfTransition, options);

    /// <summary>Gets the work of all utterances so far.</summary>
    public SearchCounts Counts => _search.Counts;

    /// <summary>Decodes one utterance.</summary>
    /// <param name="scores">Its acoustic log-likelihoods; a pdf of minus infinity is never used.</param>
    /// <returns>The state-level lattice with scaled acoustic costs. When no path ends in a final state, every last state counts
    /// as final and <see cref="Lattice.IsPartial"/> is set. Empty when no path survived.</returns>
    /// <exception cref="InputException">There are fewer pdfs than the transition model needs, or a score is NaN or plus
    /// infinity.</exception>
    public Lattice Decode(IAcousticScores scores)
    {
        _search.RequirePdfs(scores.Pdfs);
        _search.Begin();
        for (var frame = 0; frame < scores.Frames; frame++)
            _search.Advance(scores.Frame(frame));

        return _search.Finish();
    }
}
