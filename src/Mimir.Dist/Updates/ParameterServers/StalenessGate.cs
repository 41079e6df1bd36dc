namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>Admits or holds back pushes, so that none is overtaken by more than a number of others. Pure.</summary>
/// <remarks>
/// <para>With V the pushes applied and P(w) their number when worker w pulled, the staleness of a push is V - P(w). Let the
/// workers that compute be ordered by P. The gate keeps V + (r - 1) - P(r) at most B for the r-th oldest, r = 1, 2, …: then
/// the oldest, the next oldest and so on can all push within the bound B.</para>
/// <para>A push of the oldest never breaks this, so there is always one that is waited for or admitted, and as a pull puts
/// its worker last, B >= N - 1 for N workers is kept for ever.</para>
/// </remarks>
/// <param name="bound">B.</param>
public sealed class StalenessGate(int bound)
{
    private readonly SortedDictionary<int, long> _pulled = [];

    // The versions in order; workers up to the first tight one, and from the last loose one on, may push.
    private readonly List<long> _versions = [];
    private (int FirstTight, int LastLoose)? _limits;

    /// <summary>Gets the pushes applied.</summary>
    public long Version { get; private set; }

    /// <summary>Gets the workers that compute, with the version that each has pulled.</summary>
    public IReadOnlyDictionary<int, long> Pulled => _pulled;

    /// <summary>Starts over without workers.</summary>
    /// <param name="version">The pushes applied.</param>
    public void Reset(long version)
    {
        _pulled.Clear();
        _versions.Clear();
        _limits = null;
        Version = version;
    }

    /// <summary>True when a worker's push may be applied now.</summary>
    /// <param name="worker">The rank.</param>
    public bool Admits(int worker)
    {
        if (!_pulled.TryGetValue(worker, out var own) || own == _versions[0])
            return true;

        var (firstTight, lastLoose) = _limits ??= Limits();
        var place = PlaceOf(own);
        return place <= firstTight && place >= lastLoose;
    }

    /// <summary>Counts a push; the worker computes no more until it pulls.</summary>
    /// <param name="worker">The rank.</param>
    /// <returns>The number of others that overtook it.</returns>
    public int Push(int worker)
    {
        if (!_pulled.TryGetValue(worker, out var pulled))
            throw new ArgumentException($"worker {worker} pushes without a pull", nameof(worker));

        Leave(worker);
        return (int)(Version++ - pulled);
    }

    /// <summary>Marks that a worker has the present model and computes.</summary>
    /// <param name="worker">The rank.</param>
    public void Pull(int worker) => Pull(worker, Version);

    /// <summary>Marks that a worker has pulled an earlier version, as after a checkpoint.</summary>
    /// <param name="worker">The rank.</param>
    /// <param name="version">The version.</param>
    public void Pull(int worker, long version)
    {
        Leave(worker);
        _pulled.Add(worker, version);
        _versions.Insert(_versions.Count == 0 || _versions[^1] <= version ? _versions.Count : PlaceOf(version), version);
    }

    /// <summary>Marks that a worker computes no more: its data have ended, or it is lost.</summary>
    /// <param name="worker">The rank.</param>
    public void Leave(int worker)
    {
        _limits = null;
        if (_pulled.Remove(worker, out var version))
            _versions.RemoveAt(PlaceOf(version));
    }

    /// <summary>The first place of a version, or the one where it belongs.</summary>
    private int PlaceOf(long version)
    {
        var (low, high) = (0, _versions.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _versions[middle] < version ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>
    /// The first place that no push of a younger one may pass, and the last that only pushes of it or of older ones leave in
    /// bounds: without the worker that pushes, the r-th of the others needs V + r - P(r) within B.
    /// </summary>
    private (int FirstTight, int LastLoose) Limits()
    {
        var (firstTight, lastLoose) = (_versions.Count, -1);
        for (var place = 0; place < _versions.Count; place++)
        {
            var slack = bound - (Version + place - _versions[place]);
            if (slack < 1 && firstTight == _versions.Count)
                firstTight = place;
            if (slack < 0)
                lastLoose = place;
        }

        return (firstTight, lastLoose);
    }
}
