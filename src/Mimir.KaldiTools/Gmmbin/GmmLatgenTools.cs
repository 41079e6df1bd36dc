using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>Searches a graph with Gaussian mixtures.</summary>
internal abstract class GmmLatgenTool<TOptions>(string name, string summary, TimeProvider time)
    : KaldiTool<TOptions>(
        name,
        summary,
        "<model-in> (<fst-in>|<fsts-rspecifier>) <features-rspecifier> <lattice-wspecifier> [<words-wspecifier>] "
        + "[<alignments-wspecifier>]")
    where TOptions : LatgenOptions, new()
{
    protected override bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        var scorer = new GmmScorer(model.Acoustic);
        return new LatgenRun(options, arguments, log, io, time).Execute(
            model.Transitions, features => new GmmScores(scorer, features));
    }
}

/// <summary>gmm-latgen-faster: searches a graph with Gaussian mixtures.</summary>
internal sealed class GmmLatgenFasterTool(TimeProvider time)
    : GmmLatgenTool<LatgenOptions>("gmm-latgen-faster", "Generate lattices using GMM-based model.", time);

/// <summary>gmm-latgen-faster-parallel: the same on several threads.</summary>
internal sealed class GmmLatgenFasterParallelTool(TimeProvider time)
    : GmmLatgenTool<ParallelLatgenOptions>(
        "gmm-latgen-faster-parallel", "Decode features using GMM-based model, on several threads.", time);
