using System.Globalization;
using Mimir.Features.KaldiTools;
using Mimir.Features.Tables;
using Mimir.Train.KaldiTools;

namespace Mimir.Train.Tests.KaldiTools;

/// <summary>Runs one of the programs that compute, and keeps what it said.</summary>
internal sealed record TrainingToolRun(int Status, string Errors)
{
    public static TrainingToolRun Of(string tool, params string[] arguments)
    {
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var status = new KaldiToolbox(TrainingTools.Makers).Create(tool).Run(arguments, errors, KaldiIoOptions.Default);
        return new TrainingToolRun(status, errors.ToString());
    }

    /// <summary>What the scheduler takes from a log: the fourth word of the last line with the loss.</summary>
    public string LossOfScheduler() => Errors.Split('\n').Last(line => line.Contains("AvgLoss:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
}
