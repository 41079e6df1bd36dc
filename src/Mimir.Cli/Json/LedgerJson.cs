using System.Globalization;
using System.Text.Json.Nodes;
using Mimir.Dist.Data.Ledgers;

namespace Mimir.Cli.Json;

/// <summary>The form of <c>mimir ledger --json</c>.</summary>
internal static class LedgerJson
{
    /// <summary>The verdict and the epochs, with every utterance that was dropped, lost or doubled.</summary>
    internal static JsonObject Of(LedgerAudit audit) => new()
    {
        ["sound"] = audit.Sound,
        ["torn"] = audit.Torn,
        ["utterances"] = audit.Utterances,
        ["missing"] = JsonOutput.List(audit.Missing),
        ["epochs"] = JsonOutput.List(audit.Epochs, Epoch),
    };

    private static JsonObject Epoch(EpochAudit epoch) => new()
    {
        ["epoch"] = epoch.Epoch,
        ["ended"] = epoch.Ended,
        ["sound"] = epoch.Sound,
        ["completed"] = epoch.Completed,
        ["frames"] = epoch.Frames,
        ["open"] = epoch.Open,
        ["by_worker"] = new JsonObject(epoch.ByRank.Select(pair =>
            KeyValuePair.Create(pair.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)JsonValue.Create(pair.Value)))),
        ["dropped"] = JsonOutput.List(
            epoch.Dropped, drop => new JsonObject { ["utterance"] = drop.Utterance, ["reason"] = drop.Reason }),
        ["lost"] = JsonOutput.List(epoch.Lost),
        ["wrong"] = JsonOutput.List(epoch.Wrong),
    };
}
