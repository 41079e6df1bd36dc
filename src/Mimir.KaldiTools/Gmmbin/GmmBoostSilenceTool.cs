using System.Numerics.Tensors;
using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-boost-silence: scales the weights of silence.</summary>
internal sealed class GmmBoostSilenceTool()
    : KaldiTool<GmmBoostSilenceTool.Options>(
        "gmm-boost-silence",
        "Modify GMM-based model to boost (by a certain factor) all probabilities associated with the specified phones (could be all "
            + "silence phones, or just the ones used for optional silence), by their weights; a pdf that other phones share is "
            + "boosted for them too.",
        "<silence-phones-list> <model-in> <model-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Factor of the weights.</summary>
        [Option("boost", Min = 0)]
        public float Boost { get; init; } = 1.5f;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var silence = PhoneList.Parse(arguments[0]).ToHashSet();
        if (silence.Count == 0)
            log.Warning("gmm-boost-silence: no silence phones specified, doing nothing.");

        var model = GmmModel.Read(arguments[1], io);
        var pdfs = PdfsOf(model.Transitions, silence.Contains);
        if (pdfs.Overlaps(PdfsOf(model.Transitions, phone => !silence.Contains(phone))))
            log.Warning("The pdfs for the silence phones may be shared by other phones (note: this probably does not matter.)");

        var boosted = model with
        {
            Acoustic = new AmDiagGmm(
                [.. model.Acoustic.Pdfs.Select((mixture, pdf) => pdfs.Contains(pdf) ? Boost(mixture, options.Boost) : mixture)]),
        };
        log.Log($"Boosted weights for {pdfs.Count} pdfs, by factor of {KaldiLog.Number(options.Boost)}");
        boosted.Write(arguments[2], options.Binary, io);
        log.Log($"Wrote model to {arguments[2]}");
        return true;
    }

    private static HashSet<int> PdfsOf(TransitionModel model, Func<int, bool> isWanted) =>
        [.. model.Tuples.Where(tuple => isWanted(tuple.Phone)).SelectMany(tuple => new[] { tuple.ForwardPdf, tuple.SelfLoopPdf })];

    private static DiagGmm Boost(DiagGmm mixture, float factor)
    {
        var weights = new float[mixture.Gaussians];
        TensorPrimitives.Multiply(mixture.Weights, factor, weights);
        return mixture.WithWeights(weights);
    }
}
