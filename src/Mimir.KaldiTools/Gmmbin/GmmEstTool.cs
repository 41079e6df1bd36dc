using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-est: estimates a model from statistics, and mixes it up or down.</summary>
internal sealed class GmmEstTool()
    : KaldiTool<GmmEstTool.Options>(
        "gmm-est", "Do Maximum Likelihood re-estimation of GMM-based acoustic model", "<model-in> <stats-in> <model-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Numbers of Gaussians.</summary>
        [IncludeOptions]
        public GmmMixingOptions Mixing { get; init; } = new();

        /// <summary>Parts of the model to estimate: letters of mvwt.</summary>
        [Option("update-flags")]
        public string UpdateFlags { get; init; } = "mvwt";

        /// <summary>File for the frames of each pdf.</summary>
        [Option("write-occs")]
        public string WriteOccupancies { get; init; } = "";

        /// <summary>Estimation of transition probabilities.</summary>
        [IncludeOptions]
        public TransitionUpdateOptions Transitions { get; init; } = new();

        /// <summary>Estimation of mixtures.</summary>
        [IncludeOptions]
        public GmmUpdateOptions Gaussians { get; init; } = new();
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var parts = GmmPartsText.Parse(options.UpdateFlags);
        var model = GmmModel.Read(arguments[0], io);
        var statistics = GmmStatistics.Read(arguments[1], io);
        if (statistics.Pdfs[0].Dimension is var dimension && dimension != model.Acoustic.Dimension)
        {
            log.Warning($"Dimensions of accumulator {dimension} and gmm {model.Acoustic.Dimension} do not match, resizing GMM and setting "
                + "to zero-mean, unit-variance.");
            model = model with { Acoustic = model.Acoustic.Resized(dimension) };
        }

        statistics.RequireFit(model);
        var transitions = model.Transitions;
        if (parts.HasFlag(GmmParts.Transitions))
        {
            var update = TransitionEstimator.Update(transitions, statistics.Transitions, options.Transitions);
            transitions = update.Model;
            Report(update, options.Transitions.ShareForPdfs, log);
        }

        var gaussians = GmmEstimator.Update(model.Acoustic, statistics.Pdfs, parts, options.Gaussians, log.Warning);
        Report(gaussians, statistics, options.Gaussians, log);
        var occupancies = statistics.Occupancies();
        var acoustic = GmmMixing.Mix(gaussians.Model, occupancies, options.Mixing, log.Log, log.Warning);
        if (options.WriteOccupancies.Length > 0)
            KaldiTables.FloatVector.WriteOne(options.WriteOccupancies, occupancies, binary: false, io);

        new GmmModel(transitions, acoustic).Write(arguments[2], options.Binary, io);
        log.Log($"Written model to {arguments[2]}");
        return true;
    }

    private static void Report(TransitionUpdate update, bool shared, KaldiLog log)
    {
        var change = KaldiLog.Number(update.Improvement / update.Count);
        var count = KaldiLog.Number(update.Count);
        if (shared)
        {
            log.Log($"Objf change is {change} per frame over {count} frames; {update.Floored} probabilities floored, {update.Skipped} "
                + "pdf-ids skipped due to insuffient data.");
        }
        else
        {
            log.Log($"TransitionModel::Update, objf change is {change} per frame over {count} frames. ");
            log.Log($"{update.Floored} probabilities floored, {update.Skipped} out of {update.Model.Tuples.Count} transition-states "
                + "skipped due to insuffient data (it is normal to have some skipped.)");
        }

        log.Log($"Transition model update: Overall {change} log-like improvement per frame over {count} frames.");
    }

    private static void Report(GmmUpdate update, GmmStatistics statistics, GmmUpdateOptions options, KaldiLog log)
    {
        log.Log($"{update.FlooredValues} variance elements floored in {update.FlooredGaussians} Gaussians, out of "
            + $"{update.Model.Gaussians}");
        if (options.RemoveLowCount)
        {
            log.Log($"Removed {update.Removed} Gaussians due to counts < --min-gaussian-occupancy="
                + $"{KaldiLog.Number(options.MinOccupancy)} and --remove-low-count-gaussians=true");
        }

        log.Log($"GMM update: Overall {KaldiLog.Number(update.Improvement / update.Count)} objective function improvement per frame over "
            + $"{KaldiLog.Number(update.Count)} frames");
        log.Log($"GMM update: Overall avg like per frame = {KaldiLog.Number(statistics.LogLikelihood / statistics.Frames)} over "
            + $"{KaldiLog.Number(statistics.Frames)} frames.");
    }
}
