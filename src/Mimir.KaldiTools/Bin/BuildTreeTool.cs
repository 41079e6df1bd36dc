using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>build-tree: builds a phonetic decision tree.</summary>
internal sealed class BuildTreeTool()
    : KaldiTool<BuildTreeTool.Options>(
        "build-tree",
        "Train decision tree",
        "<tree-stats-in> <roots-file> <questions-file> <topo-file> <tree-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : ContextOptions
    {
        /// <summary>Largest number of leaves; 0 for any.</summary>
        [Option("max-leaves")]
        public int MaxLeaves { get; init; }

        /// <summary>Gain of the log-likelihood that a split has to exceed.</summary>
        [Option("thresh")]
        public float Threshold { get; init; } = 300;

        /// <summary>Largest loss of the log-likelihood at which leaves are merged; 0 for none, -1 for the gain of the last split.</summary>
        [Option("cluster-thresh")]
        public float ClusterThreshold { get; init; } = -1;

        /// <summary>Merge leaves until their number is a multiple of 8.</summary>
        [Option("round-num-leaves")]
        public bool RoundLeaves { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var roots = PhoneSets.ReadRoots(arguments[1], io);
        var topology = HmmTopology.Read(arguments[3], io);
        var statistics = TreeStatistics.Read(arguments[0], io);
        log.Log($"Number of separate statistics is {statistics.Contexts.Count}");
        var questions = TreeQuestions.Read(arguments[2], io);
        CheckPhones(topology, roots);
        var map = new TreeBuilder(questions, roots, topology.PdfClassCountOf, options.CentralPosition, log.ForTrees())
            .Build(statistics, new TreeSize
            {
                MaxLeaves = options.MaxLeaves,
                Threshold = options.Threshold,
                ClusterThreshold = options.ClusterThreshold,
                RoundLeaves = options.RoundLeaves,
            });
        TreeReports.LowCounts(statistics, map, log);
        new ContextDependency(options.ContextWidth, options.CentralPosition, map).Write(arguments[4], options.Binary, io);
        TreeReports.Phones(statistics, roots, topology, options.CentralPosition, log);
        log.Log("Wrote tree");
        return true;
    }

    private static void CheckPhones(HmmTopology topology, IReadOnlyList<TreeRoot> roots)
    {
        var known = topology.Phones.ToHashSet();
        if (roots.SelectMany(root => root.Phones).Where(phone => !known.Contains(phone)).Cast<int?>().FirstOrDefault() is { } unknown)
            throw new InputException($"phone {unknown} has a root of the tree and no topology.");
    }
}
