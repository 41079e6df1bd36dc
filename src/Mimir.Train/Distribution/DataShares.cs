using Mimir.Dist.Data;
using Mimir.Dist.Updates;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Training;

namespace Mimir.Train.Distribution;

/// <summary>Which worker trains on what, and the ledger of it.</summary>
/// <remarks>
/// Where all take every step together (sync), each has its part of every batch by rule, so that N workers do what one does.
/// Elsewhere batches are leased, or, where streams carry a state, utterances; see docs/data-distribution.md.
/// </remarks>
public sealed class DataShares : IDisposable
{
    private readonly WorkerTeam _team;
    private readonly EpochLeases? _desk;
    private readonly RunLedger? _ledger;
    private readonly bool _byBlock;
    private readonly FrameCorpus _train;
    private readonly StallMeter _stalls;
    private ParameterExchange? _exchange;
    private LedgerMark _mark = new(0, 0);
    private bool _ledgerIsNew;
    private int _firstBatch;

    /// <summary>Makes a worker's part.</summary>
    /// <param name="team">Who trains together.</param>
    /// <param name="recipe">The mode and the unit of a batch.</param>
    /// <param name="train">The training set.</param>
    /// <param name="folder">The run's folder, where the ledger is.</param>
    /// <param name="from">The state that the run goes on from, or null.</param>
    /// <param name="time">Measures the waits for data.</param>
    /// <param name="log">Takes a line when data of a lost worker are dealt again.</param>
    public DataShares(
        WorkerTeam team, Recipe recipe, FrameCorpus train, string folder, TrainingState? from, TimeProvider time, Action<string> log)
    {
        (_team, _train, _stalls) = (team, train, new(time));
        var options = recipe.Distribute.Update.Mode;
        var leases = team.Transport is not null && options is not SyncOptions;
        _byBlock = options is ModelAveragingOptions or BmufOptions;

        // Where speed is changed, an epoch's utterances have other lengths than the corpus's.
        if (team is { IsAlone: false, IsCoordinator: true } && recipe.Augment is not { ChangesWaves: true })
        {
            var mark = from?.Ledger;
            _ledgerIsNew = mark is null;
            _ledger = new(folder, train, recipe.Train.Batch.Unit, () => RecipeBuilder.Dealer(recipe, train), from is not null && GoesOn(from, leases) ? mark?.Now : mark?.Epoch);
        }

        if (team.Transport is { } transport && leases)
            _desk = new(transport, team, _byBlock, options is AsynchronousOptions && team.Emulation is null, _ledger, _ledger is null ? null : _ledger.Resume, _stalls, log);
    }

    /// <summary>Gets the share of the time since the last call in which this worker waited for data, in per cent.</summary>
    public double TakeStallPercent() => _stalls.Restart().Percent;

    /// <summary>Gets whether all workers take every step together.</summary>
    public bool StepsTogether => _desk is null;

    /// <summary>Gets whether all of the epoch is done; what a lost worker has left may not be.</summary>
    public bool Finished => _desk?.Finished ?? true;

    /// <summary>This worker's share of the training batches of an epoch.</summary>
    /// <param name="whole">Deals the batches of all workers.</param>
    /// <param name="lengths">The frames of each utterance.</param>
    public IBatchDealer Of(IBatchDealer whole, int[] lengths)
    {
        var own = ShareOf(whole, lengths);
        return _team.Emulation?.Watch(own) ?? own;
    }

    /// <summary>How many streams of the recipe's are this worker's.</summary>
    /// <param name="recipe">The mode and the streams.</param>
    /// <param name="team">Who trains together.</param>
    public static int StreamsOf(Recipe recipe, WorkerTeam team)
    {
        if (recipe.Train.Batch.Unit != BatchUnit.Chunks)
            return 0;

        return team.IsAlone || recipe.Distribute.Update is not SyncRecipe
            ? recipe.Train.Batch.Streams
            : ShareDealer.StreamsOf(recipe.Train.Batch.Streams, team.Rank, team.Size);
    }

    /// <summary>Learns of an engine's exchanges, with which what was trained on counts.</summary>
    /// <param name="exchange">The exchange, or null for a worker that is alone.</param>
    public void Attach(ParameterExchange? exchange)
    {
        _exchange = exchange;
        if (exchange is null || _desk is null)
            return;

        if (_byBlock)
            exchange.BlockBegins = _desk.Report;
        _team.Regrouped += (_, before) =>
        {
            if (_byBlock)
                _desk.Commit(exchange.Blocks, before);
        };
    }

    /// <summary>Begins an epoch, or goes on within one.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <returns>Where it goes on: at the beginning of the epoch when data were shared in another way before.</returns>
    public TrainingState Begin(TrainingState state)
    {
        if (!_team.IsRejoining && !GoesOn(state, _desk is not null))
            state = state with { Step = 0, Totals = default, Leases = null };

        // A checkpoint holds what the first worker has added up.
        state = state with { Totals = _team.IsCoordinator ? state.Totals with { Rows = 0 } : default };

        _desk?.Resume(state.Leases);
        _firstBatch = state.Step;
        if (_ledger is null)
            return state with { Leases = null };

        if (state.Step == 0 || state.Ledger is null)
            _mark = new(_ledger.Sync(), 0);
        else
            _mark = state.Ledger;
        if (_desk is null && (state.Step == 0 || _ledgerIsNew))
            _ledger.Begin(state.Epoch);

        _ledgerIsNew = false;
        return state with { Leases = null };
    }

    /// <summary>Notes that a step was taken.</summary>
    /// <param name="step">The steps of this worker.</param>
    public void StepDone(long step)
    {
        if (_desk is null)
            return;

        if (!_byBlock)
            _desk.Report(step);
        else if (_exchange is not null)
            _desk.Commit(_exchange.Blocks, _team.Group);
    }

    /// <summary>Notes that the models of all are the same, and their data have ended for now.</summary>
    public void Flushed()
    {
        if (_byBlock && _desk is not null && _exchange is not null)
            _desk.Commit(_exchange.Blocks, _team.Group);
    }

    /// <summary>Ends an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="rows">The frames that all have taken steps with, since it was begun or gone on with.</param>
    public void End(int epoch, long rows)
    {
        _desk?.End();
        if (_ledger is null)
            return;

        if (_desk is null)
            _ledger.EndTogether(epoch, rows, _firstBatch);
        _mark = new(_ledger.Sync(), 0);
    }

    /// <summary>Adds to a state what a checkpoint keeps of the shares.</summary>
    /// <param name="state">Where the run stands.</param>
    public TrainingState Save(TrainingState state)
    {
        var isUnderWay = state.Step > 0;
        return state with
        {
            Leases = isUnderWay ? _desk?.Save() : null,
            Ledger = _ledger is null ? null : new(_mark.Epoch, isUnderWay ? _ledger.Sync() : _mark.Epoch),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _desk?.Dispose();
        _ledger?.Dispose();
    }

    // An epoch that was begun with leases cannot go on without, nor the other way round.
    private static bool GoesOn(TrainingState state, bool leases) => state.Step == 0 || state.Leases is not null == leases;

    private IBatchDealer ShareOf(IBatchDealer whole, int[] lengths) => (_desk, whole) switch
    {
        (null, _) => _team.IsAlone ? whole : new ShareDealer(whole, _team.Rank, _team.Size),
        (_, ChunkDealer streams) => new ChunkLeaseDealer(streams, _train.Utterances, lengths, _desk),
        (_, IIndependentBatches batches) => new BatchLeaseDealer(batches, _desk),
        _ => throw new ArgumentException($"{whole.GetType().Name} deals batches that cannot be leased", nameof(whole)),
    };
}
