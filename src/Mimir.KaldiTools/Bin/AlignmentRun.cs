using Mimir.Base;
using Mimir.Decode.Alignment;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>Aligns utterances, writes what was asked for, and counts, as Kaldi's programs of alignment all do.</summary>
internal sealed class AlignmentRun : IDisposable
{
    private readonly Aligner _aligner;
    private readonly AlignmentOptions _options;
    private readonly KaldiLog _log;
    private readonly TableWriter<int[]> _alignments;
    private readonly TableWriter<float>? _scores;
    private readonly TableWriter<float[]>? _frames;
    private int _done;
    private int _errors;
    private int _retried;
    private double _logLikelihood;
    private long _frameCount;

    /// <summary>Opens the tables.</summary>
    /// <param name="pdfOf">The pdf of every transition-id.</param>
    /// <param name="options">Beams and scale.</param>
    /// <param name="alignments">The table of alignments to write.</param>
    /// <param name="scores">The table of scores to write; null or empty for none.</param>
    /// <param name="frames">The table of acoustic log-likelihoods to write; null or empty for none.</param>
    /// <param name="log">Receives results and warnings.</param>
    /// <param name="io">What may be opened.</param>
    public AlignmentRun(
        int[] pdfOf, AlignmentOptions options, string alignments, string? scores, string? frames, KaldiLog log, KaldiIoOptions io)
    {
        _aligner = new Aligner(pdfOf, options);
        (_options, _log) = (options, log);
        _alignments = KaldiTables.IntVector.Create(alignments, io);
        _scores = string.IsNullOrEmpty(scores) ? null : KaldiTables.FloatScalar.Create(scores, io);
        _frames = string.IsNullOrEmpty(frames) ? null : KaldiTables.FloatVector.Create(frames, io);
    }

    /// <summary>Runs an action that aligns; when it fails, nothing of the tables is left.</summary>
    /// <param name="fill">Calls <see cref="Align"/> and <see cref="Skip"/>.</param>
    /// <returns>True when an utterance was aligned.</returns>
    public bool Fill(Action fill)
    {
        try
        {
            fill();
        }
        catch (Exception)
        {
            _alignments.Discard();
            _scores?.Discard();
            _frames?.Discard();
            throw;
        }

        _log.Log(
            $"Overall log-likelihood per frame is {KaldiLog.Number(_logLikelihood / _frameCount)} over {_frameCount} frames.");
        _log.Log($"Retried {_retried} out of {_done + _errors} utterances.");
        _log.Log($"Done {_done}, errors on {_errors}");
        return _done != 0;
    }

    /// <summary>Counts an utterance that cannot be aligned.</summary>
    public void Skip(string warning)
    {
        _log.Warning(warning);
        _errors++;
    }

    /// <summary>Aligns an utterance and writes the result.</summary>
    /// <param name="utterance">Its id.</param>
    /// <param name="graph">Its graph, with the costs of transitions.</param>
    /// <param name="scores">Its acoustic log-likelihoods.</param>
    /// <exception cref="InputException">The graph or the scores do not fit the model.</exception>
    public void Align(string utterance, VectorFst graph, IAcousticScores scores)
    {
        if (graph.Start < 0)
        {
            Skip($"Empty decoding graph for {utterance}");
            return;
        }

        AlignmentResult result;
        try
        {
            result = _aligner.Align(graph, scores);
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance '{utterance}': {failure.Message}", failure);
        }

        if (result.Retried)
        {
            _retried++;
            _log.Warning($"Retrying utterance {utterance} with beam {KaldiLog.Number(_options.RetryBeam)}");
        }

        if (result.Path is not { } path)
        {
            Skip($"Did not successfully decode file {utterance}, len = {scores.Frames}");
            return;
        }

        _done++;
        _logLikelihood += path.Score / _options.AcousticScale;
        _frameCount += scores.Frames;
        _alignments.Write(utterance, path.Transitions);
        _scores?.Write(utterance, path.Score);
        _frames?.Write(utterance, path.LogLikelihoods);
    }

    public void Dispose()
    {
        _alignments.Dispose();
        _scores?.Dispose();
        _frames?.Dispose();
    }
}
