using Mimir.Dist;
using Mimir.Dist.Costs;
using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Lab.Emulation;

/// <summary>The parameter server of an emulated cluster: the real mathematics, in the order of modelled time.</summary>
/// <remarks>
/// The workers are threads of one process that share this object. A push waits until all that could come before it have come;
/// which thread then does the work does not matter.
/// </remarks>
/// <param name="timeline">The times of transfers and of passes over the model.</param>
/// <param name="workers">The number of workers.</param>
internal sealed class EmulatedServer(ServerTimeline timeline, int workers)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly PushOrder _order = new(timeline, workers);
    private readonly double[] _clocks = new double[workers];
    private readonly double[] _computed = new double[workers];
    private readonly Waiting?[] _waiting = new Waiting?[workers];
    private readonly List<int> _ended = [];
    private readonly List<EpochTime> _epochs = [];
    private ParameterServer? _server;
    private IReadOnlyList<long> _stalenessBefore = [];
    private bool _answersDifference;
    private bool _failed;
    private double _epochBegan;
    private long _steps;

    /// <summary>Gets the times of the epochs that are over, without validation.</summary>
    public IReadOnlyList<EpochTime> Epochs
    {
        get
        {
            lock (_gate)
                return [.. _epochs];
        }
    }

    /// <summary>The connection of a worker to this server.</summary>
    /// <param name="worker">The rank.</param>
    public IServerConnection Of(int worker) => new EmulatedServerConnection(this, worker);

    /// <summary>Announces that a worker begins a step.</summary>
    /// <param name="worker">The rank.</param>
    /// <param name="seconds">The seconds that the step takes it.</param>
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

    internal void Serve(ParameterServer server, bool answersDifference)
    {
        lock (_gate)
            (_server, _answersDifference, _stalenessBefore) = (server, answersDifference, [.. server.Staleness]);
    }

    internal ServerMessage Exchange(int worker, ServerMessage head, float[] vector, long[] applied)
    {
        lock (_gate)
        {
            var waiting = _waiting[worker] = new(head, vector, applied);
            _order.Push(worker, _clocks[worker], head.Frames == 0);
            Process();
            while (waiting.Answer is null && !_failed)
                Monitor.Wait(_gate, PollInterval);

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
                Answer(push.Worker, server, _answersDifference, push.Applied);
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

        // All go on together after the validation, which has a clock of its own.
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
        var pushes = server.Staleness.Index().Select(
            count => (count.Index, Count: count.Item - _stalenessBefore.ElementAtOrDefault(count.Index)))
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

/// <summary>A worker's connection to the server of an emulated cluster.</summary>
internal sealed class EmulatedServerConnection(EmulatedServer server, int worker) : IServerConnection
{
    public IReadOnlyList<long> Staleness => worker == 0 ? server.Staleness : [];

    public void Regroup(WorkerGroup group) =>
        throw new NotSupportedException("the workers of an emulated cluster do not change");

    public void Serve(ParameterServer parameters, bool answersDifference) => server.Serve(parameters, answersDifference);

    // The next server takes its place; nobody pushes in between.
    public ParameterServer? Stop() => null;

    public IReadOnlyDictionary<string, float[]> SaveState() => new Dictionary<string, float[]>();

    public ServerMessage Exchange(ServerMessage head, float[] vector, long[] applied) => server.Exchange(worker, head, vector, applied);

    public void Dispose()
    {
        // The server belongs to the job.
    }
}
