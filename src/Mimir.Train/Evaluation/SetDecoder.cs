using Mimir.Decode.Lattices;
using Mimir.Decode.Search;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Evaluation;

/// <summary>Decodes the log-likelihoods of whole sets on all cores.</summary>
public sealed class SetDecoder
{
    private readonly BatchDecoder _decoder;
    private readonly ITrainingProgress _progress;
    private readonly TimeProvider _time;

    /// <summary>Prepares the decoders.</summary>
    /// <param name="graph">The graph to search.</param>
    /// <param name="recipe">Beams and scale.</param>
    /// <param name="threads">Threads; 0 is one for each core.</param>
    /// <param name="progress">Follows the work.</param>
    /// <param name="time">Measures the speed.</param>
    /// <exception cref="ArgumentException">
    /// The graph and the transition model do not belong together, or a beam is out of range.
    /// </exception>
    public SetDecoder(DecodingGraph graph, DecodeRecipe recipe, int threads, ITrainingProgress progress, TimeProvider time)
    {
        (_progress, _time) = (progress, time);
        _decoder = Create(graph, recipe, threads);
    }

    /// <summary>Makes the decoders alone.</summary>
    /// <inheritdoc cref="SetDecoder(DecodingGraph, DecodeRecipe, int, ITrainingProgress, TimeProvider)"/>
    internal static BatchDecoder Create(DecodingGraph graph, DecodeRecipe recipe, int threads) =>
        new(graph.Graph, graph.PdfOfTransition, OptionsOf(recipe), graph.PhoneBegins, threads == 0 ? null : threads);

    /// <summary>Decodes a set.</summary>
    /// <param name="set">Its name.</param>
    /// <param name="utterances">The number of utterances, or 0 when it is not known.</param>
    /// <param name="scores">Log-likelihoods <c>[T, P]</c> by utterance; drawn as the decoders get on.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ArgumentException">Scores of an utterance do not fit the graph.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public SetDecoding Decode(
        string set, int utterances, IEnumerable<KeyValuePair<string, FloatMatrix>> scores, CancellationToken cancellation = default)
    {
        var began = _time.GetTimestamp();
        var lattices = new Dictionary<string, WordLattice>(StringComparer.Ordinal);
        var (frames, incomplete) = (0L, 0);
        var wrapped = scores.Select(entry => KeyValuePair.Create<string, IAcousticScores>(
            entry.Key, new MatrixScores(entry.Value.Data, entry.Value.Rows, entry.Value.Columns)));
        foreach (var decoded in _decoder.Decode(wrapped))
        {
            cancellation.ThrowIfCancellationRequested();
            lattices[decoded.Utterance] = decoded.Lattice;
            frames += decoded.Frames;
            incomplete += decoded.BestPath is null || decoded.IsPartial ? 1 : 0;
            Report(set, lattices.Count, utterances);
        }

        return new(set, lattices, frames, incomplete, _time.GetElapsedTime(began).TotalSeconds);
    }

    private static DecoderOptions OptionsOf(DecodeRecipe recipe) => new()
    {
        Beam = (float)recipe.Beam,
        MaxActive = recipe.MaxActive,
        LatticeBeam = (float)recipe.LatticeBeam,
        AcousticScale = (float)recipe.AcousticScale,
    };

    private void Report(string set, int done, int total) => _progress.Report(new()
    {
        Stage = RunStage.Decoding,
        Set = set,
        Done = done,
        Total = total,
        Unit = "utterances",
    });
}

/// <summary>A decoded set.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Lattices">A word lattice for each utterance, acoustic costs unscaled.</param>
/// <param name="Frames">The frames decoded.</param>
/// <param name="Incomplete">Utterances with no path, or none that ends where the graph does.</param>
/// <param name="Seconds">The wall-clock time, in seconds.</param>
public sealed record SetDecoding(
    string Set, IReadOnlyDictionary<string, WordLattice> Lattices, long Frames, int Incomplete, double Seconds);
