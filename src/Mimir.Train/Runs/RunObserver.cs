using System.Globalization;
using Mimir.Train.Checkpoints;
using Mimir.Train.Distribution;
using Mimir.Train.Losses;
using Mimir.Train.Reports;
using Mimir.Train.Training;

namespace Mimir.Train.Runs;

/// <summary>Reports the training loop: to the progress display a few times a second, to the log every few seconds.</summary>
internal sealed class RunObserver : ITrainerObserver
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(5);

    private readonly ITrainingProgress _progress;
    private readonly RunRecorder _recorder;
    private readonly TimeProvider _time;
    private readonly WorkerTeam _team;
    private readonly ITeamSession _session;
    private readonly ModelKeeper _model;
    private readonly int? _maxEpochs;
    private readonly long _validationFrames;
    private readonly ExchangeCount _exchanges = new();

    // Within an epoch this worker counts its share: the others' are taken to be as large, while they are there.
    private readonly bool _isShared;
    private double _first;
    private double _done;
    private Stage? _stage;
    private TimeSpan _trainSeconds;
    private TimeSpan? _epochSeconds;
    private double _trainedByAll;
    private long _lastLog;
    private double _loggedFrames;
    private TrainingState? _state;

    /// <summary>Begins to count.</summary>
    /// <param name="run">The display, the log and the clock.</param>
    /// <param name="session">Has the statistics of exchanges.</param>
    /// <param name="model">Saves each accepted network.</param>
    /// <param name="trainFrames">The frames of an epoch, by weight.</param>
    /// <param name="validationFrames">The frames of the cross-validation set, by weight.</param>
    public RunObserver(RunContext run, ITeamSession session, ModelKeeper model, long trainFrames, long validationFrames)
    {
        (_progress, _recorder, _time, _team) = (run.Progress, run.Recorder, run.Time, run.Team);
        (_session, _model, _isShared) = (session, model, run.Team.Size > 1);
        (_maxEpochs, TrainFrames, _validationFrames) = (run.Recipe.Train.Schedule.MaxEpochs, trainFrames, validationFrames);
        StageBegan = run.Time.GetTimestamp();
    }

    /// <summary>Gets or sets the frames of an epoch, by weight; an augmented one may have more or less than the training set.</summary>
    public long TrainFrames { get; set; }

    // Set again between epochs, so that the first step of a stage counts too.
    private long StageBegan { get; set; }

    public void StepDone(TrainingState state, BatchResult batch)
    {
        _state = state;
        var stage = Enter(RunStage.Training, state.Epoch, state.Totals.Frames - batch.Frames);
        if (stage.IsNew)
        {
            _recorder.Write(new EpochStarted { Epoch = state.Epoch, LearningRate = state.Schedule.Rate });
            _first = _done = OfAll(0, stage.FirstFrame);
            (_lastLog, _loggedFrames) = (stage.Began, _first);
        }

        _done = OfAll(_done, batch.Frames);

        Show(stage, state.Totals, _first, _done, TrainFrames, state.Schedule.Rate);
        _trainSeconds = _time.GetElapsedTime(stage.Began);
        _trainedByAll = _done - _first;
        if (_time.GetElapsedTime(_lastLog) >= LogInterval)
            LogStep(state);
    }

    public void Validating(int epoch, EpochTotals totals) =>
        Show(Enter(RunStage.Validation, epoch, 0), totals, 0, _team.Size * totals.Frames, _validationFrames, null);

    public void EpochDone(EpochRecord record, TrainingState state)
    {
        _recorder.Write(new CrossValidated
        {
            Epoch = record.Epoch,
            Loss = record.CvLoss,
            FrameAccuracy = record.CvAccuracy,
            Frames = _validationFrames,
            Seconds = _stage is null ? 0 : _time.GetElapsedTime(_stage.Began).TotalSeconds,
            Measures = record.CvMeasures,
        });
        if (record.Epoch > 0)
            LogVerdict(record, state);

        var exchanged = LogExchange(record.Epoch);
        _recorder.Write(new EpochFinished
        {
            Epoch = record.Epoch,
            LearningRate = record.Rate,
            TrainLoss = record.TrainLoss,
            TrainAccuracy = record.TrainAccuracy,
            CvLoss = record.CvLoss,
            CvAccuracy = record.CvAccuracy,
            Accepted = record.Accepted,
            Frames = (long)_trainedByAll,
            Seconds = _trainSeconds.TotalSeconds,
            TrainMeasures = record.TrainMeasures,
            CvMeasures = record.CvMeasures,
        });
        Say(record, state, exchanged);
        (_trainSeconds, _trainedByAll, _epochSeconds) = (TimeSpan.Zero, 0, null);
        StageBegan = _time.GetTimestamp();
        if (record.Accepted)
            _model.Save(state.History);
    }

    public void Averaged(AverageRecord record)
    {
        _recorder.Write(new ModelsAveraged { Average = record });
        _progress.Say(record.ToString());
    }

    public void CheckpointWritten(string folder) => _recorder.Write(new CheckpointSaved
    {
        Folder = folder,
        Epoch = _state?.Epoch ?? 1,
        Step = _state?.TotalSteps ?? 0,
    });

    private Stage Enter(RunStage kind, int epoch, double firstFrame)
    {
        if (_stage is { } stage && stage.Kind == kind && stage.Epoch == epoch)
            return _stage = stage with { IsNew = false };

        if (kind == RunStage.Validation)
            _epochSeconds ??= _time.GetElapsedTime(StageBegan);

        var began = _stage is null || kind == RunStage.Training ? StageBegan : _time.GetTimestamp();
        return _stage = new(kind, epoch, began, firstFrame, 0, IsNew: true);
    }

    // Where leases are dealt, a quick worker has more than its share, but all together have no more than there is.
    private double OfAll(double before, double own)
    {
        var done = before + (_team.Size * own);
        return _isShared ? Math.Min(done, TrainFrames) : done;
    }

    private void Show(Stage stage, EpochTotals totals, double first, double done, long total, double? rate)
    {
        var now = _time.GetTimestamp();
        if (stage.Shown != 0 && _time.GetElapsedTime(stage.Shown, now) < ReportInterval && done < total)
            return;

        _stage = stage with { Shown = now, IsNew = false };
        var seconds = _time.GetElapsedTime(stage.Began, now).TotalSeconds;
        var speed = seconds >= ReportInterval.TotalSeconds ? (done - first) / seconds : 0;
        _progress.Report(new()
        {
            Stage = stage.Kind,
            Epoch = stage.Epoch,
            MaxEpochs = _maxEpochs,
            Set = stage.Kind == RunStage.Training ? "train" : "cv",
            Done = Math.Min((long)done, total),
            Total = total,
            Rate = speed > 0 ? speed : null,
            Loss = totals.LossPerFrame,
            FrameAccuracy = totals.Accuracy,
            LearningRate = rate,
            Remaining = speed > 0 ? TimeSpan.FromSeconds(Math.Max(0, total - done) / speed) : null,
        });
    }

    private void LogStep(TrainingState state)
    {
        _recorder.Write(new StepProgress
        {
            Epoch = state.Epoch,
            Step = state.TotalSteps,
            Frames = (long)_done,
            Loss = state.Totals.LossPerFrame,
            FrameAccuracy = state.Totals.Accuracy,
            FramesPerSecond = (_done - _loggedFrames) / _time.GetElapsedTime(_lastLog).TotalSeconds,
            LearningRate = state.Schedule.Rate,
        });
        (_lastLog, _loggedFrames) = (_time.GetTimestamp(), _done);
    }

    private void LogVerdict(EpochRecord record, TrainingState state)
    {
        var before = state.History.Last(epoch => epoch.Epoch < record.Epoch && (epoch.Accepted || epoch.Epoch == 0)).CvLoss;
        _recorder.Write(new ScheduleDecided
        {
            Epoch = record.Epoch,
            Accepted = record.Accepted,
            RelativeImprovement = record.Accepted && before != 0 ? (before - record.CvLoss) / before : 0,
            LearningRate = state.Schedule.Rate,
            Halving = state.Schedule.Halving,
            Stop = state.Schedule.Finished is not null,
        });
    }

    private WorkersExchanged? LogExchange(int epoch)
    {
        if (_session.Statistics is not { } statistics || epoch == 0)
            return null;

        var happened = _exchanges.Epoch(epoch, _team.Size, statistics, _epochSeconds ?? _trainSeconds) with
        {
            InputStallPercent = _session.TakeStallPercent(),
        };
        _recorder.Write(happened);
        return happened;
    }

    private void Say(EpochRecord record, TrainingState state, WorkersExchanged? exchanged)
    {
        var waited = exchanged is null ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $", waited {exchanged.WaitingPercent:F1}% for the others")
            + (exchanged.InputStallPercent is { } stall ? string.Create(CultureInfo.InvariantCulture, $", {stall:F1}% for input") : "");
        var validated = string.Create(
            CultureInfo.InvariantCulture, $"cross-validation loss {record.CvLoss:F4}, frame accuracy {100 * record.CvAccuracy:F2}%")
            + string.Concat((record.CvMeasures ?? new Dictionary<string, double>()).Select(measure => string.Create(
                CultureInfo.InvariantCulture, $", {measure.Key} {measure.Value:G5}")));
        _progress.Say(record.Epoch == 0
            ? $"before training: {validated}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {record.Epoch}: rate {record.Rate:G6}, training loss {record.TrainLoss:F4} ({100 * record.TrainAccuracy:F2}%), "
                + $"{validated}, {(record.Accepted ? "accepted" : "rejected")}, "
                + $"{_trainedByAll / Math.Max(_trainSeconds.TotalSeconds, 1e-9):F0} frames/s{waited}"));
        if (state.Schedule.Finished is { } reason)
            _progress.Say($"training is over: {reason}");
    }

    private sealed record Stage(RunStage Kind, int Epoch, long Began, double FirstFrame, long Shown, bool IsNew);
}
