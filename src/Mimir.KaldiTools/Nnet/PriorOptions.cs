using Mimir.Base.Options;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnet;

/// <summary>The options of log priors: Kaldi's PdfPriorOptions.</summary>
internal sealed record PriorOptions
{
    /// <summary>File of the frames of each class: their log priors are subtracted from the output.</summary>
    [Option("class-frame-counts")]
    public string ClassCounts { get; init; } = "";

    /// <summary>Factor of the log priors.</summary>
    [Option("prior-scale", Needs = "class-frame-counts")]
    public float Scale { get; init; } = 1;

    /// <summary>Priors at or below it disable their output.</summary>
    [Option("prior-floor", Needs = "class-frame-counts")]
    public float Floor { get; init; } = 1e-10f;

    /// <summary>Reads the log priors, without their factor; null where no file is named.</summary>
    public float[]? Read(KaldiLog log, KaldiIoOptions io)
    {
        if (ClassCounts.Length == 0)
            return null;

        log.Log($"Computing pdf-priors from : {ClassCounts}");
        var priors = PdfCounts.Read(ClassCounts, io).LogPriors(Floor);
        var disabled = MathF.Sqrt(float.MaxValue);
        log.Log($"Floored {priors.Count(prior => prior == disabled)} pdf-priors (hard-set to {KaldiLog.Number(disabled)}, "
            + "which disables DNN output when decoding)");
        return priors;
    }
}
