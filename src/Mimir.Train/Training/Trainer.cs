using System.Numerics.Tensors;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Schedules;

namespace Mimir.Train.Training;

/// <summary>The training loop: epochs of shuffled batches, cross-validation, the schedule's verdict, checkpoints.</summary>
/// <remarks>
/// Everything that decides the next step is in <see cref="TrainingState"/> and the checkpoint's vectors, so a run that is
/// killed and resumed at any step ends with the same bytes as one that is not.
/// </remarks>
public sealed class Trainer
{
    private readonly ITrainingEngine _engine;
    private readonly ISchedule _schedule;
    private readonly CheckpointStore _checkpoints;
    private readonly TrainerOptions _options;
    private readonly ITrainerObserver _observer;
    private readonly TimeProvider _time;

    private readonly TargetBatch _batchTargets;
    private readonly TargetBatch _validationTargets;
    private readonly IBatchDealer _validation;
    private IBatchDealer _dealer;
    private int[] _sourceRows = [];
    private int[]? _sources;
    private TrainingState _state;
    private float[] _best = [];
    private long _lastCheckpoint;

    /// <summary>Joins the parts of a run.</summary>
    /// <param name="engine">The network on its corpus.</param>
    /// <param name="dealer">Deals the training frames.</param>
    /// <param name="targets">What each training frame is to be taken for.</param>
    /// <param name="validation">Deals the cross-validation frames, in the same way each time.</param>
    /// <param name="validationTargets">What each cross-validation frame is to be taken for.</param>
    /// <param name="schedule">Decides after every epoch.</param>
    /// <param name="checkpoints">Where the run saves itself.</param>
    /// <param name="options">How often it does.</param>
    /// <param name="observer">Follows the run.</param>
    /// <param name="time">Tells when the next checkpoint is due.</param>
    public Trainer(
        ITrainingEngine engine,
        IBatchDealer dealer,
        FrameTargets targets,
        IBatchDealer validation,
        FrameTargets validationTargets,
        ISchedule schedule,
        CheckpointStore checkpoints,
        TrainerOptions options,
        ITrainerObserver observer,
        TimeProvider time)
    {
        Check(dealer, targets);
        Check(validation, validationTargets);
        (_engine, _dealer, _validation) = (engine, dealer, validation);
        (_schedule, _checkpoints, _options, _observer, _time) = (schedule, checkpoints, options, observer, time);
        (_batchTargets, _validationTargets) = (new(targets), new(validationTargets));
        _state = new() { Fingerprint = options.Fingerprint, Epoch = 1, Schedule = new() };
    }

    /// <summary>
    /// Gets what makes the training frames of an epoch the engine's and deals them, or null when all epochs have the same. It
    /// is asked at the beginning of an epoch and when a run goes on within one, and gives the same each time.
    /// </summary>
    public Func<int, CancellationToken, EpochPlan>? Plan { get; init; }

    /// <summary>Gets who trains together; the default is one worker alone.</summary>
    /// <remarks>
    /// Several decide together at the end of an epoch, and only there save themselves or stop; the first of them writes.
    /// </remarks>
    public WorkerTeam Team { get; init; } = WorkerTeam.Alone;

    /// <summary>Trains until the schedule is content.</summary>
    /// <param name="from">The checkpoint to go on from, or null to start with the engine's network as it is.</param>
    /// <param name="cancellation">Asks the run to save itself at the next step and return.</param>
    /// <returns>The best network, and whether it is the last word.</returns>
    /// <exception cref="DivergedException">A loss is not a number; the last checkpoint is older and sound.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written; those before it are untouched.</exception>
    public TrainerResult Run(Checkpoint? from, CancellationToken cancellation)
    {
        _lastCheckpoint = _time.GetTimestamp();
        if (from is not null)
            (_state, _best) = (from.State, EngineVectors.Restore(_engine, from));
        else if (!TryBegin(cancellation))
            return new(true, _state, _engine.CopyModel());

        while (_state.Schedule.Finished is null)
        {
            if (!TryTrainEpoch(cancellation) || !TryFinishEpoch(cancellation))
            {
                WriteCheckpoint();
                return new(true, _state, _best);
            }

            // What several have finished is saved already.
            if (Team.Size > 1 && _state.Schedule.Finished is null && Team.Any(cancellation.IsCancellationRequested))
                return new(true, _state, _best);
        }

        return new(false, _state, _best);
    }

    private bool TryBegin(CancellationToken cancellation)
    {
        _best = _engine.CopyModel();
        if (!TryValidate(0, cancellation, out var totals))
            return false;

        _state = _state with { Schedule = _schedule.Start(totals.LossPerFrame), Counters = _engine.Counters };
        Record(new(0, 0, 0, 0, totals.LossPerFrame, totals.Accuracy, false));
        WriteCheckpoint();
        return true;
    }

    private bool TryTrainEpoch(CancellationToken cancellation)
    {
        if (_state.Step == 0)
        {
            if (_schedule.TrainsFromBest)
                _engine.SetModel(_best);
            if (_options.ResetOptimiserEachEpoch)
                _engine.ResetOptimiser();
        }

        if (!TryPlan(cancellation))
            return false;

        _dealer.Start(_state.Epoch, _state.Step);
        while (true)
        {
            if (MayStop(cancellation))
                return false;

            _dealer.TryNext(out var batch);
            if (!TryTrainOn(batch))
                break;

            if (Team.Size == 1 && _options.CheckpointEvery > TimeSpan.Zero && _time.GetElapsedTime(_lastCheckpoint) >= _options.CheckpointEvery)
                WriteCheckpoint();
        }

        _engine.EndEpoch();
        _state = _state with { Totals = Team.Sum(_state.Totals) };
        return true;
    }

    // Several workers stop together, at the end of an epoch.
    private bool MayStop(CancellationToken cancellation) => Team.Size == 1 && cancellation.IsCancellationRequested;

    private bool TryPlan(CancellationToken cancellation)
    {
        if (Plan is null)
            return true;

        try
        {
            (_dealer, _sources, _) = Plan(_state.Epoch, cancellation);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private ReadOnlySpan<int> SourcesOf(ReadOnlySpan<int> rows)
    {
        if (_sources is null)
            return rows;

        if (_sourceRows.Length < rows.Length)
            _sourceRows = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            _sourceRows[i] = _sources[rows[i]];

        return _sourceRows.AsSpan(0, rows.Length);
    }

    private bool TryTrainOn(FrameBatch batch)
    {
        _batchTargets.Gather(SourcesOf(batch.Rows));
        if (!_engine.TryTrain(batch, _batchTargets, _state.Schedule.Rate, out var result))
            return false;

        Check(result.Loss, $"epoch {_state.Epoch}, step {_state.Step + 1}");
        _state = _state with
        {
            Step = _state.Step + 1,
            TotalSteps = _state.TotalSteps + 1,
            Totals = _state.Totals.Add(result.Loss, result.Correct, result.Frames),
        };
        _observer.StepDone(_state, result);
        return true;
    }

    private bool TryFinishEpoch(CancellationToken cancellation)
    {
        if (!TryValidate(_state.Epoch, cancellation, out var totals))
            return false;

        var (epoch, rate, trained) = (_state.Epoch, _state.Schedule.Rate, _state.Totals);
        var verdict = _schedule.After(_state.Schedule, totals.LossPerFrame);
        if (verdict.Accepted)
            _best = _engine.CopyModel();

        _state = _state with { Epoch = epoch + 1, Step = 0, Totals = default, Schedule = verdict, Counters = _engine.Counters };
        Record(new(
            epoch, rate, trained.LossPerFrame, trained.Accuracy, totals.LossPerFrame, totals.Accuracy, verdict.Accepted));
        WriteCheckpoint();
        return true;
    }

    private bool TryValidate(int epoch, CancellationToken cancellation, out EpochTotals totals)
    {
        totals = default;
        _validation.Start(epoch: 1);
        while (_validation.TryNext(out var batch))
        {
            if (MayStop(cancellation))
                return false;

            if (batch.Rows.IsEmpty)
                continue;

            _validationTargets.Gather(batch.Rows, batch.Context);
            var result = _engine.Validate(batch, _validationTargets);
            totals = totals.Add(result.Loss, result.Correct, result.Frames);
            Check(result.Loss, $"the cross-validation after epoch {epoch}");
            _observer.Validating(epoch, totals);
        }

        totals = Team.Sum(totals);
        return true;
    }

    private void Record(EpochRecord record)
    {
        _state = _state with { History = [.. _state.History, record] };
        _observer.EpochDone(record, _state);
    }

    private void WriteCheckpoint()
    {
        if (!Team.Keeps)
            return;

        var model = _engine.CopyModel();
        CheckFinite(model);
        var vectors = EngineVectors.Copy(_engine, model, _best, inEpoch: _state.Step > 0);
        _state = _state with { Counters = _engine.Counters };
        _observer.CheckpointWritten(_checkpoints.Write(new(_state, vectors), _options.KeepCheckpoints));
        _lastCheckpoint = _time.GetTimestamp();
    }

    // The step that breaks the network shows in the loss of the next one, when its checkpoint would be written already.
    private void CheckFinite(float[] model)
    {
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(model)))
            throw Diverged("A parameter is not a finite number", $"epoch {_state.Epoch}, step {_state.Step}");
    }

    private static void Check(IBatchDealer dealer, FrameTargets targets)
    {
        if (targets.Frames != dealer.TableFrames)
            throw new ArgumentException($"{dealer.TableFrames} frames need as many targets, got {targets.Frames}.", nameof(targets));
    }

    private void Check(double loss, string place)
    {
        if (!double.IsFinite(loss))
            throw Diverged(FormattableString.Invariant($"The loss is {loss}"), place);
    }

    private DivergedException Diverged(string what, string place) => DivergedException.At(what, place, _state.Schedule.Rate);
}
