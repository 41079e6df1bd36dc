using System.Globalization;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>Runs one of the programs that compute, and keeps what it said.</summary>
internal sealed record TrainingToolRun(int Status, string Errors)
{
    public static TrainingToolRun Of(string tool, params string[] arguments)
    {
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var status = KaldiToolbox.Find(tool).Run(arguments, errors, KaldiIoOptions.Default);
        return new TrainingToolRun(status, errors.ToString());
    }

    /// <summary>The loss of a run that went well and told the accuracy too.</summary>
    public double Loss()
    {
        Assert.True(Status == 0, Errors);
        Assert.Contains("FRAME_ACCURACY >> ", Errors, StringComparison.Ordinal);
        return double.Parse(LossOfScheduler(), CultureInfo.InvariantCulture);
    }

    /// <summary>What the scheduler takes from a log: the fourth word of the last line with the loss.</summary>
    public string LossOfScheduler() => Errors.Split('\n').Last(line => line.Contains("AvgLoss:", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
}
