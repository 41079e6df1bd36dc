using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-mixup: splits or merges the Gaussians of a model.</summary>
internal sealed class GmmMixupTool()
    : KaldiTool<GmmMixupTool.Options>(
        "gmm-mixup", "Does GMM mixing up (and Gaussian merging)", "<model-in> <state-occs-in> <model-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Numbers of Gaussians.</summary>
        [IncludeOptions]
        public GmmMixingOptions Mixing { get; init; } = new();
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        if (options.Mixing is not { MixUp: 0, MixDown: 0 })
        {
            var occupancies = KaldiTables.FloatVector.ReadOne(arguments[1], io);
            model = model with { Acoustic = GmmMixing.Mix(model.Acoustic, occupancies, options.Mixing, log.Log, log.Warning) };
        }

        model.Write(arguments[2], options.Binary, io);
        log.Log($"Written model to {arguments[2]}");
        return true;
    }
}
