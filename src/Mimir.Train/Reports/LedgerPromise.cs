using Mimir.Dist.Data.Ledgers;

namespace Mimir.Train.Reports;

/// <summary>The epochs that the log and the summary of a run say it has trained, for an audit of its ledger.</summary>
public static class LedgerPromise
{
    /// <summary>Reads what a run says of itself.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <returns>The epochs; null when there is neither a log nor a summary.</returns>
    /// <exception cref="Base.InputException">The log or the summary is none.</exception>
    public static PromisedEpochs? Of(string folder)
    {
        var (summary, log) = (Path.Combine(folder, "summary.json"), Path.Combine(folder, "log.jsonl"));
        var written = File.Exists(summary) ? RunSummary.Read(summary) : null;

        // A summary that is not the last word may be of before a resumption.
        if (written?.Status != RunStatus.Ok && File.Exists(log))
            written = RunSummary.From(RunLog.Read(log));
        if (written is null)
            return null;

        var trained = written.Epochs.Where(epoch => epoch.Epoch > 0)
            .ToLookup(epoch => epoch.ExchangedBytes is not null, epoch => epoch.Epoch);
        return new([.. trained[true]], [.. trained[false]], written.Status == RunStatus.Ok);
    }
}
