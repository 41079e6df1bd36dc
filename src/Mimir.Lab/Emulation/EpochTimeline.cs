using Mimir.Dist.Costs;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Lab.Emulation;

/// <summary>The modelled time of an epoch from the steps of each worker. Pure; the same numbers give the same time.</summary>
/// <remarks>
/// <para>The cost model of each mode is in its folder of <see cref="Mimir.Dist.Updates"/>: in sync a step is the slowest worker's
/// computing, and what of the sums is not hidden behind its backward pass. In ma and bmuf all wait for the last at each block; then come
/// an exchange of numbers, a sum of the model and the rule's passes over it. two-tier has the machines' steps as in sync, and their
/// blocks as in bmuf. asgd is an event queue with <see cref="ServerTimeline"/> and <see cref="StalenessGate"/>.</para>
/// <para>Left out are costs once a run or once an epoch (start, the first broadcast, checkpoints, the order of losses), reading data,
/// and bmuf's warm-up, whose blocks take fewer passes.</para>
/// </remarks>
public static class EpochTimeline
{
    /// <summary>The time of an epoch.</summary>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="clock">The clock of the steps.</param>
    /// <param name="mode">The update mode; null for one worker.</param>
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
        ArgumentOutOfRangeException.ThrowIfNegative(validationFrames);
        var work = EpochWork.Of(cluster, clock, framesOfSteps, firstStep, modelBytes);
        var time = workers == 1
            ? work.Alone()
            : (mode ?? throw new ArgumentException("expected an update mode for several workers", nameof(mode))).EpochTime(work);
        var share = (validationFrames + workers - 1) / workers;
        return time with
        {
            Epoch = epoch,
            WaitingPercent = time.Seconds > 0 ? 100 * Math.Max(0, 1 - (time.ComputeSeconds / time.Seconds)) : 0,
            ValidationSeconds = Enumerable.Range(0, workers).Max(worker => clock.ValidationSeconds(worker, share)),
        };
    }
}
