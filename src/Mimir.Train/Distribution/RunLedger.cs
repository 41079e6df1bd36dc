using System.Globalization;
using Mimir.Dist.Data;
using Mimir.Dist.Data.Leases;
using Mimir.Dist.Data.Ledgers;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Distribution;

/// <summary>The ledger of a run: the worker, and the step or block, that trained on each utterance.</summary>
/// <remarks>
/// Where the unit of work is a batch, the batches of an epoch are dealt once more when it is over, and each utterance is
/// written down with the last step that had a frame of it, provided that all of its frames were trained on.
/// </remarks>
internal sealed class RunLedger : ILeaseRecord, IDisposable
{
    private readonly IFrameSet _corpus;
    private readonly Func<IBatchDealer> _dealer;
    private readonly Func<int, string?> _setAside;
    private readonly Ledger _ledger;
    private readonly bool _byUtterance;
    private readonly int[] _frames;
    private (int? Rank, long Step)?[] _batches = [];

    /// <summary>Opens the ledger of a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="corpus">The training set.</param>
    /// <param name="unit">The unit of batches. Of chunks, utterances are leased, else batches; frames of weight 0 are left out.</param>
    /// <param name="dealer">Makes a dealer of the epoch's batches.</param>
    /// <param name="bytes">The length that the checkpoint knows from which the run goes on; null: the run begins.</param>
    /// <param name="setAside">The reason why an utterance is set aside, or null; null where none is.</param>
    public RunLedger(
        string folder, IFrameSet corpus, BatchUnit unit, Func<IBatchDealer> dealer, long? bytes, Func<int, string?>? setAside = null)
    {
        (_corpus, _dealer, _byUtterance) = (corpus, dealer, unit == BatchUnit.Chunks);
        _setAside = setAside ?? (_ => null);
        _frames = [.. corpus.Lengths];
        if (unit == BatchUnit.Frames && corpus.Targets is { } targets)
        {
            for (var utterance = 0; utterance < _frames.Length; utterance++)
                _frames[utterance] -= WithoutWeight(targets.Weights, corpus.FirstFrame(utterance), _frames[utterance]);
        }

        _ledger = bytes is not null && File.Exists(Path.Combine(folder, Ledger.FileName))
            ? Ledger.Open(folder, bytes)
            : Ledger.Create(folder, Utterances().Concat(corpus.Drops.Drops.Select(drop => new DataItem(drop.Utterance, 0))));
    }

    /// <summary>Begins an epoch in which all workers take every step together.</summary>
    public void Begin(int epoch) => Begin(epoch, 0);

    /// <inheritdoc/>
    public void Begin(EpochItems epoch) => Begin(epoch.Epoch, epoch.Items.Count);

    /// <summary>Continues an epoch from a checkpoint; the workers of its completed batches are not known any more.</summary>
    public void Resume(EpochItems epoch, LeasePoolState pool)
    {
        if (_byUtterance)
            return;

        _batches = new (int?, long)?[epoch.Items.Count];
        foreach (var batch in pool.CompletedItems())
            _batches[batch] = (null, 0);
    }

    /// <inheritdoc/>
    public void Complete(int epoch, string item, int? rank, long step, int frames)
    {
        if (_byUtterance)
            _ledger.Complete(epoch, item, rank, step, frames);
        else
            _batches[int.Parse(item, CultureInfo.InvariantCulture)] = (rank, step);
    }

    /// <inheritdoc/>
    /// <remarks>Of utterances only; those of a batch that are set aside show when the epoch is over.</remarks>
    public void Drop(int epoch, string item, string reason) => _ledger.Drop(epoch, item, reason);

    /// <inheritdoc/>
    /// <remarks>Of batches nothing is written yet: the other workers have not said what they have set aside.</remarks>
    public void End(int epoch)
    {
        if (_byUtterance)
            Finish(epoch);
    }

    /// <summary>Ends an epoch whose data were leased, when all workers know what is set aside.</summary>
    /// <param name="epoch">The epoch.</param>
    public void EndLeased(int epoch)
    {
        if (_byUtterance)
            return;

        DealOnceMore(epoch, batch => _batches[batch]);
        Finish(epoch);
    }

    /// <summary>Ends an epoch in which all workers took every step together.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="rows">The frames that they have taken steps with, as they counted themselves.</param>
    /// <param name="first">The batch, from 0, from which on they counted.</param>
    public void EndTogether(int epoch, long rows, int first)
    {
        // When frames are missing it cannot be said which, and all of them count as lost.
        if (rows == RowsFrom(epoch, first))
            DealOnceMore(epoch, batch => (null, batch + 1));
        Finish(epoch);
    }

    /// <inheritdoc/>
    public void Flush() => _ledger.Flush();

    /// <inheritdoc/>
    public long Sync() => _ledger.Sync();

    /// <inheritdoc/>
    public void Dispose() => _ledger.Dispose();

    private void Begin(int epoch, int batches)
    {
        _batches = new (int?, long)?[batches];
        var frames = _frames.Sum(own => (long)own);
        _ledger.Begin(epoch, Utterances().Count() + _corpus.Drops.Drops.Count, frames);
        foreach (var drop in _corpus.Drops.Drops)
            _ledger.Drop(epoch, drop.Utterance, drop.Detail);
        _ledger.Flush();
    }

    private void Finish(int epoch)
    {
        _ledger.End(epoch);
        _ledger.Flush();
    }

    private void DealOnceMore(int epoch, Func<int, (int? Rank, long Step)?> of)
    {
        var left = _frames.ToArray();
        var firsts = UtteranceOrder.FirstRows(_corpus.Lengths);
        var ranks = new int?[left.Length];
        var dealer = _dealer();
        dealer.Start(epoch);
        for (var number = 0; dealer.TryNext(out var batch); number++)
        {
            if (of(number) is not { } done)
                continue;

            foreach (var row in batch.Rows)
            {
                var utterance = UtteranceOrder.Of(firsts, row);
                ranks[utterance] = left[utterance] == _frames[utterance] || ranks[utterance] == done.Rank ? done.Rank : null;
                if (--left[utterance] > 0)
                    continue;

                if (_setAside(utterance) is { } reason)
                    _ledger.Drop(epoch, _corpus.Utterances[utterance], reason);
                else
                    _ledger.Complete(epoch, _corpus.Utterances[utterance], ranks[utterance], done.Step, _frames[utterance]);
            }
        }
    }

    private long RowsFrom(int epoch, int first)
    {
        var (rows, dealer) = (0L, _dealer());
        dealer.Start(epoch, first);
        while (dealer.TryNext(out var batch))
            rows += batch.Rows.Length;

        return rows;
    }

    private static int WithoutWeight(ReadOnlySpan<float> weights, int first, int frames) =>
        weights.IsEmpty ? 0 : frames - Positive(weights.Slice(first, frames));

    private static int Positive(ReadOnlySpan<float> weights)
    {
        var positive = 0;
        foreach (var weight in weights)
            positive += weight > 0 ? 1 : 0;

        return positive;
    }

    private IEnumerable<DataItem> Utterances() => _corpus.Utterances
        .Select((id, utterance) => new DataItem(id, _frames[utterance]))
        .Where(item => item.Frames > 0);
}
