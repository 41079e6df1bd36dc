using System.Globalization;

namespace Mimir.Dist.Data.Ledgers;

/// <summary>The epochs that a run says it has trained, by its own log beside the ledger.</summary>
/// <param name="Shared">The epochs that several workers have trained to the end.</param>
/// <param name="Alone">The epochs that one worker alone has trained, which are in no ledger.</param>
/// <param name="IsFinished">True when no epoch follows.</param>
public sealed record PromisedEpochs(IReadOnlyCollection<int> Shared, IReadOnlyCollection<int> Alone, bool IsFinished)
{
    /// <summary>Gets what is known of a run that says nothing.</summary>
    public static PromisedEpochs Unknown { get; } = new([], [], IsFinished: false);

    /// <summary>The epochs that a ledger lacks, has too many of or has in a wrong place, a line each.</summary>
    /// <param name="epochs">The epochs of the ledger in its order.</param>
    internal IEnumerable<string> Missing(IReadOnlyList<EpochAudit> epochs)
    {
        var last = 0;
        foreach (var epoch in epochs)
        {
            if (epoch.Epoch <= last)
                yield return Line($"epoch {epoch.Epoch} comes again after epoch {last}");
            else if (IsFinished && !Shared.Contains(epoch.Epoch))
                yield return Line($"epoch {epoch.Epoch} is none that the run says it has trained");

            // Before the first epoch of the ledger one worker may have trained.
            for (var between = last + 1; last > 0 && between < epoch.Epoch; between++)
            {
                if (!Shared.Contains(between) && !Alone.Contains(between))
                    yield return Line($"epoch {between} is missing between epochs {last} and {epoch.Epoch}");
            }

            last = epoch.Epoch;
        }

        foreach (var promised in Shared.Order())
        {
            var found = epochs.LastOrDefault(epoch => epoch.Epoch == promised);
            if (found is null)
                yield return Line($"epoch {promised} is missing: the run says that its workers have trained it");
            else if (!found.Ended)
                yield return Line($"epoch {promised} has no end: the run says that it was trained to the end");
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
