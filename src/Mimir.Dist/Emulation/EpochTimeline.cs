using Mimir.Dist.Updates;

namespace Mimir.Dist.Emulation;

/// <summary>The time of an epoch from what each worker does in it. Pure; the same numbers give the same time.</summary>
/// <remarks>
/// <para>sync: see <see cref="SyncSteps"/> in its remarks; a step is what the slowest computes, and what of the sums is not hidden
/// behind its backward pass. ma, bmuf: blocks in which all wait for the last; then a roll call, a sum of the model and the rule's
/// passes over it. two-tier: the machines' steps as in sync, their blocks as in bmuf. asgd: an event queue with
/// <see cref="AsynchronousTimeline"/> and <see cref="Updates.Rules.StalenessGate"/>.</para>
/// <para>Left out are what comes once a run or once an epoch (start, the first broadcast, checkpoints, the order of losses),
/// reading data, and bmuf's warm-up, whose blocks take fewer passes.</para>
/// </remarks>
public static class EpochTimeline
{
    /// <summary>The time of an epoch.</summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="clock">How long steps take.</param>
    /// <param name="mode">How the workers' models are kept together; null for one worker alone.</param>
    /// <param name="framesOfSteps">Of each worker the frames of its steps; a step of 0 frames is one that it only joins.</param>
    /// <param name="firstStep">The number of each worker's first step, for the clock's jitter.</param>
    /// <param name="modelBytes">The bytes of the parameters.</param>
    /// <param name="validationFrames">The frames of cross-validation, which the workers share.</param>
    /// <param name="epoch">The epoch's number.</param>
    /// <exception cref="ArgumentException">There are no workers, more than devices, or several without a mode.</exception>
    public static EpochTime Of(
        ClusterModel cluster,
        StepClock clock,
        UpdateOptions? mode,
        IReadOnlyList<IReadOnlyList<int>> framesOfSteps,
        long firstStep,
        long modelBytes,
        long validationFrames,
        int epoch)
    {
        cluster.Validate();
        var workers = framesOfSteps.Count;
        if (workers < 1 || workers > cluster.Devices)
            throw new ArgumentException($"expected 1 to {cluster.Devices} workers, got {workers}", nameof(framesOfSteps));

        ArgumentOutOfRangeException.ThrowIfNegative(modelBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(validationFrames);
        var context = new Context(cluster, clock, framesOfSteps, firstStep, modelBytes);
        var time = (workers, mode) switch
        {
            (1, _) => Alone(context),
            (_, SyncOptions sync) => Sync(context, sync),
            (_, ModelAveragingOptions ma) => Blocks(context, ma, ma.PeriodFrames),
            (_, BmufOptions bmuf) => Blocks(context, bmuf, bmuf.PeriodFrames),
            (_, AsynchronousOptions asgd) => Asynchronous(context, asgd),
            (_, TwoTierOptions tiers) => TwoTier(context, tiers),
            _ => throw new ArgumentException("expected an update mode for several workers", nameof(mode)),
        };
        var share = (validationFrames + workers - 1) / workers;
        return time with
        {
            Epoch = epoch,
            WaitingPercent = time.Seconds > 0 ? 100 * Math.Max(0, 1 - (time.ComputeSeconds / time.Seconds)) : 0,
            ValidationSeconds = Enumerable.Range(0, workers).Max(worker => clock.ValidationSeconds(worker, share)),
        };
    }

    private static EpochTime Alone(Context context)
    {
        var seconds = context.StepsOf(0).Sum(step => step.Seconds);
        return new() { Seconds = seconds, ComputeSeconds = seconds, Steps = context.Frames[0].Count };
    }

    private static EpochTime Sync(Context context, SyncOptions options)
    {
        var members = Enumerable.Range(0, context.Workers).ToArray();
        var group = new SyncSteps(context.Cluster, context.Clock, options, members, context.ModelBytes);
        var (seconds, exchange, compute) = (0.0, 0.0, 0.0);
        var steps = context.Frames.Max(own => own.Count);
        for (var step = 0; step < steps; step++)
        {
            var (whole, slowest) = group.Step(context.FirstStep + step, worker => context.FramesOf(worker, step), (_, own) => compute += own);
            seconds += whole;
            exchange += whole - slowest;
        }

        return new() { Seconds = seconds, ComputeSeconds = compute / context.Workers, ExchangeSeconds = exchange, Steps = steps };
    }

    private static EpochTime Blocks(Context context, UpdateOptions options, long period)
    {
        var blocks = new BlockEpoch();
        var compute = 0.0;
        for (var worker = 0; worker < context.Workers; worker++)
        {
            var steps = context.StepsOf(worker).ToList();
            compute += steps.Sum(step => step.Seconds);
            blocks.Add(steps.Select(step => (step.Seconds, (long)step.Frames)), period);
        }

        blocks.Run(
            CollectiveCost.RollCall(context.Cluster, context.Workers),
            CollectiveCost.AllReduce(context.Cluster, context.Workers, context.ModelBytes) + context.Passes(BlockEpoch.PassesOf(options)));
        return new()
        {
            Seconds = blocks.Seconds,
            ComputeSeconds = compute / context.Workers,
            ExchangeSeconds = blocks.ExchangeSeconds,
            Steps = context.Frames.Sum(own => (long)own.Count),
            Blocks = blocks.Blocks,
        };
    }

    private static EpochTime TwoTier(Context context, TwoTierOptions options)
    {
        var machines = context.Cluster.MachinesOf(context.Workers);
        if (machines == 1)
            return Sync(context, options.Inside);

        var (home, blocks) = (context.Cluster with { Machines = 1, Speeds = new Dictionary<int, double>() }, new BlockEpoch());
        var (compute, exchange, steps) = (0.0, 0.0, 0L);
        for (var machine = 0; machine < machines; machine++)
        {
            var first = machine * context.Cluster.DevicesPerMachine;
            var members = Enumerable.Range(first, Math.Min(context.Cluster.DevicesPerMachine, context.Workers - first)).ToArray();
            var group = new SyncSteps(home, context.Clock, options.Inside, members, context.ModelBytes);
            var own = new List<(double Seconds, long Frames)>();
            for (var step = 0; step < members.Max(worker => context.Frames[worker].Count); step++)
            {
                var (whole, slowest) = group.Step(context.FirstStep + step, worker => context.FramesOf(worker, step), (_, own) => compute += own);
                own.Add((whole, members.Sum(worker => (long)context.FramesOf(worker, step))));
                exchange += (whole - slowest) * members.Length / context.Workers;
            }

            steps += own.Count;
            blocks.Add(own, options.Across.PeriodFrames);
        }

        blocks.Run(
            CollectiveCost.RollCallOfMachines(context.Cluster, context.Workers),
            CollectiveCost.AllReduceOfMachines(context.Cluster, context.Workers, context.ModelBytes)
                + context.Passes(BlockEpoch.PassesOf(options.Across)));
        return new()
        {
            Seconds = blocks.Seconds,
            ComputeSeconds = compute / context.Workers,
            ExchangeSeconds = exchange + blocks.ExchangeSeconds,
            Steps = steps,
            Blocks = blocks.Blocks,
        };
    }

    private static EpochTime Asynchronous(Context context, AsynchronousOptions options) => Asynchronous(
        context.Cluster, options, [.. Enumerable.Range(0, context.Workers).Select(context.StepsOf)], context.ModelBytes);

    /// <summary>An epoch of asgd whose batches are all alike; each goes to whoever is ready first.</summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="clock">How long steps take.</param>
    /// <param name="options">The period and the bound.</param>
    /// <param name="workers">Their number.</param>
    /// <param name="steps">The steps of all workers together.</param>
    /// <param name="frames">The frames of each.</param>
    /// <param name="modelBytes">The bytes of the parameters.</param>
    internal static EpochTime FirstCome(
        ClusterModel cluster, StepClock clock, AsynchronousOptions options, int workers, long steps, int frames, long modelBytes)
    {
        var left = steps;
        return Asynchronous(cluster, options, [.. Enumerable.Range(0, workers).Select(Own)], modelBytes);

        IEnumerable<(double Seconds, int Frames)> Own(int worker)
        {
            for (var step = 0; left > 0; step++)
            {
                left--;
                yield return (clock.StepSeconds(worker, step, frames), frames);
            }
        }
    }

    private static EpochTime Asynchronous(
        ClusterModel cluster, AsynchronousOptions options, IReadOnlyList<IEnumerable<(double Seconds, int Frames)>> steps, long modelBytes)
    {
        var epoch = new AsynchronousEpoch(new(cluster, steps.Count, modelBytes), options, steps);
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

    private sealed record Context(
        ClusterModel Cluster, StepClock Clock, IReadOnlyList<IReadOnlyList<int>> Frames, long FirstStep, long ModelBytes)
    {
        public int Workers => Frames.Count;

        public int FramesOf(int worker, int step) => step < Frames[worker].Count ? Frames[worker][step] : 0;

        public IEnumerable<(double Seconds, int Frames)> StepsOf(int worker)
        {
            for (var step = 0; step < Frames[worker].Count; step++)
                yield return (Clock.StepSeconds(worker, FirstStep + step, Frames[worker][step]), Frames[worker][step]);
        }

        public double Passes(int passes) => passes * ModelBytes / Cluster.Device.MemoryBandwidth;
    }
}
