using Microsoft.Extensions.Logging;
using Mimir.Dist;
using Mimir.Dist.Data;
using Mimir.Dist.Updates;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Quarantine;
using Mimir.Train.Recipes;

namespace Mimir.Train.Distribution;

/// <summary>One worker's shares of the training data, and the ledger of all shares.</summary>
/// <remarks>
/// Where all take every step together (sync), each has its part of every batch by rule, so that N workers do what one does.
/// In the other modes batches are leased, or, where streams carry a state, utterances; see docs/data-distribution.md.
/// </remarks>
internal sealed class DataShares : IDisposable
{
    private readonly WorkerTeam _team;
    private readonly IFrameSet _train;
    private readonly StallMeter _stalls;
    private readonly EpochLeases? _leases;
    private readonly RunLedger? _ledger;
    private readonly QuarantineList? _quarantine;
    private readonly bool _commitsByBlock;
    private QuarantineDealer? _filtered;
    private LedgerMark _mark = new(0, 0);
    private bool _ledgerIsNew;
    private int _firstBatch;

    /// <summary>Makes a worker's shares.</summary>
    /// <param name="team">The workers, several.</param>
    /// <param name="mode">The update mode.</param>
    /// <param name="leasesInTurn">True to deal leases around, also in a mode whose results depend on timing.</param>
    /// <param name="recipe">The batches and the augmentation.</param>
    /// <param name="train">The training set.</param>
    /// <param name="folder">The run's folder, where the ledger is.</param>
    /// <param name="from">The state that the run continues from, or null.</param>
    /// <param name="time">Measures the waits for data.</param>
    /// <param name="logger">Receives a message when data of a lost worker are dealt again.</param>
    /// <param name="quarantine">The utterances that are set aside; null where none can be.</param>
    public DataShares(
        WorkerTeam team,
        UpdateOptions mode,
        bool leasesInTurn,
        Recipe recipe,
        IFrameSet train,
        string folder,
        TrainingState? from,
        TimeProvider time,
        ILogger logger,
        QuarantineList? quarantine = null)
    {
        (_team, _train, _stalls, _commitsByBlock, _quarantine) = (team, train, new(time), mode.CommitsByBlock, quarantine);

        // Where speed is changed, an epoch's utterances have other lengths than the corpus's.
        if (team.IsCoordinator && recipe.Augment is not { ChangesWaves: true })
        {
            var mark = from?.Ledger;
            _ledgerIsNew = mark is null;
            var continues = from is not null && Continues(from, isLeased: !mode.SplitsBatches);
            _ledger = new(
                folder, train, recipe.Train.Batch.Unit, () => BatchDealers.ForTraining(recipe, train), continues ? mark?.Now : mark?.Epoch,
                ReasonOf);
        }

        if (!mode.SplitsBatches)
            _leases = new(team, _commitsByBlock, firstCome: mode.IsAsynchronous && !leasesInTurn, _ledger, _stalls, logger);
    }

    /// <summary>True when all workers take every step together.</summary>
    public bool StepsTogether => _leases is null;

    /// <summary>True when all of the epoch is done; what a lost worker has left may not be.</summary>
    public bool IsFinished => _leases?.IsFinished ?? true;

    /// <summary>True when a state within an epoch continues there; its data must be shared in the same way as before.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isLeased">True when data are leased now.</param>
    public static bool Continues(TrainingState state, bool isLeased) => state.Step == 0 || state.Leases is not null == isLeased;

    /// <summary>The number of the recipe's streams that are a worker's.</summary>
    /// <param name="batch">The unit of batches and the streams.</param>
    /// <param name="mode">The update mode; null for one worker alone.</param>
    /// <param name="team">The workers.</param>
    public static int StreamsOf(BatchRecipe batch, UpdateOptions? mode, WorkerTeam team)
    {
        if (batch.Unit != BatchUnit.Chunks)
            return 0;

        return mode is { SplitsBatches: true } ? ShareDealer.StreamsOf(batch.Streams, team.Rank, team.Size) : batch.Streams;
    }

    /// <summary>Returns the share of the time since the last call in which this worker waited for data, in per cent.</summary>
    public double TakeStallPercent() => _stalls.Restart().Percent;

    /// <summary>This worker's share of the training batches of an epoch.</summary>
    /// <param name="whole">Deals the batches of all workers.</param>
    /// <param name="lengths">The frames of each utterance.</param>
    /// <remarks>Where all take every step together, all set the same utterances aside, and pass over the same batches.</remarks>
    public IBatchDealer Of(IBatchDealer whole, int[] lengths)
    {
        _quarantine?.Lay(lengths);
        if (_leases is null)
        {
            var left = QuarantineDealer.Of(whole, _quarantine);
            _filtered = left as QuarantineDealer;
            return new ShareDealer(left, _team.Rank, _team.Size);
        }

        return QuarantineDealer.Of(
            whole switch
            {
                ChunkDealer streams => new ChunkLeaseDealer(streams, _train.Utterances, lengths, _leases, ReasonOf),
                IIndependentBatches batches => new BatchLeaseDealer(batches, _leases),
                _ => throw new ArgumentException($"{whole.GetType().Name} deals batches that cannot be leased", nameof(whole)),
            },
            _quarantine);
    }

    /// <summary>Begins an epoch, or continues within one.</summary>
    /// <param name="state">The position of the run.</param>
    /// <returns>The position to continue at: the beginning of the epoch when data were shared in another way before.</returns>
    public TrainingState Begin(TrainingState state)
    {
        if (!_team.IsRejoining && !Continues(state, isLeased: _leases is not null))
            state = state with { Step = 0, Totals = default, Leases = null };

        // A checkpoint holds the totals of the coordinator.
        state = state with { Totals = _team.IsCoordinator ? state.Totals with { Rows = 0 } : default };

        _leases?.Resume(state.Leases);
        _firstBatch = state.Step;
        if (_ledger is null)
            return state with { Leases = null };

        if (state.Step == 0 || state.Ledger is null)
            _mark = new(_ledger.Sync(), 0);
        else
            _mark = state.Ledger;

        if (_leases is null && (state.Step == 0 || _ledgerIsNew))
            _ledger.Begin(state.Epoch);

        _ledgerIsNew = false;
        return state with { Leases = null };
    }

    /// <summary>Reports the data of the block that is about to be exchanged.</summary>
    /// <param name="block">The block, from 1.</param>
    public void BlockBegins(long block)
    {
        if (_commitsByBlock)
            _leases?.Report(block);
    }

    /// <summary>Notes that a step was taken.</summary>
    /// <param name="step">The steps of this worker.</param>
    /// <param name="blocks">The blocks done.</param>
    public void StepDone(long step, long blocks)
    {
        if (_commitsByBlock)
            _leases?.Commit(blocks, _team.Group);
        else
            _leases?.Report(step);
    }

    /// <summary>Notes that a block is done without a step: at the end of an epoch, or in a new group.</summary>
    /// <param name="blocks">The blocks done.</param>
    /// <param name="members">The members that did the last of them.</param>
    public void BlockDone(long blocks, WorkerGroup members)
    {
        if (_commitsByBlock)
            _leases?.Commit(blocks, members);
    }

    /// <summary>Ends an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="rows">The frames of all workers' steps since the epoch was begun or continued.</param>
    public void End(int epoch, long rows)
    {
        _leases?.End();
        if (_ledger is null)
            return;

        if (_leases is null)
            _ledger.EndTogether(epoch, rows + (_filtered?.LeftOut ?? 0), _firstBatch);
        _mark = new(_ledger.Sync(), 0);
    }

    /// <summary>Adds to a state what a checkpoint keeps of the shares.</summary>
    /// <param name="state">The position of the run.</param>
    public TrainingState Save(TrainingState state)
    {
        var isUnderWay = state.Step > 0;
        return state with
        {
            Leases = isUnderWay ? _leases?.Save() : null,
            Ledger = _ledger is null ? null : new(_mark.Epoch, isUnderWay ? _ledger.Sync() : _mark.Epoch),
        };
    }

    private string? ReasonOf(int utterance) => _quarantine?.ReasonOf(utterance);

    /// <inheritdoc/>
    public void Dispose()
    {
        _leases?.Dispose();
        _ledger?.Dispose();
    }
}
