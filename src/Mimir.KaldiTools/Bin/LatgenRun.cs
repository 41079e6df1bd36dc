using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>Searches utterances and writes their lattices, words and alignments, as Kaldi's programs of decoding all do.</summary>
/// <param name="options">Beams, scale, form of the lattices.</param>
/// <param name="arguments">The program's: model, graph or graphs, matrices, lattices, words, alignments.</param>
/// <param name="log">Receives results and warnings.</param>
/// <param name="io">What may be opened.</param>
/// <param name="time">Measures the speed.</param>
internal sealed class LatgenRun(
    LatgenOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io, TimeProvider time)
{
    private readonly SymbolNames? _names =
        options.WordSymbolTable.Length > 0 ? SymbolNames.Read(options.WordSymbolTable, io) : null;

    private int _done;
    private int _failed;
    private long _frames;
    private double _logLikelihood;

    /// <summary>Searches all utterances.</summary>
    /// <param name="transitions">The transition model.</param>
    /// <param name="scores">The log-likelihoods of an utterance from its matrix.</param>
    /// <returns>True when one was decoded.</returns>
    public bool Execute(TransitionModel transitions, Func<FloatMatrix, IAcousticScores> scores)
    {
        using var outputs = new OutputTables(io);
        var words = options.Determinize ? outputs.Add(WordLattice.Table, arguments[3]) : null;
        var states = options.Determinize ? null : outputs.Add(Lattice.Table, arguments[3]);
        var transcripts = outputs.Add(KaldiTables.IntVector, arguments.ElementAtOrDefault(4));
        var alignments = outputs.Add(KaldiTables.IntVector, arguments.ElementAtOrDefault(5));
        var began = time.GetTimestamp();
        outputs.Fill(() =>
        {
            foreach (var decoded in Rspecifier.IsTable(arguments[1]) ? EachGraph(transitions, scores) : OneGraph(transitions, scores))
            {
                if (Accept(decoded) is not { } path)
                    continue;

                transcripts?.Invoke(decoded.Utterance, [.. path.Words]);
                alignments?.Invoke(decoded.Utterance, [.. path.Alignment]);
                words?.Invoke(decoded.Utterance, decoded.Lattice);
                if (decoded.States is { } kept)
                    states?.Invoke(decoded.Utterance, kept);
            }
        });
        Summarize(time.GetElapsedTime(began).TotalSeconds);
        return _done != 0;
    }

    private IEnumerable<DecodedUtterance> OneGraph(TransitionModel transitions, Func<FloatMatrix, IAcousticScores> scores) =>
        Decoder(FstReader.Read(arguments[1], io), transitions).Decode(
            KaldiTables.Matrix.Read(arguments[2], io)
                .Where(entry => HasFrames(entry.Key, entry.Value))
                .Select(entry => KeyValuePair.Create(entry.Key, scores(entry.Value))));

    private IEnumerable<DecodedUtterance> EachGraph(TransitionModel transitions, Func<FloatMatrix, IAcousticScores> scores)
    {
        using var matrices = KaldiTables.Matrix.Open(arguments[2], io);
        foreach (var (utterance, graph) in FstTables.Vector.Read(arguments[1], io))
        {
            if (!matrices.TryGet(utterance, out var matrix))
                Fail($"Not decoding utterance {utterance} because no loglikes available.");
            else if (HasFrames(utterance, matrix))
                yield return Decode(utterance, graph, transitions, scores(matrix));
        }
    }

    private DecodedUtterance Decode(string utterance, VectorFst graph, TransitionModel transitions, IAcousticScores scores)
    {
        BatchDecoder decoder;
        try
        {
            decoder = Decoder(graph.ToFst(), transitions);
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance {utterance}: {failure.Message}", failure);
        }

        return decoder.Decode([KeyValuePair.Create(utterance, scores)]).Single();
    }

    private BatchDecoder Decoder(Fst graph, TransitionModel transitions) =>
        new(graph, transitions.ToPdfMap(), options.Search, threads: options.Threads)
        {
            Determinizer = options.Determinizer(transitions),
            KeepsStates = !options.Determinize,
        };

    private bool HasFrames(string utterance, FloatMatrix matrix)
    {
        if (matrix.Rows == 0)
            Fail($"Zero-length utterance: {utterance}");

        return matrix.Rows > 0;
    }

    private void Fail(string warning)
    {
        log.Warning(warning);
        _failed++;
    }

    /// <summary>Counts and logs an utterance; returns its best path, or null where nothing is written of it.</summary>
    private LatticePath? Accept(DecodedUtterance decoded)
    {
        var utterance = decoded.Utterance;
        if (decoded.BestPath is not { } path)
        {
            Fail($"Failed to decode utterance with id {utterance}");
            return null;
        }

        if (decoded.IsPartial && !options.AllowPartial)
        {
            Fail($"Not producing output for utterance {utterance} since no final-state reached and --allow-partial=false.");
            return null;
        }

        if (decoded.IsPartial)
            log.Warning($"Outputting partial output for utterance {utterance} since no final-state reached");

        if (_names is not null)
            log.Plain(_names.Line(utterance, path.Words));

        var logLikelihood = -(path.Weight.Graph + ((double)options.Search.AcousticScale * path.Weight.Acoustic));
        var perFrame = KaldiLog.Number(logLikelihood / decoded.Frames);
        log.Log($"Log-like per frame for utterance {utterance} is {perFrame} over {decoded.Frames} frames.");
        _done++;
        _frames += decoded.Frames;
        _logLikelihood += logLikelihood;
        return path;
    }

    private void Summarize(double seconds)
    {
        var factor = KaldiLog.Number(options.Threads * seconds * 100 / _frames);
        var perThread = "";
        if (options is ParallelLatgenOptions)
        {
            perThread = " per thread";
            log.Log($"Decoded with {options.Threads} threads.");
        }

        log.Log($"Time taken {KaldiLog.Number(seconds)}s: real-time factor{perThread} assuming 100 frames/sec is {factor}");
        log.Log($"Done {_done} utterances, failed for {_failed}");
        log.Log($"Overall log-likelihood per frame is {KaldiLog.Number(_logLikelihood / _frames)} over {_frames} frames.");
    }
}
