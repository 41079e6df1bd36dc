using System.Numerics.Tensors;
using Mimir.Dist.Collectives;

namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>
/// Asynchronous training with a parameter server, which the first worker of the group runs beside its own training. Each worker
/// pushes the effect of its steps, or its model, and pulls the model that all pushes have made.
/// </summary>
/// <remarks>
/// <para>With plain gradient descent and a push after every step, a push is rate times gradient. In elastic averaging a worker
/// pushes its model and is drawn towards the centre, and the centre towards it.</para>
/// <para>A push that would let another be overtaken by more than the bound waits (<see cref="StalenessGate"/>). Results depend on
/// timing. The loss of a worker other than the server's disturbs nobody. When the server's is lost, the first of those left goes on
/// with the newest model that anyone had pulled; a worker with a push under way learns whether it is in there.</para>
/// <para>A checkpoint is whole when all workers stand between steps while it is made.</para>
/// </remarks>
internal sealed class ServerUpdate : IUpdateMode
{
    private const string Counters = "asgd.counters";
    private const string Applied = "asgd.applied";
    private const string Anchor = "asgd.anchor";
    private readonly ServerOptions _options;
    private readonly IServerRule _rule;
    private readonly IServerConnection _connection;
    private readonly ExchangeMeter _meter;
    private readonly EndedEpochs _epochs = new();
    private readonly int _rank;
    private readonly int _world;
    private ICollective _collective;
    private float[] _anchor = [];
    private float[] _vector = [];
    private long[] _applied = [];
    private bool _isUnderWay;
    private double _stepSize;
    private long _pushed;
    private long _frames;
    private long _period;
    private long _version = -1;

    public ServerUpdate(ServerOptions options, UpdateContext context, IServerConnection connection, int worldSize)
    {
        _options = options;
        _rule = options.CreateRule();
        _period = options.PeriodFrames;
        _collective = context.Collective;
        _rank = context.Rank;
        _meter = new(context.Time);
        (_connection, _world) = (connection, worldSize);
    }

    /// <inheritdoc/>
    public UpdateStatistics Statistics => _meter.Read(_connection.Staleness);

    /// <inheritdoc/>
    public void Begin(Memory<float> model)
    {
        // A worker with the new model may push at once, and the server of before must not take it.
        _connection.Stop();
        using (_meter.Exchange(model.Length, waits: true))
            _collective.Broadcast(model.Span, root: 0);

        Start(model.Span, version: 0);
        Serve(server => server.Start(_anchor, _collective.Group.Members.ToList()));
    }

    /// <inheritdoc/>
    public void GradientReady(Memory<float> gradients, int offset, int count)
    {
        // A push has the step that the optimiser makes of them.
    }

    /// <inheritdoc/>
    public long BeforeStep(Memory<float> gradients, int frames) => frames;

    /// <inheritdoc/>
    public UpdateOutcome AfterStep(Memory<float> model, int frames, double rate)
    {
        _frames += frames;
        _stepSize += rate * frames;
        return _frames < _period ? UpdateOutcome.Nothing : Exchange(model.Span, ServerMessageKind.Push);
    }

    /// <inheritdoc/>
    public UpdateOutcome Flush(Memory<float> model)
    {
        if (_epochs.TakeEnded())
            return UpdateOutcome.Nothing;

        var outcome = Exchange(model.Span, ServerMessageKind.Last);
        _epochs.Count++;
        return outcome;
    }

    /// <inheritdoc/>
    public UpdateOutcome Regroup(ICollective collective, Memory<float> model)
    {
        var server = _connection.Stop();
        _collective = collective;
        _connection.Regroup(collective.Group);
        if (_vector.Length != model.Length)
            _vector = new float[model.Length];

        using var measured = _meter.Exchange(model.Length, waits: true);
        var versions = NumberExchange.Gather(
            collective, [server?.Version ?? -1, _version, _epochs.Count, .. Padded(server is null ? _applied : server.Pushes)]);
        var holder = NumberExchange.Furthest(versions, 0);
        var version = versions[holder][0];
        if (version < 0)
        {
            holder = NumberExchange.Furthest(versions, 1);
            version = versions[holder][1];
        }

        if (version < 0)
            throw new InvalidOperationException("no member has begun, so there is no model to go on with");

        if (collective.Index == holder)
            (server is null ? _anchor : server.Model).CopyTo(_vector);

        collective.Broadcast(_vector, holder);
        var isNew = _version < 0;
        _epochs.CatchUp(versions.Max(numbers => numbers[2]), isNew);
        _applied = versions[holder][3..];
        Carry(model.Span, isNew);
        Serve(fresh =>
        {
            if (server is null)
                fresh.Start(_vector, collective.Group.Members.ToList(), version, _applied);
            else
                server.Admit(collective.Group.Members.ToList());
        }, server);
        _vector.CopyTo(_anchor, 0);
        _version = version;
        (_pushed, _isUnderWay) = (_applied[_rank], false);
        return new(ModelReplaced: true, _options.ForgetMomentum);
    }

    /// <inheritdoc/>
    public void Tune(UpdateOptions options) => _period = UpdateOptions.Same(_options, options).PeriodFrames;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> SaveState()
    {
        var state = new Dictionary<string, float[]>
        {
            [Counters] = WholeNumbers.ToFloats(_version, _frames, BitConverter.DoubleToInt64Bits(_stepSize), _epochs.Count, _pushed),
            [Applied] = WholeNumbers.ToFloats(_applied),
            [Anchor] = [.. _anchor],
        };
        foreach (var (name, values) in _connection.SaveState())
            state.Add(name, values);

        return state;
    }

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, float[]> state, Memory<float> model)
    {
        var counters = state.Numbers(Counters, 5);
        _epochs.Count = counters[3];
        Start(state.Vector(Anchor, model.Length), counters[0]);
        _applied = state.Numbers(Applied, _world);
        _frames = counters[1];
        _pushed = counters[4];
        _stepSize = BitConverter.Int64BitsToDouble(counters[2]);
        Serve(server => server.LoadState(state, _collective.Group.Members.ToList(), model.Length));
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void Start(ReadOnlySpan<float> model, long version)
    {
        _connection.Stop();
        _anchor = model.ToArray();
        _vector = new float[model.Length];
        (_frames, _stepSize, _version) = (0, 0, version);
        (_applied, _pushed, _isUnderWay) = (new long[_world], 0, false);
    }

    private long[] Padded(ReadOnlySpan<long> pushes)
    {
        var padded = new long[_world];
        pushes.CopyTo(padded);
        return padded;
    }

    /// <summary>Runs the server on the first worker.</summary>
    private void Serve(Action<ParameterServer> prepare, ParameterServer? server = null)
    {
        if (_collective.Index != 0)
            return;

        server ??= new(_rule, _options.MaxStaleness);
        prepare(server);
        _connection.Serve(server, _rule.PushesModels);
    }

    private UpdateOutcome Exchange(Span<float> model, ServerMessageKind kind)
    {
        if (model.Length != _anchor.Length)
            throw new ArgumentException($"expected the model of {_anchor.Length} parameters, got {model.Length}", nameof(model));

        using var measured = _meter.Exchange(_frames > 0 ? model.Length : 0, waits: true);
        if (_rule.PushesModels)
            model.CopyTo(_vector);
        else
            TensorPrimitives.Subtract(_anchor, model, _vector);

        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(_vector)))
            throw new ArithmeticException($"the model of worker {_rank} is not finite: lower the learning rate");

        _pushed += _frames > 0 ? 1 : 0;
        _isUnderWay = true;
        var answer = _connection.Exchange(new(kind, _frames, _stepSize, _version), _vector, _applied);
        if (answer.Kind == ServerMessageKind.Difference)
        {
            TensorPrimitives.Subtract(model, _vector, model);
        }
        else
        {
            _vector.CopyTo(model);
            _vector.CopyTo(_anchor, 0);
        }

        _isUnderWay = false;
        (_frames, _stepSize, _version) = (0, 0, answer.Version);
        _meter.Blocks++;
        return new(ModelReplaced: true, _options.ForgetMomentum);
    }

    /// <summary>Adds the steps that this worker has not pushed yet to the model of a new formation.</summary>
    private void Carry(Span<float> model, bool isNew)
    {
        if (isNew)
        {
            _anchor = new float[model.Length];
            _vector.CopyTo(model);
        }
        else if (_isUnderWay && _applied[_rank] >= _pushed)
        {
            // The push under way is in the model already; nothing came after it.
            (_frames, _stepSize) = (0, 0);
            if (!_rule.PushesModels)
                _vector.CopyTo(model);
        }
        else if (!_rule.PushesModels)
        {
            TensorPrimitives.Subtract(model, _anchor, model);
            TensorPrimitives.Add(model, _vector, model);
        }
    }
}
