using Mimir.Train.Checkpoints;

namespace Mimir.Train.Reports;

/// <summary>Folds the events of a run into its summary.</summary>
internal sealed class RunSummaryBuilder
{
    private readonly SortedDictionary<int, EpochResult> _epochs = [];
    private readonly OrderedDictionary<(string Set, string Measure), SetResult> _results = [];
    private readonly Dictionary<string, long> _dropped = [];
    private readonly List<string> _warnings = [];
    private readonly List<RunTuned> _tuned = [];
    private readonly OrderedDictionary<string, double> _stages = [];
    private readonly OrderedDictionary<string, UtterancesDropped> _drops = [];
    private readonly OrderedDictionary<string, ErrorsFound> _errors = [];
    private readonly OrderedDictionary<(string Set, string Utterance), UtteranceQuarantined> _quarantined = [];
    private WorkersExchanged? _exchanged;
    private RunCompared? _compared;
    private AverageRecord? _average;

    /// <summary>Sums up the events.</summary>
    public RunSummary Build(IEnumerable<RunEvent> events)
    {
        var summary = new RunSummary();
        DateTimeOffset? before = null;
        foreach (var happened in events)
        {
            if (happened is not RunStarted && before is { } previous)
                summary = summary with { Seconds = summary.Seconds + Math.Max(0, (happened.Time - previous).TotalSeconds) };
            summary = Add(before is null ? summary with { Started = happened.Time } : summary, happened, first: before is null);
            before = happened.Time;
        }

        var best = _epochs.Values.LastOrDefault(epoch => epoch.Accepted) ?? _epochs.GetValueOrDefault(0);
        var seconds = _epochs.Values.Sum(epoch => epoch.Seconds);
        return summary with
        {
            Ended = before ?? default,
            FrameAccuracy = _average is { Accepted: true } ? _average.CvAccuracy : best?.CvAccuracy,
            CrossEntropy = _average is { Accepted: true } ? _average.CvLoss : best?.CvLoss,
            Average = _average,
            BestEpoch = best?.Epoch,
            FramesPerSecond = seconds > 0 ? _epochs.Values.Sum(epoch => epoch.Frames) / seconds : null,
            Epochs = [.. _epochs.Values],
            Results = [.. _results.Values],
            Comparison = _compared,
            Errors = [.. _errors.Values],
            StageSeconds = _stages,
            Drops = [.. _drops.Values],
            Dropped = _dropped,
            Quarantined = [.. _quarantined.Values],
            Tuned = [.. _tuned.Select(tuned => tuned.ToString())],
            Warnings = _warnings,
        };
    }

    // Work that is done again after a resumption took its time too.
    private void Time(RunEvent happened)
    {
        var (stage, seconds) = happened switch
        {
            StageFinished { Stage: RunStage.Pretraining } pretraining => ("pretraining", pretraining.Seconds),
            StageFinished features => ($"features of {features.Set}", features.Seconds),
            EpochFinished epoch => ("training", epoch.Seconds),
            CrossValidated validation => ("cross-validation", validation.Seconds),
            SetDecoded decoded => ($"decoding of {decoded.Set}", decoded.Seconds),
            _ => ("", 0),
        };
        if (seconds > 0)
            _stages[stage] = _stages.GetValueOrDefault(stage) + seconds;
    }

    private RunSummary Add(RunSummary summary, RunEvent happened, bool first)
    {
        Time(happened);
        switch (happened)
        {
            case RunStarted started:
                return Start(summary, started, first);
            case UtterancesDropped dropped:
                _dropped[dropped.Set] = dropped.Dropped;
                _drops[dropped.Set] = dropped;
                break;
            case UtteranceQuarantined one:
                _quarantined[(one.Set, one.Utterance)] = one;
                break;
            case WorkersExchanged exchanged:
                _exchanged = exchanged;
                break;
            case RunTuned tuned:
                _tuned.Add(tuned);
                break;
            case EpochFinished epoch:
                var exchange = _exchanged?.Epoch == epoch.Epoch ? _exchanged : null;
                _epochs[epoch.Epoch] = new EpochResult(
                    epoch.Epoch,
                    epoch.LearningRate,
                    epoch.Epoch == 0 ? null : epoch.TrainLoss,
                    epoch.Epoch == 0 ? null : epoch.TrainAccuracy,
                    epoch.CvLoss,
                    epoch.CvAccuracy,
                    epoch.Accepted,
                    epoch.Frames,
                    epoch.Seconds,
                    epoch.FramesPerSecond)
                {
                    WaitingPercent = exchange?.WaitingPercent,
                    InputStallPercent = exchange?.InputStallPercent,
                    ExchangedBytes = exchange?.Bytes,
                    TrainMeasures = epoch.TrainMeasures,
                    CvMeasures = epoch.CvMeasures,
                };
                break;
            case ModelsAveraged averaged:
                _average = averaged.Average;
                break;
            case SetScored score:
                _results[(score.Set, score.Measure)] = new SetResult(
                    score.Set,
                    score.Measure,
                    score.Percent,
                    score.Reference,
                    score.Insertions,
                    score.Deletions,
                    score.Substitutions,
                    score.LmWeight,
                    score.WordInsertionPenalty,
                    score.TunedOn);
                break;
            case ErrorsFound errors:
                _errors[errors.Set] = errors;
                break;
            case RunCompared compared:
                _compared = compared;
                break;
            case WarningRaised warning when !_warnings.Contains(warning.Message):
                _warnings.Add(warning.Message);
                break;
            case RunEnded ended:
                return summary with { Status = ended.Status, Error = ended.Error };
        }

        return summary;
    }

    private RunSummary Start(RunSummary summary, RunStarted started, bool first)
    {
        // What follows the checkpoint in the log is done again.
        var from = started.ResumedEpoch ?? 0;
        foreach (var epoch in _epochs.Keys.Where(epoch => epoch >= from).ToList())
            _epochs.Remove(epoch);
        _tuned.RemoveAll(tuned => started.ResumedFrom is null || tuned.Step > (started.ResumedStep ?? long.MaxValue - 1) + 1);
        foreach (var one in _quarantined.Values.Where(one => one.Step > (started.ResumedStep ?? 0) + 1).ToList())
            _quarantined.Remove((one.Set, one.Utterance));
        if (started.ResumedFrom is null)
        {
            _quarantined.Clear();
            _dropped.Clear();
            _drops.Clear();
            _stages.Clear();
            _warnings.Clear();
        }

        _results.Clear();
        _errors.Clear();
        (_compared, _average) = (null, null);
        return summary with
        {
            Name = started.Name,
            Status = RunStatus.Interrupted,
            Error = null,
            Resumptions = summary.Resumptions + (first || started.ResumedFrom is null ? 0 : 1),
            Seed = started.Seed,
            Versions = started.Versions,
            Hardware = started.Hardware,
            Parameters = started.Parameters,
        };
    }
}
