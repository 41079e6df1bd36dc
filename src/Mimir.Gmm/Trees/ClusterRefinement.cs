namespace Mimir.Gmm.Trees;

/// <summary>
/// Moves points between clusters, one at a time, as long as that raises the objective (Kaldi: <c>RefineClusters</c>). A point considers
/// its own cluster and those that were nearest when the refinement began.
/// </summary>
internal sealed class ClusterRefinement
{
    private readonly IReadOnlyList<ClusterStatistics> _points;
    private readonly ClusterStatistics[] _clusters;
    private readonly int[] _assignments;
    private readonly int _candidates;
    private readonly Candidate[] _infos;
    private readonly int[] _own;
    private readonly int[] _changed;
    private readonly float[] _objectives;
    private int _time;
    private float _improvement;

    private ClusterRefinement(IReadOnlyList<ClusterStatistics> points, ClusterStatistics[] clusters, int[] assignments, int candidates)
    {
        _points = points;
        _clusters = clusters;
        _assignments = assignments;
        _candidates = Math.Min(candidates, clusters.Length);
        _infos = new Candidate[points.Count * _candidates];
        _own = new int[points.Count];
        _changed = new int[clusters.Length];
        _objectives = [.. clusters.Select(cluster => cluster.Objective())];
        for (var point = 0; point < points.Count; point++)
            FindCandidates(point);
    }

    /// <summary>Refines clusters.</summary>
    /// <param name="points">The points.</param>
    /// <param name="clusters">The sum of each cluster's points, which is kept up to date.</param>
    /// <param name="assignments">The cluster of each point, which is kept up to date.</param>
    /// <param name="rounds">The largest number of times that all points are looked at; 0 changes nothing.</param>
    /// <param name="candidates">The number of clusters that a point considers, its own included.</param>
    /// <returns>What the objective gained.</returns>
    public static float Refine(
        IReadOnlyList<ClusterStatistics> points, ClusterStatistics[] clusters, int[] assignments, int rounds, int candidates)
    {
        if (rounds <= 0 || Math.Min(candidates, clusters.Length) <= 1)
            return 0;

        var refinement = new ClusterRefinement(points, clusters, assignments, candidates);
        for (var round = 0; round < rounds; round++)
        {
            var before = refinement._time;
            for (var point = 0; point < points.Count; point++)
                refinement.Visit(point);

            if (refinement._time == before)
                break;
        }

        return refinement._improvement;
    }

    private void FindCandidates(int point)
    {
        var own = _assignments[point];
        var nearest = Enumerable.Range(0, _clusters.Length).Where(cluster => cluster != own)
            .Select(cluster => (Distance: _objectives[cluster] - Plus(cluster, point), Cluster: cluster))
            .Order().Take(_candidates - 1).ToList();
        for (var index = 0; index < nearest.Count; index++)
        {
            var (distance, cluster) = nearest[index];
            InfoOf(point, index) = new Candidate(cluster, 0, -(distance - _objectives[cluster]));
        }

        _own[point] = _candidates - 1;
        InfoOf(point, _candidates - 1) = new Candidate(own, 0, Minus(own, point));
    }

    private void Visit(int point)
    {
        var own = Updated(point, _own[point]);
        for (var index = 0; index < _candidates; index++)
        {
            if (index == _own[point])
                continue;

            var other = Updated(point, index);
            var gain = other.Objective + own.Objective - _objectives[other.Cluster] - _objectives[own.Cluster];
            if (gain > 0)
            {
                _improvement += gain;
                Move(point, index, own.Cluster, other.Cluster);
                return;
            }
        }
    }

    private void Move(int point, int index, int from, int to)
    {
        _time++;
        _own[point] = index;
        _assignments[point] = to;
        _clusters[from].Subtract(_points[point]);
        _clusters[to].Add(_points[point]);
        foreach (var cluster in (ReadOnlySpan<int>)[from, to])
        {
            _objectives[cluster] = _clusters[cluster].Objective();
            _changed[cluster] = _time;
        }
    }

    private Candidate Updated(int point, int index)
    {
        ref var info = ref InfoOf(point, index);
        if (info.Time < _changed[info.Cluster])
        {
            info = new Candidate(
                info.Cluster, _time, index == _own[point] ? Minus(info.Cluster, point) : Plus(info.Cluster, point));
        }

        return info;
    }

    private ref Candidate InfoOf(int point, int index) => ref _infos[(point * _candidates) + index];

    private float Plus(int cluster, int point) => ClusterStatistics.ObjectiveOfSum(_clusters[cluster], _points[point]);

    private float Minus(int cluster, int point)
    {
        var rest = _clusters[cluster].Clone();
        rest.Subtract(_points[point]);
        return rest.Objective();
    }

    // The objective is that of the cluster with the point, or of the point's own cluster without it.
    private readonly record struct Candidate(int Cluster, int Time, float Objective);
}
