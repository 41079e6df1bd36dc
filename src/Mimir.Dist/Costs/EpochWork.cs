namespace Mimir.Dist.Costs;

/// <summary>The steps of all workers in an epoch, on a modelled cluster.</summary>
public sealed class EpochWork
{
    private readonly Func<int, IEnumerable<(double Seconds, int Frames)>> _stepsOf;

    private EpochWork(
        ClusterModel cluster,
        StepClock clock,
        int workers,
        long modelBytes,
        Func<int, IEnumerable<(double Seconds, int Frames)>>? stepsOf = null)
    {
        if (workers < 1 || workers > cluster.Devices)
            throw new ArgumentException($"expected 1 to {cluster.Devices} workers, got {workers}", nameof(workers));

        ArgumentOutOfRangeException.ThrowIfNegative(modelBytes);
        (Cluster, Clock, Workers, ModelBytes) = (cluster, clock, workers, modelBytes);
        _stepsOf = stepsOf ?? OwnSteps;
    }

    /// <summary>Gets the machines and links.</summary>
    public ClusterModel Cluster { get; }

    /// <summary>Gets the clock of the steps.</summary>
    public StepClock Clock { get; }

    /// <summary>Gets the number of workers.</summary>
    public int Workers { get; }

    /// <summary>Gets the bytes of the parameters.</summary>
    public long ModelBytes { get; }

    /// <summary>Gets the frames of each worker's steps; a step of 0 frames is one that it only joins. Empty for shared steps.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Frames { get; private init; } = [];

    /// <summary>Gets the number of each worker's first step, for the clock's jitter.</summary>
    public long FirstStep { get; private init; }

    /// <summary>An epoch in which each worker has steps of its own.</summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="clock">The clock of the steps.</param>
    /// <param name="frames">Of each worker the frames of its steps.</param>
    /// <param name="firstStep">The number of each worker's first step, for the clock's jitter.</param>
    /// <param name="modelBytes">The bytes of the parameters.</param>
    /// <exception cref="ArgumentException">There are no workers, or more than devices.</exception>
    public static EpochWork Of(
        ClusterModel cluster, StepClock clock, IReadOnlyList<IReadOnlyList<int>> frames, long firstStep, long modelBytes) =>
        new(cluster, clock, frames.Count, modelBytes) { Frames = frames, FirstStep = firstStep };

    /// <summary>An epoch of equal steps, each taken by the worker that is ready first; for asynchronous modes.</summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="clock">The clock of the steps.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="steps">The steps of all workers together.</param>
    /// <param name="frames">The frames of each step.</param>
    /// <param name="modelBytes">The bytes of the parameters.</param>
    /// <exception cref="ArgumentException">There are no workers, or more than devices.</exception>
    public static EpochWork Shared(ClusterModel cluster, StepClock clock, int workers, long steps, int frames, long modelBytes)
    {
        var left = steps;
        return new(cluster, clock, workers, modelBytes, Next);

        IEnumerable<(double Seconds, int Frames)> Next(int worker)
        {
            for (var step = 0; left > 0; step++)
            {
                left--;
                yield return (clock.StepSeconds(worker, step, frames), frames);
            }
        }
    }

    /// <summary>The frames of a worker in a step; 0 after its last.</summary>
    /// <param name="worker">The rank.</param>
    /// <param name="step">The step, from 0.</param>
    public int FramesOf(int worker, int step) => step < Frames[worker].Count ? Frames[worker][step] : 0;

    /// <summary>The steps of a worker; shared ones are taken as they are enumerated.</summary>
    /// <param name="worker">The rank.</param>
    public IEnumerable<(double Seconds, int Frames)> StepsOf(int worker) => _stepsOf(worker);

    /// <summary>The seconds of passes over the model in memory.</summary>
    /// <param name="passes">The number of passes, reading and writing counted each.</param>
    public double Passes(int passes) => passes * ModelBytes / Cluster.Device.MemoryBandwidth;

    /// <summary>The time of an epoch of one worker.</summary>
    public EpochTime Alone()
    {
        var seconds = StepsOf(0).Sum(step => step.Seconds);
        return new() { Seconds = seconds, ComputeSeconds = seconds, Steps = Frames[0].Count };
    }

    private IEnumerable<(double Seconds, int Frames)> OwnSteps(int worker)
    {
        for (var step = 0; step < Frames[worker].Count; step++)
            yield return (Clock.StepSeconds(worker, FirstStep + step, Frames[worker][step]), Frames[worker][step]);
    }
}
