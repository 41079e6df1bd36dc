using Mimir.Base;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>The size of a tree (Kaldi: the options of build-tree).</summary>
public sealed record TreeSize
{
    /// <summary>The largest number of leaves before similar ones are merged; 0 for any.</summary>
    public int MaxLeaves { get; init; }

    /// <summary>The gain of the log-likelihood that a split has to exceed.</summary>
    public float Threshold { get; init; } = 300;

    /// <summary>The largest loss of the log-likelihood at which leaves are merged; 0 merges none, a negative number takes the gain of the
    /// last split.</summary>
    public float ClusterThreshold { get; init; } = -1;

    /// <summary>True where leaves are merged until their number is a multiple of 8.</summary>
    public bool RoundLeaves { get; init; } = true;
}

/// <summary>Builds a phonetic decision tree from statistics (Kaldi: <c>BuildTree</c>).</summary>
/// <param name="questions">The questions.</param>
/// <param name="roots">The roots; every phone has one.</param>
/// <param name="pdfClasses">The number of classes of distributions of a phone.</param>
/// <param name="centralPosition">The key of the phone in the statistics.</param>
/// <param name="log">Receives results.</param>
/// <remarks>S. J. Young, J. J. Odell, P. C. Woodland: Tree-based state tying for high accuracy acoustic modelling, HLT 1994.</remarks>
public sealed class TreeBuilder(
    TreeQuestions questions, IReadOnlyList<TreeRoot> roots, Func<int, int> pdfClasses, int centralPosition, TreeLog log)
{
    /// <summary>Builds a tree.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="size">Its size.</param>
    /// <returns>The tree; its leaves are numbered from 0.</returns>
    /// <exception cref="InputException">There are no statistics, or a phone of them has no root.</exception>
    public EventMap Build(TreeStatistics statistics, TreeSize size)
    {
        if (size is { Threshold: <= 0, MaxLeaves: <= 0 })
            throw new InputException("--thresh and --max-leaves: expected one of them above 0, or the tree has no end.");

        var contexts = statistics.Contexts;
        var stub = Stub(contexts);
        log.Result($"BuildTree: before building trees, map has {stub.Answers.Count()} leaves.");
        var filtered = Split(contexts);
        var split = TreeSplitting.Split(stub, filtered, questions, size.Threshold, size.MaxLeaves, stub.Answers.Count(), log);
        var threshold = size.ClusterThreshold;
        if (threshold < 0)
        {
            threshold = split.SmallestGain;
            log.Result($"Setting clustering threshold to smallest split {Number(threshold)}");
        }

        var (frames, splitFrames) = (contexts.CountFrames(), filtered.CountFrames());
        log.Detail($"After decision tree split, num-leaves = {split.Leaves}, like-impr = {Number(split.Gain / frames)} per frame over "
            + $"{Number(frames)} frames.");
        log.Detail($"Including just phones that were split, improvement is {Number(split.Gain / splitFrames)} per frame over "
            + $"{Number(splitFrames)} frames.");
        return threshold == 0 && !size.RoundLeaves
            ? split.Tree
            : Shrink(split, contexts, threshold, size.RoundLeaves, stub, frames, splitFrames);
    }

    private EventMap Stub(IReadOnlyList<ContextStatistics> contexts)
    {
        if (contexts.Count == 0)
            throw new InputException("there are no statistics; do the utterances of features and alignments agree?");

        try
        {
            return TreeStub.Build(centralPosition, roots, pdfClasses);
        }
        catch (ArgumentException e)
        {
            throw new InputException($"The roots of the tree: {e.Message}", e);
        }
    }

    // The statistics of phones about which questions may be asked.
    private IReadOnlyList<ContextStatistics> Split(IReadOnlyList<ContextStatistics> contexts)
    {
        var whole = roots.Where(root => !root.IsSplit).SelectMany(root => root.Phones).ToHashSet();
        return [.. contexts.Where(context => !whole.Contains(context.RequireValueOf(centralPosition)))];
    }

    private EventMap Shrink(
        SplitTree split,
        IReadOnlyList<ContextStatistics> contexts,
        float threshold,
        bool round,
        EventMap stub,
        float frames,
        float splitFrames)
    {
        var before = contexts.ObjectiveOf(split.Tree);
        var (tree, leaves) = (split.Tree, split.Leaves);
        if (threshold != 0)
        {
            (tree, var removed) = LeafClustering.Merge(tree, contexts, threshold, stub);
            leaves -= removed;
            log.Result($"BuildTree: removed {removed} leaves.");
        }

        if (round)
        {
            (tree, var removed) = LeafClustering.MergeTo(tree, contexts, leaves / 8 * 8, stub, log);
            if (removed > 0)
                log.Result($"BuildTree: Rounded num leaves to multiple of 8 by removing {removed} leaves.");
            if (leaves - removed != leaves / 8 * 8)
                log.Warning($"Did not get expected number of leaves: {leaves} - {removed} != {leaves / 8 * 8}");
        }

        (tree, leaves) = LeafClustering.Renumber(tree);
        var change = contexts.ObjectiveOf(tree) - before;
        log.Detail($"Objf change due to clustering {Number(change / frames)} per frame.");
        log.Detail($"Normalizing over only split phones, this is: {Number(change / splitFrames)} per frame.");
        log.Detail($"Num-leaves is now {leaves}");
        return tree;
    }

    private static string Number(float value) => FormattableString.Invariant($"{value:g6}");
}
