using Mimir.Dist.Costs;

namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>
/// Cost model of a parameter server: an epoch of pushes in the order of their times, with the gate that holds back those too far ahead.
/// </summary>
internal sealed class ServerCost
{
    private readonly ServerTimeline _timeline;
    private readonly StalenessGate _gate;
    private readonly Worker[] _workers;
    private readonly PushOrder _order;
    private long _staleness;
    private double _lastApplied;

    /// <summary>Prepares an epoch.</summary>
    /// <param name="timeline">Links and server.</param>
    /// <param name="options">The period and the bound.</param>
    /// <param name="steps">The seconds and frames of each worker's steps.</param>
    private ServerCost(ServerTimeline timeline, ServerOptions options, IReadOnlyList<IEnumerable<(double Seconds, int Frames)>> steps)
    {
        _timeline = timeline;
        _gate = new(Math.Max(options.MaxStaleness, steps.Count - 1));
        _workers = [.. steps.Select(own => new Worker(own, options.PeriodFrames))];
        _order = new(timeline, steps.Count);
    }

    /// <summary>The time of an epoch.</summary>
    /// <param name="work">The steps.</param>
    /// <param name="options">The period and the bound.</param>
    public static EpochTime Epoch(EpochWork work, ServerOptions options)
    {
        options.Validate();
        var steps = Enumerable.Range(0, work.Workers).Select(work.StepsOf).ToList();
        var epoch = new ServerCost(new(work.Cluster, work.Workers, work.ModelBytes), options, steps);
        epoch.Run();
        return new()
        {
            Seconds = epoch.Seconds,
            ComputeSeconds = epoch.ComputeSeconds,
            ExchangeSeconds = epoch.ExchangeSeconds,
            Steps = epoch.Steps,
            Blocks = epoch.Pushes,
            MeanStaleness = epoch.MeanStaleness,
            MaxStaleness = epoch.MaxStaleness,
        };
    }

    /// <summary>Gets the seconds until the last worker has the epoch's model.</summary>
    public double Seconds { get; private set; }

    /// <summary>Gets the seconds in which a worker computed, the mean of all.</summary>
    public double ComputeSeconds => _workers.Sum(worker => worker.Seconds) / _workers.Length;

    /// <summary>Gets the steps of all workers.</summary>
    public long Steps => _workers.Sum(worker => worker.Steps);

    /// <summary>Gets the seconds from push to answer, the mean of all workers; the end of the epoch is not in it.</summary>
    public double ExchangeSeconds { get; private set; }

    /// <summary>Gets the pushes.</summary>
    public long Pushes { get; private set; }

    /// <summary>Gets the mean number of others that overtook a push.</summary>
    public double MeanStaleness => Pushes == 0 ? 0 : (double)_staleness / Pushes;

    /// <summary>Gets the largest number of others that overtook a push.</summary>
    public int MaxStaleness { get; private set; }

    /// <summary>Simulates the epoch.</summary>
    public void Run()
    {
        for (var worker = 0; worker < _workers.Length; worker++)
        {
            _gate.Pull(worker);
            Compute(worker, 0);
        }

        while (_order.TryNext(_gate.Admits, out var push))
            Serve(push.Worker, push.Applied);

        for (var worker = 0; worker < _workers.Length; worker++)
            Seconds = Math.Max(Seconds, _timeline.Answered(worker, _lastApplied));
    }

    private void Compute(int worker, double from)
    {
        var own = _workers[worker];
        own.Pushed = from + own.NextSpan();
        _order.Push(worker, own.Pushed, isEmpty: !own.HasFrames);
    }

    private void Serve(int worker, double applied)
    {
        var own = _workers[worker];
        if (own.HasFrames)
        {
            var staleness = _gate.Push(worker);
            _staleness += staleness;
            MaxStaleness = Math.Max(MaxStaleness, staleness);
            Pushes++;
        }

        _lastApplied = Math.Max(_lastApplied, applied);
        if (own.Ended)
        {
            _gate.Leave(worker);
            return;
        }

        _gate.Pull(worker);
        var answered = _timeline.Answered(worker, applied);
        ExchangeSeconds += (answered - own.Pushed) / _workers.Length;
        Compute(worker, answered);
    }

    /// <summary>A worker's steps, from push to push.</summary>
    private sealed class Worker(IEnumerable<(double Seconds, int Frames)> steps, long period)
    {
        private readonly IEnumerator<(double Seconds, int Frames)> _steps = steps.GetEnumerator();

        /// <summary>Gets or sets the time when its push began.</summary>
        public double Pushed { get; set; }

        /// <summary>True when the push under way is its last.</summary>
        public bool Ended { get; private set; }

        /// <summary>True when the push under way has frames.</summary>
        public bool HasFrames { get; private set; }

        /// <summary>Gets the seconds of its steps.</summary>
        public double Seconds { get; private set; }

        /// <summary>Gets its steps.</summary>
        public long Steps { get; private set; }

        /// <summary>Takes the steps until the next push; gives their seconds.</summary>
        public double NextSpan()
        {
            var (seconds, frames) = (0.0, 0L);
            while (frames < period)
            {
                if (!_steps.MoveNext())
                {
                    Ended = true;
                    break;
                }

                seconds += _steps.Current.Seconds;
                frames += _steps.Current.Frames;
                Steps++;
            }

            Seconds += seconds;
            HasFrames = frames > 0;
            return seconds;
        }
    }
}
