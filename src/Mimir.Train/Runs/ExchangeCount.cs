using Mimir.Dist.Updates;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>Splits the exchange statistics of a run by epoch.</summary>
internal sealed class ExchangeCount
{
    private UpdateStatistics _before = new();

    /// <summary>The exchanges since the last call.</summary>
    /// <param name="epoch">The epoch that has ended.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="now">The statistics since the run began.</param>
    /// <param name="trained">The time of the epoch's training.</param>
    public WorkersExchanged Epoch(int epoch, int workers, UpdateStatistics now, TimeSpan trained)
    {
        // A mode that was made anew counts from nothing.
        var before = now.Bytes < _before.Bytes ? new() : _before;
        _before = now;
        var waiting = now.Waiting - before.Waiting;
        return new()
        {
            Epoch = epoch,
            Workers = workers,
            Steps = now.Steps - before.Steps,
            Blocks = now.Blocks - before.Blocks,
            Bytes = now.Bytes - before.Bytes,
            ExchangeSeconds = (now.Exchanging - before.Exchanging).TotalSeconds,
            WaitingSeconds = waiting.TotalSeconds,
            WaitingPercent = trained > TimeSpan.Zero ? Math.Clamp(100 * (waiting / trained), 0, 100) : 0,
            Staleness = now.Staleness.Count == 0
                ? null
                : [.. now.Staleness.Select((count, index) => count - (index < before.Staleness.Count ? before.Staleness[index] : 0))],
        };
    }
}
