using Mimir.Base;

namespace Mimir.Dist.Costs;

/// <summary>The time that a worker computes for a step, the same at every call: there is no state.</summary>
/// <remarks>
/// With f frames, rate r, overhead o, the device's speed s (1) and a standard normal z made of (seed, worker, step):
/// (o + f / r) / s exp(j z - j²/2) for a jitter j, whose mean is that without jitter.
/// </remarks>
/// <param name="cluster">Rates, speeds and jitter.</param>
/// <param name="seed">Other seeds give other jitter.</param>
public sealed class StepClock(ClusterModel cluster, ulong seed)
{
    /// <summary>The seconds of forward pass, backward pass and step.</summary>
    /// <param name="worker">Its rank.</param>
    /// <param name="step">The step's number, counted over all epochs.</param>
    /// <param name="frames">The frames of this worker; with 0 it computes nothing.</param>
    public double StepSeconds(int worker, long step, int frames)
    {
        if (frames <= 0)
            return 0;

        var seconds = (cluster.Device.StepOverhead + (frames / cluster.Device.FramesPerSecond)) / SpeedOf(worker);
        return cluster.Jitter == 0
            ? seconds
            : seconds * Math.Exp((cluster.Jitter * Normal(worker, step)) - (cluster.Jitter * cluster.Jitter / 2));
    }

    /// <summary>The seconds of cross-validation on a worker's part.</summary>
    /// <param name="worker">Its rank.</param>
    /// <param name="frames">The frames of this worker.</param>
    public double ValidationSeconds(int worker, long frames) =>
        frames / (cluster.Device.FramesPerSecond * cluster.Device.ValidationSpeedup * SpeedOf(worker));

    private double SpeedOf(int worker) => cluster.Speeds.GetValueOrDefault(worker, 1);

    /// <summary>Box and Muller's transform of two hashes.</summary>
    private double Normal(int worker, long step)
    {
        var state = SplitMix64.Combine(seed, (ulong)worker, (ulong)step);
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(ref state)));
        return radius * Math.Cos(2 * Math.PI * Uniform(ref state));
    }

    private static double Uniform(ref ulong state) => (SplitMix64.Next(ref state) >> 11) * (1.0 / (1UL << 53));
}
