using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>Merges leaves of a tree that are alike, within the parts that another tree makes.</summary>
internal static class LeafClustering
{
    /// <summary>Merges leaves as long as that costs at most a threshold (Kaldi: <c>ClusterEventMapRestrictedByMap</c>).</summary>
    /// <returns>The tree, with holes in its numbers, and the number of leaves that are gone.</returns>
    public static (EventMap Tree, int Removed) Merge(
        EventMap tree, IReadOnlyList<ContextStatistics> contexts, float threshold, EventMap parts)
    {
        var leaves = PartsOf(tree, contexts, parts).Where(part => part.Count > 0).ToList();

        // Part by part, so that a threshold is met in each, whatever the others do.
        var assignments = leaves.Select(part => BottomUpClustering.Cluster([Points(part)], threshold, 0)[0]).ToList();
        return Apply(tree, leaves, assignments);
    }

    /// <summary>
    /// Merges leaves down to a number (Kaldi: <c>ClusterEventMapToNClustersRestrictedByMap</c>).
    /// </summary>
    /// <param name="tree">The tree.</param>
    /// <param name="contexts">The statistics of its leaves.</param>
    /// <param name="required">The number of leaves to have; a part without statistics counts as one.</param>
    /// <param name="parts">The tree that makes the parts.</param>
    /// <param name="log">Receives a warning where the number cannot be met.</param>
    /// <returns>The tree, with holes in its numbers, and the number of leaves that are gone.</returns>
    public static (EventMap Tree, int Removed) MergeTo(
        EventMap tree, IReadOnlyList<ContextStatistics> contexts, int required, EventMap parts, TreeLog log)
    {
        var leaves = PartsOf(tree, contexts, parts);
        if (required < leaves.Count)
        {
            log.Warning("num-clusters-required is less than size of map. Not doing anything.");
            return (tree, 0);
        }

        var (filled, all) = (leaves.Count(part => part.Count > 0), leaves.Sum(part => part.Count));
        log.Detail($"Number of non-empty clusters in map = {filled}");
        log.Detail($"Number of non-empty clusters = {all}");
        required -= leaves.Count - filled;
        if (required > all)
        {
            log.Warning(
                $"Cannot get required num-clusters as number of non-empty clusters required is larger than number of non-empty clusters: "
                + $"{required} > {all}");
            return (tree, 0);
        }

        return Apply(tree, leaves, BottomUpClustering.Cluster([.. leaves.Select(Points)], float.PositiveInfinity, required));
    }

    /// <summary>Numbers the leaves of a tree from 0 without holes, in the order of their numbers.</summary>
    public static (EventMap Tree, int Leaves) Renumber(EventMap tree)
    {
        var numbers = tree.Answers.Distinct().Order().Select((answer, number) => (answer, number))
            .ToDictionary(pair => pair.answer, pair => pair.number);
        return (tree.WithLeaves(leaf => new ConstantEventMap(numbers[leaf])), numbers.Count);
    }

    private static (EventMap Tree, int Removed) Apply(
        EventMap tree, List<List<(int Leaf, ClusterStatistics Frames)>> parts, IReadOnlyList<int[]> assignments)
    {
        var numbers = new Dictionary<int, int>();
        var removed = 0;
        for (var part = 0; part < parts.Count; part++)
        {
            // A cluster has the number of the leaf in its place, which is of the same part.
            for (var i = 0; i < parts[part].Count; i++)
                numbers.Add(parts[part][i].Leaf, parts[part][assignments[part][i]].Leaf);

            removed += parts[part].Count - assignments[part].Distinct().Count();
        }

        return (tree.WithLeaves(leaf => numbers.TryGetValue(leaf, out var number) ? new ConstantEventMap(number) : null), removed);
    }

    private static List<List<(int Leaf, ClusterStatistics Frames)>> PartsOf(
        EventMap tree, IReadOnlyList<ContextStatistics> contexts, EventMap parts) => [.. contexts.SplitBy(parts).Select(part =>
        {
            List<(int, ClusterStatistics)> leaves = [];
            var number = 0;
            foreach (var leaf in part.SplitBy(tree))
            {
                if (leaf.Sum() is { } sum)
                    leaves.Add((number, sum));

                number++;
            }

            return leaves;
        })];

    private static IReadOnlyList<ClusterStatistics> Points(List<(int Leaf, ClusterStatistics Frames)> leaves) =>
        [.. leaves.Select(leaf => leaf.Frames)];
}
