using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-init-model-flat: makes a model of a tree with the same Gaussian in all pdfs.</summary>
internal sealed class GmmInitModelFlatTool()
    : KaldiTool<GmmInitModelFlatTool.Options>(
        "gmm-init-model-flat",
        "Initialize GMM, with Gaussians initialized to mean and variance of some provided example data (or to 0,1 if not provided: in "
            + "that case, provide --dim option)",
        "<tree-in> <topo-file> <model-out> [<features-rspecifier>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Dimension of the model where no features are given.</summary>
        [Option("dim", Min = 1)]
        public int Dimension { get; init; } = 40;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var tree = ContextDependency.Read(arguments[0], io);
        var topology = HmmTopology.Read(arguments[1], io);
        var gaussian = arguments.Count > 3 ? FlatStart.Read(arguments[3], io) : FeatureMoments.Constant(options.Dimension, 0, 1);
        var acoustic = new AmDiagGmm([.. Enumerable.Repeat(gaussian, tree.PdfCount)]);
        new GmmModel(TransitionModel.FromTree(tree, topology), acoustic).Write(arguments[2], options.Binary, io);
        log.Log("Wrote model.");
        return true;
    }
}
