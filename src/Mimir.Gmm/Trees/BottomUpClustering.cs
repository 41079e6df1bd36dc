namespace Mimir.Gmm.Trees;

/// <summary>
/// Merges clusters, the two nearest first; clusters of different compartments are never merged (Kaldi: <c>ClusterBottomUp</c>,
/// <c>ClusterBottomUpCompartmentalized</c>). The distance of two clusters is what their merging takes from the objective.
/// </summary>
internal sealed class BottomUpClustering
{
    private readonly Compartment[] _compartments;
    private readonly float _threshold;
    private readonly int _fewest;
    private PriorityQueue<(int Compartment, int First, int Second), (float Distance, int, int, int)> _queue = new();
    private int _clusters;

    private BottomUpClustering(IReadOnlyList<IReadOnlyList<ClusterStatistics>> compartments, float threshold, int fewest)
    {
        _compartments = [.. compartments.Select(points => new Compartment(points))];
        _threshold = threshold;
        _fewest = fewest;
        _clusters = compartments.Sum(points => points.Count);
    }

    /// <summary>Merges until there are few clusters or all distances are above a threshold.</summary>
    /// <param name="compartments">The points of each compartment; they are not changed.</param>
    /// <param name="threshold">The largest distance that is merged.</param>
    /// <param name="fewest">The number of clusters, in all compartments, at which merging ends.</param>
    /// <returns>For each compartment the cluster of each point, from 0.</returns>
    public static IReadOnlyList<int[]> Cluster(
        IReadOnlyList<IReadOnlyList<ClusterStatistics>> compartments, float threshold, int fewest)
    {
        var clustering = new BottomUpClustering(compartments, threshold, fewest);
        clustering.Run();
        return [.. clustering._compartments.Select(compartment => compartment.Assignments())];
    }

    private void Run()
    {
        for (var index = 0; index < _compartments.Length; index++)
        {
            for (var first = 0; first < _compartments[index].Count; first++)
            {
                for (var second = 0; second < first; second++)
                    Push(index, first, second, _compartments[index].Measure(first, second));
            }
        }

        while (_clusters > _fewest && _queue.TryDequeue(out var pair, out var priority))
        {
            // An entry is stale when one of its clusters is gone or has grown.
            var compartment = _compartments[pair.Compartment];
            if (compartment.IsAlive(pair.First) && compartment.IsAlive(pair.Second)
                && Math.Abs(compartment.DistanceOf(pair.First, pair.Second) - priority.Distance) <= 1e-5f * Math.Abs(priority.Distance))
                Merge(pair.Compartment, pair.First, pair.Second);
        }
    }

    private void Merge(int index, int into, int from)
    {
        var compartment = _compartments[index];
        compartment.Merge(into, from);
        _clusters--;
        for (var other = 0; other < compartment.Count; other++)
        {
            if (other == into || !compartment.IsAlive(other))
                continue;

            var (first, second) = (Math.Max(into, other), Math.Min(into, other));
            var distance = compartment.Measure(first, second);

            // What is just at the threshold is merged when it was so from the beginning only.
            if (distance < _threshold)
                Push(index, first, second, distance);
        }

        if (_queue.Count >= 1000 && _queue.Count >= 2L * _clusters * _clusters)
            DropStaleEntries();
    }

    private void DropStaleEntries()
    {
        _queue = new(_queue.UnorderedItems.Where(item => _compartments[item.Element.Compartment] is var compartment
            && compartment.IsAlive(item.Element.First) && compartment.IsAlive(item.Element.Second)
            && compartment.DistanceOf(item.Element.First, item.Element.Second) == item.Priority.Distance));
    }

    private void Push(int compartment, int first, int second, float distance)
    {
        if (distance <= _threshold)
            _queue.Enqueue((compartment, first, second), (distance, compartment, first, second));
    }

    private sealed class Compartment
    {
        private readonly ClusterStatistics?[] _clusters;
        private readonly float[] _objectives;
        private readonly int[] _parents;

        // The distance of i and j < i is at i (i - 1) / 2 + j.
        private readonly float[] _distances;

        public Compartment(IReadOnlyList<ClusterStatistics> points)
        {
            _clusters = [.. points.Select(point => point.Clone())];
            _objectives = [.. points.Select(point => point.Objective())];
            _parents = [.. Enumerable.Range(0, points.Count)];
            _distances = new float[checked((int)((long)points.Count * (points.Count - 1) / 2))];
        }

        public int Count => _clusters.Length;

        public bool IsAlive(int index) => _clusters[index] is not null;

        public float DistanceOf(int first, int second) => _distances[(first * (first - 1) / 2) + second];

        public float Measure(int first, int second)
        {
            if (_clusters[first] is not { } one || _clusters[second] is not { } other)
                throw new InvalidOperationException("A merged cluster has no distance.");

            var distance = Math.Max(0, _objectives[first] + _objectives[second] - ClusterStatistics.ObjectiveOfSum(one, other));
            return _distances[(first * (first - 1) / 2) + second] = distance;
        }

        public void Merge(int into, int from)
        {
            if (_clusters[into] is not { } target || _clusters[from] is not { } source)
                throw new InvalidOperationException("A merged cluster is not merged again.");

            target.Add(source);
            _clusters[from] = null;
            _parents[from] = into;
            _objectives[into] = target.Objective();
        }

        public int[] Assignments()
        {
            var numbers = new int[Count];
            for (var (index, next) = (0, 0); index < Count; index++)
                numbers[index] = IsAlive(index) ? next++ : -1;

            return [.. Enumerable.Range(0, Count).Select(point =>
            {
                while (_parents[point] != point)
                    point = _parents[point];

                return numbers[point];
            })];
        }
    }
}
