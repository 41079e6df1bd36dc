using Mimir.Base;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>Operations on lists of states in contexts, for growing trees.</summary>
internal static class ContextLists
{
    /// <summary>Divides a list by the answers of a tree.</summary>
    /// <returns>A list for each answer up to the largest, in the order of the whole; some may be empty.</returns>
    /// <exception cref="InputException">The tree has no answer for an event.</exception>
    public static IReadOnlyList<IReadOnlyList<ContextStatistics>> SplitBy(this IReadOnlyList<ContextStatistics> contexts, EventMap tree) =>
        Split(contexts, context => tree.AnswerTo(context.Event.ValueOf) ?? throw new InputException(
            $"The tree has no answer for the statistics of {context.Event}; do --context-width and --central-position agree with them, "
            + "and does every phone have a root? Phones without context must not share a root with others."));

    /// <summary>Divides a list by the value of a key.</summary>
    /// <exception cref="InputException">An event does not have the key.</exception>
    public static IReadOnlyList<IReadOnlyList<ContextStatistics>> SplitBy(this IReadOnlyList<ContextStatistics> contexts, int key) =>
        Split(contexts, context => context.RequireValueOf(key));

    /// <summary>Returns the value of a key.</summary>
    /// <exception cref="InputException">The event does not have the key, or the value is negative.</exception>
    public static int RequireValueOf(this ContextStatistics context, int key) => context.Event.ValueOf(key) is { } value and >= 0
        ? value
        : throw new InputException($"The statistics of {context.Event} have no value of key {key}; is --central-position theirs?");

    /// <summary>Adds up the frames of a list; null for an empty one.</summary>
    public static ClusterStatistics? Sum(this IReadOnlyList<ContextStatistics> contexts)
    {
        ClusterStatistics? sum = null;
        foreach (var context in contexts)
        {
            if (sum is null)
                sum = context.Frames.Clone();
            else
                sum.Add(context.Frames);
        }

        return sum;
    }

    /// <summary>Counts the frames of a list.</summary>
    public static float CountFrames(this IReadOnlyList<ContextStatistics> contexts)
    {
        var count = 0f;
        foreach (var context in contexts)
            count += (float)context.Frames.Count;

        return count;
    }

    /// <summary>Computes the objective of a list with a Gaussian for each answer of a tree.</summary>
    public static float ObjectiveOf(this IReadOnlyList<ContextStatistics> contexts, EventMap tree)
    {
        var objective = 0f;
        foreach (var leaf in contexts.SplitBy(tree))
            objective += leaf.Sum()?.Objective() ?? 0;

        return objective;
    }

    private static List<ContextStatistics>[] Split(IReadOnlyList<ContextStatistics> contexts, Func<ContextStatistics, int> part)
    {
        var parts = new List<List<ContextStatistics>>();
        foreach (var context in contexts)
        {
            var index = part(context);
            while (parts.Count <= index)
                parts.Add([]);

            parts[index].Add(context);
        }

        return [.. parts];
    }
}
