using Mimir.Kaldi.Nnet1.Prototypes;

namespace Mimir.Gmm.Trees;

/// <summary>Divides points in two again and again, the cluster that gains most first (Kaldi: <c>TreeCluster</c>).</summary>
internal sealed class TopDownClustering
{
    private readonly List<Node> _leaves = [];
    private readonly List<Node> _inner = [];
    private readonly PriorityQueue<Node, (float Gain, int Order)> _queue = new();
    private readonly KMeansOptions _options;
    private readonly CLibraryRandom _random;
    private int _pushed;

    private TopDownClustering(KMeansOptions options, CLibraryRandom random)
    {
        _options = options;
        _random = random;
    }

    /// <summary>Divides points until each is alone, or no division raises the objective.</summary>
    /// <param name="points">The points, at least one.</param>
    /// <param name="options">The options of each division.</param>
    /// <param name="random">The source of random beginnings.</param>
    /// <returns>For each point its smallest cluster, and for each cluster the one that it is a part of: the smallest clusters come
    /// first, and the last, which has all points, is a part of itself.</returns>
    public static (int[] Assignments, int[] Parents) Cluster(
        IReadOnlyList<ClusterStatistics> points, KMeansOptions options, CLibraryRandom random)
    {
        var clustering = new TopDownClustering(options, random);
        var root = new Node(null, points, [.. Enumerable.Range(0, points.Count)]);
        clustering._leaves.Add(root);
        clustering.Consider(root);
        while (clustering._leaves.Count < points.Count && clustering._queue.TryDequeue(out var node, out _))
            clustering.Split(node);

        return clustering.Result(points.Count);
    }

    private void Split(Node node)
    {
        if (node.Division is not { } division)
            return;

        Node[] children = [.. Enumerable.Range(0, 2).Select(cluster =>
        {
            var members = Enumerable.Range(0, node.Points.Count).Where(point => division.Assignments[point] == cluster).ToList();
            return new Node(node, [.. members.Select(member => node.Points[member])], [.. members.Select(member => node.Indices[member])]);
        })];

        // The first child takes the place of its parent among the leaves.
        _leaves[node.Index] = children[0];
        children[0].Index = node.Index;
        children[1].Index = _leaves.Count;
        _leaves.Add(children[1]);
        node.Index = _inner.Count;
        _inner.Add(node);
        foreach (var child in children)
            Consider(child);
    }

    private void Consider(Node node)
    {
        if (node.Points.Count <= 1)
            return;

        node.Division = KMeansClustering.Cluster(node.Points, 2, _options, _random);
        if (node.Division.Improvement > 0)
            _queue.Enqueue(node, (-node.Division.Improvement, _pushed++));
    }

    private (int[] Assignments, int[] Parents) Result(int points)
    {
        var assignments = new int[points];
        var parents = new int[_leaves.Count + _inner.Count];
        for (var leaf = 0; leaf < _leaves.Count; leaf++)
        {
            foreach (var point in _leaves[leaf].Indices)
                assignments[point] = leaf;

            parents[leaf] = NumberOf(_leaves[leaf].Parent) ?? leaf;
        }

        foreach (var node in _inner)
        {
            var number = parents.Length - 1 - node.Index;
            parents[number] = NumberOf(node.Parent) ?? number;
        }

        return (assignments, parents);

        // Reversed, so that the root is last.
        int? NumberOf(Node? node) => node is null ? null : parents.Length - 1 - node.Index;
    }

    private sealed class Node(Node? parent, IReadOnlyList<ClusterStatistics> points, IReadOnlyList<int> indices)
    {
        public Node? Parent { get; } = parent;

        public IReadOnlyList<ClusterStatistics> Points { get; } = points;

        public IReadOnlyList<int> Indices { get; } = indices;

        // Its place among the leaves, or among the inner nodes when it is one.
        public int Index { get; set; }

        public KMeansResult? Division { get; set; }
    }
}
