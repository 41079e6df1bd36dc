using Mimir.Base;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>A tree that was split, and what it gained.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Leaves">The number of its leaves; those that were there keep their numbers, new ones follow.</param>
/// <param name="Gain">The gain of the objective.</param>
/// <param name="SmallestGain">The gain of the least useful split.</param>
internal sealed record SplitTree(EventMap Tree, int Leaves, float Gain, float SmallestGain);

/// <summary>Splits the leaves of a tree by questions, the split that gains most first (Kaldi: <c>SplitDecisionTree</c>).</summary>
internal static class TreeSplitting
{
    private const float NoSplit = 1e20f;

    /// <summary>Splits until no split gains more than a threshold, or there are enough leaves.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="contexts">The statistics of the leaves.</param>
    /// <param name="questions">The questions.</param>
    /// <param name="threshold">The gain that a split has to exceed.</param>
    /// <param name="maxLeaves">The largest number of leaves; 0 for any.</param>
    /// <param name="leaves">The number of leaves so far.</param>
    /// <param name="log">Receives the result.</param>
    /// <exception cref="InputException">There are no statistics, or the tree has no answer for one of them.</exception>
    public static SplitTree Split(
        EventMap tree,
        IReadOnlyList<ContextStatistics> contexts,
        TreeQuestions questions,
        float threshold,
        int maxLeaves,
        int leaves,
        TreeLog log)
    {
        if (contexts.Count == 0)
            throw new InputException("there are no statistics of phones whose roots are split; see the file of roots.");

        var parts = contexts.SplitBy(tree);
        var nodes = new Node[parts.Count];
        Parallel.For(0, parts.Count, leaf => nodes[leaf] = new Node(leaf, parts[leaf], questions));

        // The most useful first; of equals the last.
        var queue = new PriorityQueue<Node, (float Gain, int Order)>();
        for (var leaf = 0; leaf < nodes.Length; leaf++)
            queue.Enqueue(nodes[leaf], (-nodes[leaf].BestGain, -leaf));

        var (gain, smallest, splits) = (0f, NoSplit, 0);
        while (queue.Peek() is var node && node.BestGain > threshold && (maxLeaves <= 0 || leaves < maxLeaves))
        {
            queue.Dequeue();
            smallest = Math.Min(smallest, node.BestGain);
            gain += node.BestGain;
            node.SplitBest(ref leaves);
            queue.Enqueue(node, (-node.BestGain, -node.Root));
            splits++;
        }

        log.Result($"DoDecisionTreeSplit: split {splits} times, #leaves now {leaves}");
        return new SplitTree(tree.WithLeaves(leaf => leaf < nodes.Length ? nodes[leaf].ToMap() : null), leaves, gain, smallest);
    }

    private sealed class Node
    {
        private readonly TreeQuestions _questions;
        private readonly int _leaf;
        private readonly FoundQuestion _best;
        private IReadOnlyList<ContextStatistics> _contexts;
        private Node? _yes;
        private Node? _no;

        public Node(int leaf, IReadOnlyList<ContextStatistics> contexts, TreeQuestions questions)
        {
            _leaf = leaf;
            _contexts = contexts;
            _questions = questions;
            _best = QuestionSearch.FindBest(contexts, questions);
            BestGain = _best.Gain;
        }

        // The leaf that the node was at first; only asked of the first nodes.
        public int Root => _leaf;

        // Of this leaf, or of the best of the leaves below.
        public float BestGain { get; private set; }

        public EventMap ToMap() => _yes is null || _no is null
            ? new ConstantEventMap(_leaf)
            : new SplitEventMap(_best.Key, _best.YesSet, _yes.ToMap(), _no.ToMap());

        public void SplitBest(ref int leaves)
        {
            if (_yes is null || _no is null)
                (_yes, _no) = Divide(leaves++);
            else
                (_yes.BestGain >= _no.BestGain ? _yes : _no).SplitBest(ref leaves);

            BestGain = Math.Max(_yes.BestGain, _no.BestGain);
        }

        private (Node Yes, Node No) Divide(int newLeaf)
        {
            var set = _best.YesSet.ToHashSet();
            var halves = _contexts.ToLookup(context => set.Contains(context.RequireValueOf(_best.Key)));
            _contexts = [];
            return (new Node(_leaf, [.. halves[true]], _questions), new Node(newLeaf, [.. halves[false]], _questions));
        }
    }
}
