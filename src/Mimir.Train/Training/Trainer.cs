using System.Numerics.Tensors;
using Mimir.Dist;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Schedules;
using Mimir.Train.Tuning;

namespace Mimir.Train.Training;

/// <summary>The training loop: epochs of shuffled batches, cross-validation, the schedule's verdict, checkpoints.</summary>
/// <remarks>
/// Everything that decides the next step is in <see cref="TrainingState"/> and the checkpoint's vectors, so a run that is
/// killed and resumed at any step ends with the same bytes as one that is not.
/// </remarks>
public sealed class Trainer
{
    private readonly ITrainingEngine _engine;
    private ISchedule _schedule;
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
    private bool _isWhole = true;

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
    /// Several save themselves and stop at the same step or block, where their update mode passes signals on, else at the end
    /// of an epoch; the first of them writes.
    /// </remarks>
    public WorkerTeam Team { get; init; } = WorkerTeam.Alone;

    /// <summary>Gets who may change the rate, and other numbers, while training goes on; null, the default, for nobody.</summary>
    public TeamTuning? Tuning { get; init; }

    /// <summary>Gets which worker trains on what; null, the default, for one worker alone.</summary>
    public DataShares? Shares { get; init; }

    /// <summary>Trains until the schedule is content.</summary>
    /// <param name="from">The checkpoint to go on from, or null to start with the engine's network as it is.</param>
    /// <param name="cancellation">Asks the run to save itself at the next step and return.</param>
    /// <returns>The best network, and whether it is the last word.</returns>
    /// <exception cref="DivergedException">A loss is not a number; the last checkpoint is older and sound.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written; those before it are untouched.</exception>
    public TrainerResult Run(Checkpoint? from, CancellationToken cancellation)
    {
        _lastCheckpoint = _time.GetTimestamp();
        Team.Snapshot = () =>
        {
            Tuning?.TryCatchUp(ref _state, ref _schedule);
            return new(_state with { Counters = _engine.Counters }, new Dictionary<string, float[]> { [EngineVectors.Best] = _best });
        };
        if (Team.IsRejoining)
            Join();
        else if (from is not null)
            (_state, _best) = (from.State, EngineVectors.Restore(_engine, from));
        else if (!TryBegin(cancellation))
            return new(true, _state, _engine.CopyModel());

        _schedule = Tuning?.Restore(_state) ?? _schedule;
        try
        {
            return TrainToTheEnd(cancellation);
        }
        catch (PeerLostException) when (Team.IsCoordinator && Shares is { StepsTogether: true } && _isWhole)
        {
            // The step that was interrupted was not taken by this worker, and what was before it is whole.
            WriteCheckpoint();
            throw;
        }
    }

    private TrainerResult TrainToTheEnd(CancellationToken cancellation)
    {
        while (_state.Schedule.Finished is null)
        {
            if (!TryTrainEpoch(cancellation) || !TryFinishEpoch(cancellation))
            {
                WriteCheckpoint();
                return new(true, _state, _best);
            }

            // What several have finished is saved already.
            if (!Team.IsAlone && _state.Schedule.Finished is null && MeetAfterEpoch(cancellation).HasFlag(TeamRequest.Stop))
                return new(true, _state, _best);
        }

        return new(false, _state, _best);
    }

    private void Join()
    {
        var run = Team.Join();
        _state = run.State;
        _best = run.Vectors[EngineVectors.Best];
    }

    private TeamRequest MeetAfterEpoch(CancellationToken cancellation)
    {
        var wishes = (TeamRequest)Team.Bits((long)OwnWishes(cancellation));
        if (wishes.HasFlag(TeamRequest.Admit))
            Team.Reform();

        return wishes;
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

        _state = Shares?.Begin(_state) ?? _state;
        _dealer.Start(_state.Epoch, _state.Step);
        while (true)
        {
            var wishes = Listen(cancellation);
            if (wishes.HasFlag(TeamRequest.Admit))
                Admit();
            if (wishes.HasFlag(TeamRequest.Save))
                WriteCheckpoint();
            if (wishes.HasFlag(TeamRequest.Stop))
                return false;

            if (TryTrainNext(cancellation))
                continue;

            if (EndEpoch(cancellation) is var end && end.HasFlag(TeamRequest.Stop))
                return false;
            if (!end.HasFlag(TeamRequest.Unfinished))
                break;
        }

        _state = _state with { Totals = Team.Sum(_state.Totals) };
        Shares?.End(_state.Epoch, _state.Totals.Rows);
        return true;
    }

    // Who comes gets what was tuned with the state of the first worker; the others have it before the next step, too.
    private void Admit()
    {
        Team.Reform();
        Tuning?.TryCatchUp(ref _state, ref _schedule);
    }

    // What all are to do now: what this worker wishes when it is alone, else what they have told each other last.
    private TeamRequest Listen(CancellationToken cancellation)
    {
        var exchange = _engine.Exchange;
        var heard = exchange is null ? OwnWishes(cancellation) : (TeamRequest)exchange.TakeHeard();
        var isTuned = Tuning is not null && Tuning.TryApply(heard, ref _state, ref _schedule);
        if (isTuned && exchange is not { Hears: false })
            heard |= TeamRequest.Save;

        if (exchange is not null)
            exchange.Signal = (long)(exchange.Hears ? OwnWishes(cancellation) : TuningWish);
        return exchange is { Hears: false } ? TeamRequest.None : heard;
    }

    private TeamRequest TuningWish => Tuning?.Wishes(_state) ?? TeamRequest.None;

    private TeamRequest OwnWishes(CancellationToken cancellation)
    {
        var wishes = cancellation.IsCancellationRequested ? TeamRequest.Stop : TeamRequest.None;
        var isDue = _options.CheckpointEvery > TimeSpan.Zero && _time.GetElapsedTime(_lastCheckpoint) >= _options.CheckpointEvery;
        if (Team.IsCoordinator && isDue)
            wishes |= TeamRequest.Save;
        if (Team.HasNewcomers)
            wishes |= TeamRequest.Admit;

        return wishes | TuningWish;
    }

    private bool TryTrainNext(CancellationToken cancellation)
    {
        // Where nobody hears of it before the end of the epoch, who is to stop has no more data.
        var stops = _engine.Exchange is { Hears: false } && cancellation.IsCancellationRequested;
        FrameBatch batch = default;
        if (!stops)
            _dealer.TryNext(out batch);

        return TryTrainOn(batch);
    }

    private TeamRequest EndEpoch(CancellationToken cancellation)
    {
        if (!_engine.TryEndEpoch())
            return TeamRequest.Unfinished;
        if (_engine.Exchange is null)
            return TeamRequest.None;

        Shares?.Flushed();
        var own = Shares is { Finished: false } ? TeamRequest.Unfinished : TeamRequest.None;
        return (TeamRequest)Team.Bits((long)(own | (cancellation.IsCancellationRequested ? TeamRequest.Stop : TeamRequest.None)));
    }

    // Several workers stop where all of them hear of it.
    private bool MayStop(CancellationToken cancellation) => Team.IsAlone && cancellation.IsCancellationRequested;

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
        if (!TryStep(batch, out var result))
            return false;

        Check(result.Loss, $"epoch {_state.Epoch}, step {_state.Step + 1}");
        _state = _state with
        {
            Step = _state.Step + 1,
            TotalSteps = _state.TotalSteps + 1,
            Totals = _state.Totals.Add(result.Loss, result.Correct, result.Frames, batch.Rows.Length),
        };
        Shares?.StepDone(_state.TotalSteps);
        _observer.StepDone(_state, result);
        return true;
    }

    private bool TryStep(FrameBatch batch, out BatchResult result)
    {
        var counters = Team.IsAlone ? null : _engine.Counters;
        try
        {
            return _engine.TryTrain(batch, _batchTargets, _state.Schedule.Rate, out result);
        }
        catch (PeerLostException) when (counters is not null)
        {
            // Streams have moved on already, and cannot go back.
            _engine.Counters = counters;
            _isWhole = _engine.CopyStates().Count == 0;
            throw;
        }
    }

    private bool TryFinishEpoch(CancellationToken cancellation)
    {
        if (!TryValidate(_state.Epoch, cancellation, out var totals))
            return false;

        // In asgd a worker whose data have ended has not looked since.
        if (_engine.Exchange is { TunesTogether: false })
            Tuning?.TryCatchUp(ref _state, ref _schedule);

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
        var isWhole = false;
        totals = default;
        while (!isWhole)
        {
            // A lost worker's share is lost with it, and all begin again.
            var began = Team.Group.Generation;
            if (!TryValidateShare(epoch, cancellation, out totals))
                return false;

            totals = Team.Sum(totals, began, out isWhole);
        }

        return true;
    }

    private bool TryValidateShare(int epoch, CancellationToken cancellation, out EpochTotals totals)
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

        return true;
    }

    private void Record(EpochRecord record)
    {
        _state = _state with { History = [.. _state.History, record] };
        _observer.EpochDone(record, _state);
    }

    private void WriteCheckpoint()
    {
        _lastCheckpoint = _time.GetTimestamp();
        if (!Team.IsCoordinator)
            return;

        var model = _engine.CopyModel();
        CheckFinite(model);
        var vectors = EngineVectors.Copy(_engine, model, _best, inEpoch: _state.Step > 0);
        _state = _state with { Counters = _engine.Counters };
        var saved = Shares?.Save(_state) ?? _state;
        _observer.CheckpointWritten(_checkpoints.Write(new(saved, vectors), _options.KeepCheckpoints));
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
