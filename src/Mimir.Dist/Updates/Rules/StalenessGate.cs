namespace Mimir.Dist.Updates.Rules;

/// <summary>Decides whose push may be applied now, so that none is overtaken by more than a number of others. Pure.</summary>
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

    /// <summary>Gets the pushes applied.</summary>
    public long Version { get; private set; }

    /// <summary>Gets who computes, and at which version it pulled.</summary>
    public IReadOnlyDictionary<int, long> Pulled => _pulled;

    /// <summary>Starts over with nobody.</summary>
    /// <param name="version">The pushes applied.</param>
    public void Reset(long version)
    {
        _pulled.Clear();
        Version = version;
    }

    /// <summary>Whether a worker's push may be applied now.</summary>
    /// <param name="worker">Who.</param>
    public bool Admits(int worker)
    {
        if (!_pulled.TryGetValue(worker, out var own) || _pulled.Values.All(version => version >= own))
            return true;

        var others = _pulled.Where(pair => pair.Key != worker).Select(pair => pair.Value).Order();
        return others.Index().All(other => Version + 1 + other.Index - other.Item <= bound);
    }

    /// <summary>Counts a push; the worker computes no more until it pulls.</summary>
    /// <param name="worker">Who.</param>
    /// <returns>How many others overtook it.</returns>
    public int Push(int worker)
    {
        if (!_pulled.Remove(worker, out var pulled))
            throw new ArgumentException($"worker {worker} pushes without a pull", nameof(worker));

        return (int)(Version++ - pulled);
    }

    /// <summary>Notes that a worker has the present model and computes.</summary>
    /// <param name="worker">Who.</param>
    public void Pull(int worker) => _pulled[worker] = Version;

    /// <summary>Notes that a worker had pulled at an earlier version, as after a checkpoint.</summary>
    /// <param name="worker">Who.</param>
    /// <param name="version">When.</param>
    public void Pull(int worker, long version) => _pulled[worker] = version;

    /// <summary>Notes that a worker computes no more: its data have ended, or it is lost.</summary>
    /// <param name="worker">Who.</param>
    public void Leave(int worker) => _pulled.Remove(worker);
}
