using System.Globalization;

namespace Mimir.Lab.Emulation;

/// <summary>An emulation's times in words.</summary>
public static class EmulationText
{
    /// <summary>A line for each epoch and one for all.</summary>
    /// <param name="times">What the run would have taken.</param>
    public static IEnumerable<string> Lines(EmulationSummary times)
    {
        foreach (var epoch in times.Epochs)
        {
            var staleness = epoch.MeanStaleness is { } mean
                ? Text($", staleness {mean:0.0} in the mean, {epoch.MaxStaleness} at most")
                : "";
            yield return Text(
                $"modelled: epoch {epoch.Epoch}: {epoch.Seconds:0.00} s, {epoch.WaitingPercent:0.0}% of it waiting{staleness}; ")
                + Text($"validation {epoch.ValidationSeconds:0.00} s");
        }

        yield return Text($"modelled: {times.Seconds:0.0} s in all on {times.Cluster} with {times.Devices} workers, {times.Mode}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
