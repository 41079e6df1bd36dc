using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-init-model: makes a model of a tree from the statistics that the tree was grown from.</summary>
internal sealed class GmmInitModelTool()
    : KaldiTool<GmmInitModelTool.Options>(
        "gmm-init-model",
        "Initialize GMM from decision tree and tree stats (or from an old model)",
        "<tree-in> <tree-stats-in> <topo-file> <model-out> [<old-tree>] [<old-model>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>File for the frames of each pdf.</summary>
        [Option("write-occs")]
        public string WriteOccupancies { get; init; } = "";

        /// <summary>Floor of the variances of the Gaussians.</summary>
        [Option("var-floor", Min = 0)]
        public double VarianceFloor { get; init; } = 0.01;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (arguments.Count == 5)
            throw new InputException("An old tree needs its old model as well: <old-tree> <old-model>.");

        var tree = ContextDependency.Read(arguments[0], io);
        var statistics = TreeStatistics.Read(arguments[1], io);
        log.Log($"Number of separate statistics is {statistics.Contexts.Count}");
        var transitions = TransitionModel.FromTree(tree, HmmTopology.Read(arguments[2], io));
        var start = new TreeInitialisation(statistics, tree, (float)options.VarianceFloor, log.Warning);
        var acoustic = arguments.Count == 4
            ? start.ToGaussians(transitions)
            : start.ToNearest(GmmModel.Read(arguments[5], io).Acoustic, ContextDependency.Read(arguments[4], io));
        if (options.WriteOccupancies.Length > 0)
            KaldiTables.FloatVector.WriteOne(options.WriteOccupancies, start.Occupancies(), options.Binary, io);

        new GmmModel(transitions, acoustic).Write(arguments[3], options.Binary, io);
        log.Log("Wrote model.");
        return true;
    }
}
