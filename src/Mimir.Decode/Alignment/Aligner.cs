using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;

namespace Mimir.Decode.Alignment;

/// <summary>The best path of an utterance through its graph.</summary>
/// <param name="Transitions">The transition-id of each frame, <c>[T]</c>.</param>
/// <param name="Words">The words of the path.</param>
/// <param name="GraphCost">Its costs in the graph.</param>
/// <param name="AcousticCost">Its acoustic costs, scaled.</param>
/// <param name="LogLikelihoods">The acoustic log-likelihood of each frame, unscaled, <c>[T]</c>.</param>
public sealed record AlignedPath(int[] Transitions, int[] Words, float GraphCost, float AcousticCost, float[] LogLikelihoods)
{
    /// <summary>Gets the logarithm of the path's score, with acoustic scores scaled.</summary>
    public float Score => -(GraphCost + AcousticCost);
}

/// <summary>The result of aligning an utterance.</summary>
/// <param name="Path">The best path; null when none reached the end of the graph within the beams.</param>
/// <param name="Retried">True when the first beam was too narrow.</param>
public readonly record struct AlignmentResult(AlignedPath? Path, bool Retried);

/// <summary>
/// Aligns utterances with graphs of their texts, as Kaldi's <c>AlignUtteranceWrapper</c> does: with a second, wider beam where the
/// first finds no path to the end. Thread-safe.
/// </summary>
public sealed class Aligner
{
    private readonly int[] _pdfOf;
    private readonly int _pdfs;
    private readonly AlignmentOptions _options;

    /// <summary>Creates an aligner.</summary>
    /// <param name="pdfOfTransition">The pdf of every transition-id; index 0 is not used.</param>
    /// <param name="options">Beams and scale.</param>
    /// <exception cref="InputException">An option is out of range.</exception>
    public Aligner(int[] pdfOfTransition, AlignmentOptions options)
    {
        options.Check();
        _pdfOf = pdfOfTransition;
        _pdfs = 1 + pdfOfTransition.Skip(1).DefaultIfEmpty(-1).Max();
        _options = options;
    }

    /// <summary>Aligns an utterance.</summary>
    /// <param name="graph">The graph of its text, with the costs of transitions.</param>
    /// <param name="scores">Its acoustic log-likelihoods.</param>
    /// <exception cref="InputException">The graph has other transition-ids, or the scores other pdfs, than the model; a score is NaN
    /// or plus infinity; or the graph has a loop without frames of negative cost.</exception>
    public AlignmentResult Align(VectorFst graph, IAcousticScores scores)
    {
        if (graph.Start < 0)
            return default;
        if (scores.Pdfs < _pdfs)
            throw new InputException($"expected scores of {_pdfs} pdfs as in the transition model, got {scores.Pdfs}");

        var searched = (_options.Careful ? CarefulGraph.Make(graph) : graph).ToFst();
        if (searched.MaxInput() is var largest && largest >= _pdfOf.Length)
        {
            throw new InputException(
                $"the graph has transition-id {largest}, the transition model only {_pdfOf.Length - 1}: they do not belong together");
        }

        var search = new ViterbiSearch(searched, _pdfOf, scores, _options.AcousticScale);
        var path = search.Run(_options.Beam);
        return path is null && _options.RetryBeam != 0
            ? new AlignmentResult(search.Run(_options.RetryBeam), true)
            : new AlignmentResult(path, false);
    }
}
