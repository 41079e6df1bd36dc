using Mimir.Dist.Costs;
using Mimir.Dist.Updates;

namespace Mimir.Lab.Emulation;

/// <summary>The modelled epoch time of an update mode for any number of workers, with batches that are all alike.</summary>
/// <remarks>
/// <see cref="EpochTimeline"/> simulates some of the epoch's steps, then twice as many: the time of the second half, which has nothing
/// that comes once, stands for the rest of the epoch. In asynchronous modes a batch goes to the worker that is ready first, elsewhere
/// all workers have as many. A cluster that is too small grows by machines of its kind.
/// </remarks>
public sealed class ScalingPlan
{
    // The most that is simulated; 1,024 workers take less than a second.
    private const int WorkerSteps = 30_000;
    private const int Pushes = 5_000;
    private const int LeastSteps = 8;

    private const double Nothing = 1e30;
    private readonly ClusterModel _cluster;
    private readonly PlanOptions _options;
    private readonly double _alone;

    /// <summary>Prepares a plan.</summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="options">Frames, model, batch.</param>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    public ScalingPlan(ClusterModel cluster, PlanOptions options)
    {
        cluster.Validate();
        options.Validate();
        (_cluster, _options) = (cluster, options);
        _alone = options.Frames * ((1 / cluster.Device.FramesPerSecond) + (cluster.Device.StepOverhead / options.Batch));
    }

    /// <summary>The modelled epoch of a number of workers.</summary>
    /// <param name="mode">The update mode.</param>
    /// <param name="workers">The number of workers.</param>
    public PlanRow Row(UpdateOptions mode, int workers) => Row(_cluster.With(workers), mode, workers);

    /// <summary>The largest limit of the speed-up of a number of workers.</summary>
    /// <param name="mode">The update mode.</param>
    /// <param name="workers">The number of workers.</param>
    public PlanLimit LimitOf(UpdateOptions mode, int workers)
    {
        var cluster = _cluster.With(workers);
        var parts = Enum.GetValues<PlanPart>().Select(part => (Part: part, Row(Without(cluster, part), mode, workers).SpeedUp)).ToList();
        var most = parts.MaxBy(part => part.SpeedUp);
        return new(most.Part, most.SpeedUp, parts.Find(part => part.Part == PlanPart.Computing).SpeedUp);
    }

    private PlanRow Row(ClusterModel cluster, UpdateOptions mode, int workers)
    {
        var (steps, unit, most, framesOf) = Shape(mode, workers);
        EpochTime time;
        if (steps <= 2 * most)
        {
            time = Time(cluster, mode, workers, (long)Math.Ceiling(steps), framesOf);
            time = Scaled(time, steps / Math.Ceiling(steps));
        }
        else
        {
            var half = Math.Max(unit, most / unit * unit);
            var (once, twice) = (Time(cluster, mode, workers, half, framesOf), Time(cluster, mode, workers, 2 * half, framesOf));
            time = Extended(once, twice, (steps - half) / half);
        }

        return new()
        {
            Workers = workers,
            Machines = cluster.Machines,
            Seconds = time.Seconds,
            SpeedUp = _alone / time.Seconds,
            ExchangePercent = 100 * time.ExchangeSeconds / time.Seconds,
            WaitingPercent = 100 * Math.Max(0, 1 - (time.ComputeSeconds / time.Seconds)),
            MeanStaleness = time.MeanStaleness,
        };
    }

    /// <summary>
    /// The steps of each worker in an epoch, those between two exchanges, how many to simulate, and the frames of a step.
    /// </summary>
    private (double Steps, long Unit, long Most, Func<int, int> FramesOf) Shape(UpdateOptions mode, int workers)
    {
        var (frames, batch) = ((double)_options.Frames, (long)_options.Batch);
        if (mode.SplitsBatches || workers == 1)
        {
            var most = Math.Max(LeastSteps, WorkerSteps / workers);
            return workers > 1 && _options.SyncBatchPerWorker is { } own
                ? (frames / ((double)own * workers), 1, most, _ => own)
                : (frames / batch, 1, most, worker => (int)((batch * (worker + 1) / workers) - (batch * worker / workers)));
        }

        var period = mode.ExchangePeriod(Math.Min(workers, _cluster.DevicesPerMachine));
        var unit = Math.Max(1, (period + batch - 1) / batch);
        var limit = mode.IsAsynchronous ? Math.Max(LeastSteps, Pushes / workers) * unit : Math.Max(LeastSteps, WorkerSteps / workers);
        return (frames / ((double)batch * workers), unit, Math.Max(unit, limit), _ => (int)batch);
    }

    private EpochTime Time(ClusterModel cluster, UpdateOptions mode, int workers, long steps, Func<int, int> framesOf)
    {
        var clock = new StepClock(cluster, _options.Seed);
        if (mode.IsAsynchronous && workers > 1)
            return mode.EpochTime(EpochWork.Shared(cluster, clock, workers, steps * workers, framesOf(0), _options.ModelBytes));

        var alike = new Dictionary<int, int[]>();
        var frames = new List<IReadOnlyList<int>>();
        for (var worker = 0; worker < workers; worker++)
        {
            var own = framesOf(worker);
            if (!alike.TryGetValue(own, out var list))
                Array.Fill(alike[own] = list = new int[steps], own);
            frames.Add(list);
        }

        return EpochTimeline.Of(cluster, clock, mode, frames, 0, _options.ModelBytes, 0, epoch: 1);
    }

    private static EpochTime Scaled(EpochTime time, double factor) => time with
    {
        Seconds = time.Seconds * factor,
        ComputeSeconds = time.ComputeSeconds * factor,
        ExchangeSeconds = time.ExchangeSeconds * factor,
    };

    private static EpochTime Extended(EpochTime once, EpochTime twice, double more) => twice with
    {
        Seconds = once.Seconds + (more * (twice.Seconds - once.Seconds)),
        ComputeSeconds = once.ComputeSeconds + (more * (twice.ComputeSeconds - once.ComputeSeconds)),
        ExchangeSeconds = once.ExchangeSeconds + (more * (twice.ExchangeSeconds - once.ExchangeSeconds)),
    };

    private static ClusterModel Without(ClusterModel cluster, PlanPart part) => part switch
    {
        PlanPart.Computing => cluster with { Device = cluster.Device with { FramesPerSecond = Nothing, StepOverhead = 0 } },
        PlanPart.Inside => cluster with { Inside = cluster.Inside with { Latency = 0, Bandwidth = Nothing } },
        PlanPart.Across => cluster with { Across = cluster.Across with { Latency = 0, Bandwidth = Nothing } },
        _ => cluster with { Device = cluster.Device with { MemoryBandwidth = Nothing } },
    };
}
