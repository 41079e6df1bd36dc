using Mimir.Base;

namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>The model of a parameter server, and the effect of pushes and pulls on it: mathematics without communication.</summary>
public sealed class ParameterServer
{
    private readonly IServerRule _rule;
    private readonly int _maxStaleness;
    private readonly Dictionary<int, float[]> _pulled = [];
    private StalenessGate _gate = new(0);
    private float[] _model = [];
    private long[] _staleness = [];
    private long[] _pushes = [];
    private int _workers;

    /// <summary>Creates a server.</summary>
    /// <param name="rule">Applies pushes.</param>
    /// <param name="maxStaleness">The most pushes of others between a worker's pull and its push.</param>
    internal ParameterServer(IServerRule rule, int maxStaleness) => (_rule, _maxStaleness) = (rule, maxStaleness);

    /// <summary>Gets the model; in elastic averaging, the centre.</summary>
    public ReadOnlySpan<float> Model => _model;

    /// <summary>Gets the pushes applied.</summary>
    public long Version => _gate.Version;

    /// <summary>Gets the pushes by the number of others that overtook them.</summary>
    public IReadOnlyList<long> Staleness => [.. _staleness];

    /// <summary>Gets the pushes in the model, by the rank that they came from.</summary>
    public ReadOnlySpan<long> Pushes => _pushes;

    /// <summary>Starts from a model that all workers have pulled.</summary>
    /// <param name="model">Copied.</param>
    /// <param name="workers">Their ranks.</param>
    /// <param name="version">The pushes that are in it.</param>
    /// <param name="pushes">The same by rank; empty for none.</param>
    public void Start(
        ReadOnlySpan<float> model, IReadOnlyCollection<int> workers, long version = 0, ReadOnlySpan<long> pushes = default)
    {
        _pushes = pushes.ToArray();
        _model = model.ToArray();
        _rule.Start(model.Length);
        Admit(workers, version);
    }

    /// <summary>Goes on with other workers, who have all pulled the present model.</summary>
    /// <param name="workers">Their ranks.</param>
    public void Admit(IReadOnlyCollection<int> workers) => Admit(workers, Version);

    /// <summary>True when a worker's push may be applied now; otherwise it waits for workers that are further behind.</summary>
    /// <param name="worker">The rank.</param>
    public bool Admits(int worker) => _gate.Admits(worker);

    /// <summary>Applies a push.</summary>
    /// <param name="worker">The rank.</param>
    /// <param name="vector">
    /// The push, as the rule wants it: the worker's model at the last pull minus its model now; or its model, which is then replaced by
    /// the difference to be taken from it.
    /// </param>
    /// <param name="stepSize">The sum of rate times frames of the worker's steps since its last pull.</param>
    /// <returns>The staleness: the number of other pushes since the worker's pull.</returns>
    public int Push(int worker, Span<float> vector, double stepSize)
    {
        var staleness = _gate.Push(worker);
        if (staleness >= _staleness.Length)
            Array.Resize(ref _staleness, staleness + 1);

        _staleness[staleness]++;
        _pushes[worker]++;
        _rule.Apply(_model, vector, new()
        {
            Workers = _workers,
            Staleness = staleness,
            StepSize = stepSize,
            Pulled = _rule.NeedsPulledModels ? _pulled[worker] : [],
        });
        return staleness;
    }

    /// <summary>Marks that a worker gets the answer to its push and computes on.</summary>
    /// <param name="worker">The rank.</param>
    public void Pull(int worker)
    {
        _gate.Pull(worker);
        if (!_rule.NeedsPulledModels)
            return;

        if (!_pulled.TryGetValue(worker, out var pulled))
            _pulled.Add(worker, pulled = new float[_model.Length]);

        _model.CopyTo(pulled, 0);
    }

    /// <summary>Marks that a worker computes no more: its data have ended, or it is lost.</summary>
    /// <param name="worker">The rank.</param>
    public void Leave(int worker) => _gate.Leave(worker);

    /// <summary>The state for a checkpoint.</summary>
    public Dictionary<string, float[]> SaveState()
    {
        var state = new Dictionary<string, float[]>
        {
            ["server.model"] = [.. _model],
            ["server.version"] = WholeNumbers.ToFloats(Version),
            ["server.pushes"] = WholeNumbers.ToFloats(_pushes),
        };
        foreach (var (name, values) in _rule.Vectors)
            state.Add($"server.{name}", [.. values]);

        foreach (var (worker, version) in _gate.Pulled)
        {
            state.Add($"server.pulled-version.{worker}", WholeNumbers.ToFloats(version));
            if (_rule.NeedsPulledModels)
                state.Add($"server.pulled.{worker}", [.. _pulled[worker]]);
        }

        return state;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="state">The result of <see cref="SaveState"/>.</param>
    /// <param name="workers">The ranks, the same as then.</param>
    /// <param name="length">The number of parameters.</param>
    /// <exception cref="InputException">The state is of another model or of other workers.</exception>
    public void LoadState(IReadOnlyDictionary<string, float[]> state, IReadOnlyCollection<int> workers, int length)
    {
        var pushes = state.Numbers("server.pushes", workers.Max() + 1);
        Start(state.Vector("server.model", length), workers, state.Numbers("server.version", 1)[0], pushes);
        foreach (var (name, values) in _rule.Vectors)
            state.Vector($"server.{name}", length).CopyTo(values, 0);

        foreach (var worker in workers)
        {
            _gate.Pull(worker, state.Numbers($"server.pulled-version.{worker}", 1)[0]);
            if (_rule.NeedsPulledModels)
                _pulled[worker] = [.. state.Vector($"server.pulled.{worker}", length)];
        }
    }

    private void Admit(IReadOnlyCollection<int> workers, long version)
    {
        _workers = workers.Count;
        Array.Resize(ref _pushes, Math.Max(_pushes.Length, workers.Max() + 1));
        _gate = new(Math.Max(_maxStaleness, workers.Count - 1));
        _gate.Reset(version);
        _pulled.Clear();
        foreach (var worker in workers)
            Pull(worker);
    }
}
