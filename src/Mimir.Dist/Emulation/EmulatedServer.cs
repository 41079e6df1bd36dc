using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Rules;

namespace Mimir.Dist.Emulation;

/// <summary>The master of asynchronous training on an emulated cluster: the real mathematics, in the order of modelled time.</summary>
/// <remarks>
/// The workers are threads of one process that share this object. A worker that pushes waits until all that could come before it
/// have; which thread then does the work does not matter.
/// </remarks>
/// <param name="timeline">What transfers and passes over the model take.</param>
/// <param name="workers">The number of workers.</param>
public sealed class EmulatedServer(AsynchronousTimeline timeline, int workers)
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly PushOrder _order = new(timeline, workers);
    private readonly double[] _clocks = new double[workers];
    private readonly double[] _computed = new double[workers];
    private readonly Waiting?[] _waiting = new Waiting?[workers];
    private readonly List<int> _ended = [];
    private readonly List<EpochTime> _epochs = [];
    private ParameterServer? _server;
    private IReadOnlyList<long> _stalenessBefore = [];
    private bool _elastic;
    private bool _failed;
    private double _epochBegan;
    private long _steps;

    /// <summary>Gets what the epochs took, those that are over; of validation nothing is known here.</summary>
    public IReadOnlyList<EpochTime> Epochs
    {
        get
        {
            lock (_gate)
                return [.. _epochs];
        }
    }

    /// <summary>The way of a worker to this master.</summary>
    /// <param name="worker">Its rank.</param>
    internal IServerAccess Of(int worker) => new EmulatedServerAccess(this, worker);

    /// <summary>Tells that a worker begins a step.</summary>
    /// <param name="worker">Its rank.</param>
    /// <param name="seconds">How long the step takes it.</param>
    public void StepBegins(int worker, double seconds)
    {
        lock (_gate)
        {
            _clocks[worker] += seconds;
            _computed[worker] += seconds;
            _steps++;
            _order.Computes(worker, _clocks[worker]);
            Process();
        }
    }

    /// <summary>Ends all waits with an error: a worker has failed.</summary>
    public void Fail()
    {
        lock (_gate)
        {
            _failed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Gets the pushes by staleness.</summary>
    internal IReadOnlyList<long> Staleness
    {
        get
        {
            lock (_gate)
                return _server?.Staleness ?? [];
        }
    }

    internal void Serve(ParameterServer server, bool elastic)
    {
        lock (_gate)
            (_server, _elastic, _stalenessBefore) = (server, elastic, [.. server.Staleness]);
    }

    internal ServerMessage Exchange(int worker, ServerMessage head, float[] vector, long[] applied)
    {
        lock (_gate)
        {
            var waiting = _waiting[worker] = new(head, vector, applied);
            _order.Push(worker, _clocks[worker], head.Frames == 0);
            Process();
            while (waiting.Answer is null && !_failed)
                Monitor.Wait(_gate, Glance);

            return waiting.Answer ?? throw new PeerLostException(0, "another worker of the emulation has failed");
        }
    }

    private void Process()
    {
        while (_server is { } server && _order.TryNext(server.Admits, out var push))
        {
            var (head, vector, _) = Waiter(push.Worker);
            if (head.Frames > 0)
                server.Push(push.Worker, vector, head.StepSize);

            _clocks[push.Worker] = push.Applied;
            if (head.Kind == ServerMessageKind.Last)
            {
                server.Leave(push.Worker);
                _ended.Add(push.Worker);
                if (_ended.Count == workers)
                    EndEpoch(server);
            }
            else
            {
                server.Pull(push.Worker);
                Answer(push.Worker, server, _elastic, push.Applied);
            }
        }

        Monitor.PulseAll(_gate);
    }

    private void Answer(int worker, ParameterServer server, bool difference, double applied)
    {
        var waiting = Waiter(worker);
        if (!difference)
        {
            server.Model.CopyTo(waiting.Vector);
            server.Pushes.CopyTo(waiting.Applied);
        }

        _clocks[worker] = timeline.Answered(worker, applied);
        _order.Computes(worker, _clocks[worker]);
        waiting.Answer = new(difference ? ServerMessageKind.Difference : ServerMessageKind.Model, 0, 0, server.Version);
        _waiting[worker] = null;
    }

    private void EndEpoch(ParameterServer server)
    {
        foreach (var worker in _ended)
            server.Pull(worker);

        var end = _clocks.Max();
        foreach (var worker in _ended)
            Answer(worker, server, difference: false, end);

        // All go on together, and after the validation, of which this knows nothing.
        Array.Fill(_clocks, _clocks.Max());
        for (var worker = 0; worker < workers; worker++)
            _order.Computes(worker, _clocks[worker]);
        _epochs.Add(EpochOf(server));
        Array.Clear(_computed);
        (_epochBegan, _steps, _stalenessBefore) = (_clocks[0], 0, [.. server.Staleness]);
        _ended.Clear();
    }

    private EpochTime EpochOf(ParameterServer server)
    {
        var pushes = server.Staleness.Index().Select(count => (count.Index, Count: count.Item - _stalenessBefore.ElementAtOrDefault(count.Index)))
            .Where(count => count.Count > 0).ToList();
        var blocks = pushes.Sum(count => count.Count);
        var (seconds, computed) = (_clocks[0] - _epochBegan, _computed.Average());
        return new()
        {
            Epoch = _epochs.Count + 1,
            Seconds = seconds,
            ComputeSeconds = computed,
            ExchangeSeconds = seconds - computed,
            WaitingPercent = seconds > 0 ? 100 * (seconds - computed) / seconds : 0,
            Steps = _steps,
            Blocks = blocks,
            MeanStaleness = blocks > 0 ? pushes.Sum(count => (double)count.Index * count.Count) / blocks : null,
            MaxStaleness = blocks > 0 ? pushes[^1].Index : null,
        };
    }

    private Waiting Waiter(int worker) =>
        _waiting[worker] ?? throw new InvalidOperationException($"worker {worker} is answered and has not pushed");

    private sealed record Waiting(ServerMessage Head, float[] Vector, long[] Applied)
    {
        public ServerMessage? Answer { get; set; }
    }
}
