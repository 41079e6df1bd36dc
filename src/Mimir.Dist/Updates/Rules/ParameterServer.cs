using Mimir.Base;
namespace Mimir.Dist.Updates.Rules;

/// <summary>The master's model and what pushes and pulls do to it: mathematics without communication.</summary>
/// <param name="options">Staleness, compensation, elasticity.</param>
public sealed class ParameterServer(AsynchronousOptions options)
{
    private readonly Dictionary<int, float[]> _pulled = [];
    private StalenessGate _gate = new(0);
    private float[] _model = [];
    private float[] _meanSquare = [];
    private long[] _staleness = [];
    private long[] _pushes = [];
    private int _workers;

    /// <summary>Gets the model; in elastic averaging, the centre.</summary>
    public ReadOnlySpan<float> Model => _model;

    /// <summary>Gets the pushes applied.</summary>
    public long Version => _gate.Version;

    /// <summary>Gets the pushes by the number of others that overtook them.</summary>
    public IReadOnlyList<long> Staleness => [.. _staleness];

    /// <summary>Gets the pushes in the model, by the rank that they came from.</summary>
    public ReadOnlySpan<long> Pushes => _pushes;

    private bool Compensates => options.Compensation != DelayCompensation.None;

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
        _meanSquare = options.Compensation == DelayCompensation.Adaptive ? new float[model.Length] : [];
        Admit(workers, version);
    }

    /// <summary>Goes on with other workers, who have all pulled the present model.</summary>
    /// <param name="workers">Their ranks.</param>
    public void Admit(IReadOnlyCollection<int> workers) => Admit(workers, Version);

    /// <summary>Whether a worker's push may be applied now; otherwise it waits for who is further behind.</summary>
    /// <param name="worker">Its rank.</param>
    public bool Admits(int worker) => _gate.Admits(worker);

    /// <summary>Applies a push.</summary>
    /// <param name="worker">Its rank.</param>
    /// <param name="vector">
    /// Its model at the last pull minus its model now; in elastic averaging its model, replaced by the difference to be
    /// taken from it.
    /// </param>
    /// <param name="stepSize">What mean gradients were multiplied by since its last pull.</param>
    /// <returns>How many others overtook it.</returns>
    public int Push(int worker, Span<float> vector, double stepSize)
    {
        var staleness = _gate.Push(worker);
        if (staleness >= _staleness.Length)
            Array.Resize(ref _staleness, staleness + 1);

        _staleness[staleness]++;
        _pushes[worker]++;
        var factor = options.ScaleByStaleness ? 1f / Math.Max(1, staleness) : 1;
        if (options.Elasticity is { } beta)
            AsynchronousMath.Elastic(_model, vector, (float)(beta / _workers));
        else if (Compensates && stepSize > 0)
            AsynchronousMath.ApplyCompensated(
                _model, vector, _pulled[worker], stepSize, options.CompensationStrength, _meanSquare, options.MeanSquareDecay, factor);
        else
            AsynchronousMath.Apply(_model, vector, factor);

        return staleness;
    }

    /// <summary>Notes that a worker gets the present model, or in elastic averaging its answer, and computes on.</summary>
    /// <param name="worker">Its rank.</param>
    public void Pull(int worker)
    {
        _gate.Pull(worker);
        if (!Compensates)
            return;

        if (!_pulled.TryGetValue(worker, out var pulled))
            _pulled.Add(worker, pulled = new float[_model.Length]);

        _model.CopyTo(pulled, 0);
    }

    /// <summary>Notes that a worker computes no more: its data have ended, or it is lost.</summary>
    /// <param name="worker">Its rank.</param>
    public void Leave(int worker) => _gate.Leave(worker);

    /// <summary>What a checkpoint keeps.</summary>
    public Dictionary<string, float[]> SaveState()
    {
        var state = new Dictionary<string, float[]>
        {
            ["server.model"] = [.. _model],
            ["server.version"] = WholeNumbers.ToFloats(Version),
            ["server.pushes"] = WholeNumbers.ToFloats(_pushes),
        };
        if (_meanSquare.Length > 0)
            state.Add("server.mean-square", [.. _meanSquare]);

        foreach (var (worker, version) in _gate.Pulled)
        {
            state.Add($"server.pulled-version.{worker}", WholeNumbers.ToFloats(version));
            if (Compensates)
                state.Add($"server.pulled.{worker}", [.. _pulled[worker]]);
        }

        return state;
    }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="state">What <see cref="SaveState"/> gave.</param>
    /// <param name="workers">The ranks, the same as then.</param>
    /// <param name="length">The number of parameters.</param>
    /// <exception cref="InputException">The state is of another model or of other workers.</exception>
    public void LoadState(IReadOnlyDictionary<string, float[]> state, IReadOnlyCollection<int> workers, int length)
    {
        var pushes = state.Numbers("server.pushes", workers.Max() + 1);
        Start(state.Vector("server.model", length), workers, state.Numbers("server.version", 1)[0], pushes);
        if (_meanSquare.Length > 0)
            _meanSquare = [.. state.Vector("server.mean-square", length)];

        foreach (var worker in workers)
        {
            _gate.Pull(worker, state.Numbers($"server.pulled-version.{worker}", 1)[0]);
            if (Compensates)
                _pulled[worker] = [.. state.Vector($"server.pulled.{worker}", length)];
        }
    }

    private void Admit(IReadOnlyCollection<int> workers, long version)
    {
        _workers = workers.Count;
        Array.Resize(ref _pushes, Math.Max(_pushes.Length, workers.Max() + 1));
        _gate = new(Math.Max(options.MaximumStaleness, workers.Count - 1));
        _gate.Reset(version);
        _pulled.Clear();
        foreach (var worker in workers)
            Pull(worker);
    }
}
