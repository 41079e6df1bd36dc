using Mimir.Dist.Updates;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>Takes what was exchanged since a run began apart into epochs.</summary>
internal sealed class ExchangeCount
{
    private UpdateStatistics _before = new();

    /// <summary>What was exchanged since the last call.</summary>
    /// <param name="epoch">The epoch that has ended.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="now">What was exchanged since the run began.</param>
    /// <param name="trained">How long the epoch's training took.</param>
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
