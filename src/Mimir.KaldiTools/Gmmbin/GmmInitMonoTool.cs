using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1.Prototypes;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-init-mono: makes a monophone model with one Gaussian a pdf, and its tree.</summary>
internal sealed class GmmInitMonoTool()
    : KaldiTool<GmmInitMonoTool.Options>("gmm-init-mono", "Initialize monophone GMM.", "<topology-in> <dim> <model-out> <tree-out>")
{
    private const int LargestDimension = 9999;

    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Table of features whose mean and variance the Gaussians get; without it the mean is 1 and the variance 1.</summary>
        [Option("train-feats")]
        public string TrainFeatures { get; init; } = "";

        /// <summary>File of sets of phones, one a line, that share their pdfs.</summary>
        [Option("shared-phones")]
        public string SharedPhones { get; init; } = "";

        /// <summary>Move the means at random by this part of the standard deviation.</summary>
        [Option("perturb-factor")]
        public float PerturbFactor { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var dimension)
            || dimension is < 1 or > LargestDimension)
        {
            throw new InputException($"expected a dimension from 1 to {LargestDimension}, got '{arguments[1]}'.");
        }

        var gaussian = FeatureMoments.Constant(dimension, 1, 1);
        if (options.TrainFeatures.Length > 0)
        {
            gaussian = FlatStart.Read(options.TrainFeatures, io);
            if (gaussian.Dimension != dimension)
                throw new InputException($"{options.TrainFeatures}: the features have {gaussian.Dimension} dimensions, not {dimension}.");
        }

        var topology = HmmTopology.Read(arguments[0], io);
        IReadOnlyList<IReadOnlyList<int>> sets = options.SharedPhones.Length > 0
            ? PhoneList.ReadSets(options.SharedPhones, io)
            : [.. topology.Phones.Select(phone => (int[])[phone])];
        var tree = Tree(sets, topology, options.SharedPhones);
        var random = new CLibraryRandom(1);
        var acoustic = new AmDiagGmm([.. Enumerable.Range(0, tree.PdfCount)
            .Select(_ => options.PerturbFactor == 0 ? gaussian : gaussian.Perturb(options.PerturbFactor, random))]);
        new GmmModel(TransitionModel.FromTree(tree, topology), acoustic).Write(arguments[2], options.Binary, io);
        tree.Write(arguments[3], options.Binary, io);
        return true;
    }

    private static ContextDependency Tree(IReadOnlyList<IReadOnlyList<int>> sets, HmmTopology topology, string file)
    {
        try
        {
            return ContextDependency.Monophone(sets, topology.PdfClassCountOf);
        }
        catch (ArgumentException e)
        {
            throw new InputException($"{file}: {e.Message}", e);
        }
    }
}
