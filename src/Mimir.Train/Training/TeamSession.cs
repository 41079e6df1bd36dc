using Mimir.Base;
using Mimir.Dist;
using Mimir.Dist.Updates;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Losses;
using Mimir.Train.Tuning;

namespace Mimir.Train.Training;

/// <summary>The session of one of several workers.</summary>
/// <remarks>
/// It owns the exchange of parameters, the shares of the data and the tuning. Where the update mode survives it, a loss forms a new
/// group (<see cref="TeamRecovery"/>), and every method returns as if nothing had been.
/// </remarks>
internal sealed class TeamSession : ITeamSession
{
    private readonly WorkerTeam _team;
    private readonly GraphEngine _engine;
    private readonly ParameterExchange _exchange;
    private readonly DataShares _shares;
    private readonly TeamTuning _tuning;
    private readonly TeamRecovery _recovery;
    private readonly TrainingProgress _progress;
    private readonly TeamGuard? _guard;
    private bool _isWhole = true;

    /// <summary>Makes the session.</summary>
    /// <param name="team">The workers.</param>
    /// <param name="engine">This worker's network.</param>
    /// <param name="exchange">The update mode on the network; it belongs to the session.</param>
    /// <param name="shares">This worker's data; they belong to the session.</param>
    /// <param name="tuning">Live tuning.</param>
    /// <param name="progress">The progress of the run.</param>
    /// <param name="warn">Receives a line about each worker that is lost or joins.</param>
    /// <param name="guard">Sets utterances aside; null stops at what cannot be trained on.</param>
    public TeamSession(
        WorkerTeam team, GraphEngine engine, ParameterExchange exchange, DataShares shares, RunTuning tuning, TrainingProgress progress,
        Action<string> warn, StepGuard? guard = null)
    {
        (_team, _engine, _exchange, _shares, _progress) = (team, engine, exchange, shares, progress);
        _tuning = new(tuning, team, exchange);
        _recovery = new(team, engine, exchange, shares, _tuning, progress, warn);
        _guard = guard is null ? null : new(engine, guard, numbers => _recovery.Gather(numbers), team.IsCoordinator);
        exchange.OnBlockBegins(shares.BlockBegins);
    }

    /// <inheritdoc/>
    public bool IsCoordinator => _team.IsCoordinator;

    /// <inheritdoc/>
    /// <remarks>In sync the step that was interrupted was not taken by this worker, and the state before it is whole.</remarks>
    public bool CanSaveAfterLoss => _team.IsCoordinator && _shares.StepsTogether && _isWhole;

    /// <inheritdoc/>
    public int Generation => _team.Group.Generation;

    /// <inheritdoc/>
    public UpdateStatistics? Statistics => _exchange.Statistics;

    /// <inheritdoc/>
    public double TakeStallPercent() => _shares.TakeStallPercent();

    /// <inheritdoc/>
    public IBatchDealer ShareOf(IBatchDealer whole, int[] lengths) => _shares.Of(whole, lengths);

    /// <inheritdoc/>
    public IBatchDealer ShareOfValidation(IBatchDealer whole) => new ShareDealer(whole, () => (_team.Index, _team.Size));

    /// <inheritdoc/>
    public bool TryResume(Checkpoint? from)
    {
        if (_team.IsRejoining)
            _recovery.Join();
        else if (from is not null)
            Load(from);
        else
            return false;

        _tuning.Restore(_progress);
        return true;
    }

    /// <inheritdoc/>
    /// <remarks>Another network than the one that all workers have come to is a beginning: no step has led to it.</remarks>
    public void SetModel(ReadOnlySpan<float> model)
    {
        if (!model.SequenceEqual(_engine.CopyModel()))
            _exchange.Restart();
        _engine.SetModel(model);
    }

    /// <inheritdoc/>
    public void BeginEpoch()
    {
        _progress.State = _shares.Begin(_progress.State);
        _guard?.Guard.BeginEpoch();
    }

    /// <inheritdoc/>
    /// <remarks>Where requests reach nobody before the end of the epoch, a worker that is to stop has no more data.</remarks>
    public TeamRequest BeforeStep(bool saveIsDue, CancellationToken cancellation)
    {
        var received = (TeamRequest)_exchange.ReceiveBits();
        var isTuned = _tuning.TryApply(received, _progress);
        if (!_exchange.Options.PassesSignals)
        {
            _exchange.SendBits((long)_tuning.Request(_progress.State));
            return cancellation.IsCancellationRequested ? TeamRequest.Drain : TeamRequest.None;
        }

        _exchange.SendBits((long)OwnRequests(saveIsDue, cancellation));
        if (received.HasFlag(TeamRequest.Admit))
        {
            _recovery.Regroup();
            _tuning.TryCatchUp(_progress);
        }

        received |= isTuned ? TeamRequest.Save : TeamRequest.None;
        if ((received & (TeamRequest.Save | TeamRequest.Stop)) != TeamRequest.None)
            _guard?.Pool();
        return received;
    }

    /// <inheritdoc/>
    public bool TryStep(FrameBatch batch, TargetBatch targets, out BatchResult result)
    {
        while (true)
        {
            var frames = batch.Rows.IsEmpty ? 0 : Math.Max(1, targets.Counted);
            if (!TrySum(batch, targets, frames, out result, out var total))
                return true;

            if (total == 0)
                return false;

            if (_guard is not null && IsUndone(batch, result, out var isBroken))
            {
                var isLeft = _shares.StepsTogether
                    ? _guard.TrySetAsideTogether(ref batch, targets, result, isBroken)
                    : _guard.TrySetAsideAlone(ref batch, targets, result);
                result = default;
                if (!isLeft)
                    return true;

                continue;
            }

            Step(frames, total);
            _guard?.Guard.Count(batch);
            return true;
        }
    }

    /// <inheritdoc/>
    public TeamRequest EndOfData(CancellationToken cancellation)
    {
        var isOver = false;
        _recovery.Run(() => isOver = _exchange.TryFlush());
        ForgetMomentum();
        if (!isOver)
            return TeamRequest.Unfinished;

        _shares.BlockDone(_exchange.Blocks, _team.Group);
        var own = _shares.IsFinished ? TeamRequest.None : TeamRequest.Unfinished;
        return Exchange(cancellation.IsCancellationRequested ? own | TeamRequest.Stop : own);
    }

    /// <inheritdoc/>
    public void EndEpoch()
    {
        var totals = Sum(_progress.State.Totals, Generation, out _);
        _progress.State = _progress.State with { Totals = totals };
        _guard?.EndEpoch();
        _shares.End(_progress.State.Epoch, totals.Rows);
    }

    /// <inheritdoc/>
    public bool StopsValidation(CancellationToken cancellation) => false;

    /// <inheritdoc/>
    public bool TrySum(ref EpochTotals totals, int generation)
    {
        totals = Sum(totals, generation, out var isWhole);
        return isWhole;
    }

    /// <inheritdoc/>
    /// <remarks>In asgd a worker whose data have ended has received nothing since.</remarks>
    public void BeforeVerdict()
    {
        if (_exchange.Options.IsAsynchronous)
            _tuning.TryCatchUp(_progress);
    }

    /// <inheritdoc/>
    public TeamRequest AfterEpoch(bool saveIsDue, CancellationToken cancellation)
    {
        var requests = Exchange(OwnRequests(saveIsDue, cancellation));
        if (requests.HasFlag(TeamRequest.Admit))
            _recovery.Regroup();

        return requests;
    }

    /// <inheritdoc/>
    public float[]? FromCoordinator(float[]? model) => _team.FromCoordinator(model is null
        ? null
        : new(_progress.State, new Dictionary<string, float[]> { [Checkpoint.Model] = model }))?.Vectors[Checkpoint.Model];

    /// <inheritdoc/>
    public TrainingState Save(TrainingState state) => _shares.Save(state with { Counters = _exchange.AddCounters(_engine.Counters) });

    /// <inheritdoc/>
    public Dictionary<string, float[]> SaveVectors(bool inEpoch)
    {
        var vectors = EngineVectors.Copy(_engine, inEpoch);
        foreach (var (name, vector) in _exchange.SaveState(_team.Size))
            vectors[Checkpoint.Update + name] = vector;

        if (inEpoch)
            _guard?.Guard.Save(vectors);
        return vectors;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shares.Dispose();
        _exchange.Dispose();
    }

    // False when the loss is not finite and nobody sets utterances aside.
    private bool TrySum(FrameBatch batch, TargetBatch targets, int frames, out BatchResult result, out long total)
    {
        var counters = _engine.Counters;
        total = 0;
        try
        {
            result = frames == 0 ? default : _engine.Backward(batch, targets, _exchange.GradientReady);
            if (_guard is null && !double.IsFinite(result.Loss))
                return false;

            if (result.IsUndone)
                _engine.Graph.Parameters.Gradients.zero_();
            total = _exchange.SendOnce(result.IsUndone ? (long)TeamRequest.Undo : 0, () => _exchange.Sum(frames));
            return true;
        }
        catch (PeerLostException)
        {
            // Streams have moved on already, and cannot go back.
            _engine.Counters = counters;
            _isWhole = _engine.CopyStates().Count == 0;
            throw;
        }
    }

    // Where all step together, all see the same.
    private bool IsUndone(FrameBatch batch, BatchResult result, out bool isBroken)
    {
        var isRequested = _exchange.TakeReceived((long)TeamRequest.Undo);
        isBroken = !result.IsUndone && !_engine.HasFiniteGradients;
        return isRequested || isBroken || result.IsUndone;
    }

    private void Step(int frames, long total)
    {
        var rate = _exchange.RateOf(_progress.State.Schedule.Rate, total);
        _engine.Step(rate, checked((int)total));
        _recovery.Run(() => _exchange.AfterStep(frames, rate));
        ForgetMomentum();
        _shares.StepDone(_progress.State.TotalSteps + 1, _exchange.Blocks);
    }

    private void Load(Checkpoint from)
    {
        EngineVectors.Restore(_engine, from);
        if (IsCoordinator)
            _guard?.Guard.Restore(from);
        try
        {
            _exchange.LoadState(from.VectorsOf(Checkpoint.Update), _team.Size);
        }
        catch (Exception error) when (error is InputException or ArgumentException or KeyNotFoundException)
        {
            var name = new CheckpointName(from.State.Epoch, from.State.Step);
            throw new InputException(
                $"checkpoints/{name}: its update mode is in another state ({error.Message}) Take the folder away; the checkpoint before it "
                + "is used then.",
                error);
        }

        _exchange.LoadCounters(from.State.Counters);
        (_progress.State, _progress.Best) = (from.State, EngineVectors.BestOf(from));
    }

    private TeamRequest OwnRequests(bool saveIsDue, CancellationToken cancellation)
    {
        var requests = cancellation.IsCancellationRequested ? TeamRequest.Stop : TeamRequest.None;
        if (_team.IsCoordinator && saveIsDue)
            requests |= TeamRequest.Save;
        if (_exchange.SurvivesLoss && _team.HasNewcomers)
            requests |= TeamRequest.Admit;

        return requests | _tuning.Request(_progress.State);
    }

    private void ForgetMomentum()
    {
        if (!_exchange.TakeForgetsMomentum())
            return;

        // Workers that sum their gradients have one optimiser's state, which one that has missed a step has not.
        if (_exchange.Options.SumsGradients)
            _engine.ResetOptimiser();
        else
            _engine.ForgetMomentum();
    }

    private TeamRequest Exchange(TeamRequest own) =>
        (TeamRequest)_recovery.Gather((long)own).Aggregate(0L, (bits, one) => bits | (long)one);

    // The order of the additions is that of the ranks.
    private EpochTotals Sum(EpochTotals own, int generation, out bool isWhole)
    {
        var names = _engine.Measures;
        var measures = names.SelectMany((_, i) => own.Measures is { } sums ? [sums[i].Sum, sums[i].Count] : new double[2]);
        var all = _recovery.Gather([own.Loss, own.Correct, own.Frames, own.Rows, generation, Generation, .. measures]);
        var sum = default(EpochTotals);
        isWhole = true;
        foreach (var one in all.Chunk(6 + (2 * names.Count)))
        {
            Measure[]? theirs = names.Count == 0
                ? null
                : [.. names.Select((name, i) => new Measure(name, one[6 + (2 * i)], one[7 + (2 * i)]))];
            sum = sum.Add(one[0], one[1], one[2], (long)one[3], theirs);
            isWhole &= one[4] == one[5];
        }

        return sum;
    }
}
