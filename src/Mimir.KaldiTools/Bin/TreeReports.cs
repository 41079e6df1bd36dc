using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>The log lines of programs that build trees.</summary>
internal static class TreeReports
{
    private const float LowCount = 100;

    /// <summary>Makes a receiver of the library's reports.</summary>
    public static TreeLog ForTrees(this KaldiLog log) => new(log.Log, log.Warning, log.Detail);

    /// <summary>Reports the leaves of few frames.</summary>
    public static void LowCounts(TreeStatistics statistics, EventMap tree, KaldiLog log)
    {
        var leaves = statistics.SumByLeaf(tree);
        for (var pdf = 0; pdf < leaves.Count; pdf++)
        {
            var count = leaves[pdf]?.Count ?? 0;
            if (count < LowCount)
                log.Detail($"For pdf-id {pdf}, low count {KaldiLog.Number(count)}");
        }
    }

    /// <summary>Warns of phones that have no root, and of phones that were not seen.</summary>
    public static void Phones(
        TreeStatistics statistics, IReadOnlyList<TreeRoot> roots, HmmTopology topology, int centralPosition, KaldiLog log)
    {
        int[] rooted = [.. roots.SelectMany(root => root.Phones).Order()];
        if (!rooted.SequenceEqual(topology.Phones))
        {
            log.Warning(
                $"Mismatch between phone sets provided in roots file, and those in topology: {string.Join(' ', rooted)} vs. "
                + string.Join(' ', topology.Phones));
        }

        var seen = statistics.Contexts.Select(context => context.Event.ValueOf(centralPosition)).ToHashSet();
        var unseen = rooted.Where(phone => !seen.Contains(phone)).ToList();
        if (unseen.Count > 0)
            log.Warning($"Saw no stats for following phones: {string.Concat(unseen.Select(phone => phone + " "))}");
    }
}
