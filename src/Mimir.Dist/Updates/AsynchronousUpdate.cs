using System.Numerics.Tensors;
using Mimir.Dist.Collectives;
using Mimir.Dist.Transports;
using Mimir.Dist.Updates.Rules;

namespace Mimir.Dist.Updates;

/// <summary>
/// Asynchronous training with a parameter server: the first worker of the group runs the master beside its own training.
/// Each worker pushes what its steps did to the model, and pulls the model that all pushes have made.
/// </summary>
/// <remarks>
/// <para>With plain gradient descent and a push after every step, what is pushed is rate times gradient. In elastic
/// averaging a worker pushes its model and is drawn towards the centre, and the centre towards it.</para>
/// <para>A push that would let another be overtaken by more than the bound waits (<see cref="StalenessGate"/>). Results
/// depend on timing. A lost worker other than the master's disturbs nobody; when the master's is lost, the first of those
/// left goes on with the newest model that anyone had pulled, and who has a push under way learns whether it is in there.</para>
/// <para>A checkpoint is whole when all workers stand between steps while it is made.</para>
/// </remarks>
public sealed class AsynchronousUpdate : IUpdateMode
{
    /// <summary>How many channels it uses, from the one that is given.</summary>
    public const int Channels = 3;

    private const string Counters = "asgd.counters";
    private const string Applied = "asgd.applied";
    private const string Anchor = "asgd.anchor";
    private readonly AsynchronousOptions _options;
    private readonly IServerAccess _access;
    private readonly ExchangeMeter _meter;
    private readonly EpochCount _epochs = new();
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

    /// <summary>Makes the mode of one worker.</summary>
    /// <param name="collective">Joins the workers; used to start and to regroup.</param>
    /// <param name="transport">Joins each worker to the master.</param>
    /// <param name="channel">The first of <see cref="Channels"/> channels of the transport that nobody else uses.</param>
    /// <param name="options">Staleness, compensation, elasticity.</param>
    /// <param name="time">The clock of the statistics; null: the system's.</param>
    public AsynchronousUpdate(
        ICollective collective, ITransport transport, int channel, AsynchronousOptions? options = null, TimeProvider? time = null)
        : this(collective, new ServerAccess(transport, collective.Group, channel), (transport.Rank, transport.WorldSize), options, time)
    {
    }

    /// <summary>Makes the mode of one worker that comes to the master in another way.</summary>
    internal AsynchronousUpdate(
        ICollective collective, IServerAccess access, (int Rank, int World) place, AsynchronousOptions? options, TimeProvider? time)
    {
        _options = options ?? new();
        _options.Validate();
        _period = _options.PeriodFrames;
        (_collective, _access, (_rank, _world)) = (collective, access, place);
        _meter = new(time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public UpdateStatistics Statistics => _meter.Read(_access.Staleness);

    /// <inheritdoc/>
    public long Blocks => 0;

    /// <inheritdoc/>
    public long Signal { get; set; }

    /// <inheritdoc/>
    public Action<long>? BlockBegins { get; set; }

    private bool IsElastic => _options.Elasticity is not null;

    /// <inheritdoc/>
    public void Begin(Memory<float> model)
    {
        // Who has the new model may push at once, and the master that was must not take it.
        _access.Stop();
        using (_meter.Exchange(model.Length, waits: true))
            _collective.Broadcast(model.Span, root: 0);

        Start(model.Span, version: 0);
        Serve(server => server.Start(_anchor, _collective.Group.Members.ToList()));
    }

    /// <inheritdoc/>
    public long TakeHeard() => 0;

    /// <inheritdoc/>
    public void GradientReady(Memory<float> gradients, int offset, int count)
    {
        // What is pushed is the step that the optimiser makes of them.
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
        _epochs.Ended++;
        return outcome;
    }

    /// <inheritdoc/>
    public UpdateOutcome Regroup(ICollective collective, Memory<float> model)
    {
        var server = _access.Stop();
        _collective = collective;
        _access.Regroup(collective.Group);
        if (_vector.Length != model.Length)
            _vector = new float[model.Length];

        using var measured = _meter.Exchange(model.Length, waits: true);
        var versions = RollCall.Gather(
            collective, [server?.Version ?? -1, _version, _epochs.Ended, .. Padded(server is null ? _applied : server.Pushes)]);
        var keeper = RollCall.Furthest(versions, 0);
        var version = versions[keeper][0];
        if (version < 0)
        {
            keeper = RollCall.Furthest(versions, 1);
            version = versions[keeper][1];
        }

        if (version < 0)
            throw new InvalidOperationException("no member has begun, so there is no model to go on with");

        if (collective.Index == keeper)
            (server is null ? _anchor : server.Model).CopyTo(_vector);

        collective.Broadcast(_vector, keeper);
        var isNew = _version < 0;
        _epochs.CatchUp(versions.Max(numbers => numbers[2]), isNew);
        _applied = versions[keeper][3..];
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
    public void Tune(UpdateOptions options)
    {
        if (options is not AsynchronousOptions asgd)
            throw options.IsOfAnotherMode(nameof(AsynchronousOptions));

        asgd.Validate();
        _period = asgd.PeriodFrames;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> SaveState()
    {
        var state = new Dictionary<string, float[]>
        {
            [Counters] = WholeNumbers.ToFloats(_version, _frames, BitConverter.DoubleToInt64Bits(_stepSize), _epochs.Ended, _pushed),
            [Applied] = WholeNumbers.ToFloats(_applied),
            [Anchor] = [.. _anchor],
        };
        foreach (var (name, values) in _access.SaveState())
            state.Add(name, values);

        return state;
    }

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, float[]> state, Memory<float> model)
    {
        var counters = state.Numbers(Counters, 5);
        _epochs.Ended = counters[3];
        Start(state.Vector(Anchor, model.Length), counters[0]);
        _applied = state.Numbers(Applied, _world);
        _frames = counters[1];
        _pushed = counters[4];
        _stepSize = BitConverter.Int64BitsToDouble(counters[2]);
        Serve(server => server.LoadState(state, _collective.Group.Members.ToList(), model.Length));
    }

    /// <inheritdoc/>
    public void Dispose() => _access.Dispose();

    private void Start(ReadOnlySpan<float> model, long version)
    {
        _access.Stop();
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

    /// <summary>Runs the master on the first worker.</summary>
    private void Serve(Action<ParameterServer> prepare, ParameterServer? server = null)
    {
        if (_collective.Index != 0)
            return;

        server ??= new(_options);
        prepare(server);
        _access.Serve(server, IsElastic);
    }

    private UpdateOutcome Exchange(Span<float> model, ServerMessageKind kind)
    {
        if (model.Length != _anchor.Length)
            throw new ArgumentException($"expected the model of {_anchor.Length} parameters, got {model.Length}", nameof(model));

        using var measured = _meter.Exchange(_frames > 0 ? model.Length : 0, waits: true);
        if (IsElastic)
            model.CopyTo(_vector);
        else
            TensorPrimitives.Subtract(_anchor, model, _vector);

        if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(_vector)))
            throw new ArithmeticException($"the model of worker {_rank} is not finite: lower the learning rate");

        _pushed += _frames > 0 ? 1 : 0;
        _isUnderWay = true;
        var answer = _access.Exchange(new(kind, _frames, _stepSize, _version), _vector, _applied);
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

    /// <summary>Puts what this worker has not pushed yet upon the model of a new formation.</summary>
    private void Carry(Span<float> model, bool isNew)
    {
        if (isNew)
        {
            _anchor = new float[model.Length];
            _vector.CopyTo(model);
        }
        else if (_isUnderWay && _applied[_rank] >= _pushed)
        {
            // What was under way is in the model already; nothing came after it.
            (_frames, _stepSize) = (0, 0);
            if (!IsElastic)
                _vector.CopyTo(model);
        }
        else if (!IsElastic)
        {
            TensorPrimitives.Subtract(model, _anchor, model);
            TensorPrimitives.Add(model, _vector, model);
        }
    }
}
