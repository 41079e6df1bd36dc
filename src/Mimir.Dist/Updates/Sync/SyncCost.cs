using Mimir.Dist.Collectives.Compression;
using Mimir.Dist.Costs;

namespace Mimir.Dist.Updates.Sync;

/// <summary>Cost model of sync: the seconds of a step of a group that sums its gradients, and the part of it that is exchange.</summary>
/// <remarks>
/// A step begins for all at once. A worker is ready with a bucket when its backward pass, which goes evenly from the end of the
/// gradients to their begin, has come so far; a bucket is summed when all are ready with it and the one before is done. The
/// step ends with an exchange of the numbers of frames. A worker without a batch is ready at once.
/// </remarks>
internal sealed class SyncCost
{
    private readonly StepClock _clock;
    private readonly IReadOnlyList<int> _members;
    private readonly double _forward;
    private readonly double _numbers;
    private readonly bool _overlaps;
    private readonly (double Ready, double Seconds)[] _buckets;

    /// <summary>Prepares the steps of some workers that are a cluster of their own.</summary>
    /// <param name="cluster">The machines that they are on.</param>
    /// <param name="clock">The clock of the steps.</param>
    /// <param name="options">Buckets, compression, overlap.</param>
    /// <param name="members">The ranks of the workers.</param>
    /// <param name="modelBytes">The bytes of the gradients.</param>
    public SyncCost(ClusterModel cluster, StepClock clock, SyncOptions options, IReadOnlyList<int> members, long modelBytes)
    {
        (_clock, _members) = (clock, members);
        _forward = 1 - cluster.Device.BackwardShare;
        _numbers = CollectiveCost.Numbers(cluster, members.Count);
        var oneMachine = cluster.MachinesOf(members.Count) == 1 && options.Compression == GradientCompression.None;
        _overlaps = options.Overlap ?? !(oneMachine && cluster.Inside.OccupiesDevice);
        _buckets = members.Count == 1 ? [] : [.. Buckets(cluster, options, members.Count, modelBytes)];
    }

    /// <summary>The time of an epoch in which all workers sum their gradients at every step.</summary>
    /// <param name="work">The steps.</param>
    /// <param name="options">Buckets, compression, overlap.</param>
    public static EpochTime Epoch(EpochWork work, SyncOptions options)
    {
        options.Validate();
        var members = Enumerable.Range(0, work.Workers).ToArray();
        var group = new SyncCost(work.Cluster, work.Clock, options, members, work.ModelBytes);
        var (seconds, exchange, compute) = (0.0, 0.0, 0.0);
        var steps = work.Frames.Max(own => own.Count);
        for (var step = 0; step < steps; step++)
        {
            var (whole, slowest) = group.Step(work.FirstStep + step, worker => work.FramesOf(worker, step), (_, own) => compute += own);
            seconds += whole;
            exchange += whole - slowest;
        }

        return new() { Seconds = seconds, ComputeSeconds = compute / work.Workers, ExchangeSeconds = exchange, Steps = steps };
    }

    /// <summary>One step.</summary>
    /// <param name="step">Its number, for the clock.</param>
    /// <param name="framesOf">The frames of a member in it.</param>
    /// <param name="computed">Takes the seconds that each member computes.</param>
    /// <returns>The seconds of the step, and those of the slowest member's computing.</returns>
    public (double Seconds, double Slowest) Step(long step, Func<int, int> framesOf, Action<int, double> computed)
    {
        var slowest = 0.0;
        foreach (var worker in _members)
        {
            var seconds = _clock.StepSeconds(worker, step, framesOf(worker));
            computed(worker, seconds);
            slowest = Math.Max(slowest, seconds);
        }

        if (_members.Count == 1)
            return (slowest, slowest);

        // The slowest is the last at every point of the backward pass, as all have the same share of it.
        var free = (_overlaps ? slowest * _forward : slowest) + _numbers;
        foreach (var (ready, seconds) in _buckets)
            free = Math.Max(free, _overlaps ? slowest * ready : slowest) + seconds;

        return (Math.Max(free, slowest) + _numbers, slowest);
    }

    private IEnumerable<(double Ready, double Seconds)> Buckets(ClusterModel cluster, SyncOptions options, int workers, long modelBytes)
    {
        var length = modelBytes / sizeof(float);
        for (var end = length; end > 0; end -= options.BucketElements)
        {
            var begin = Math.Max(0, end - options.BucketElements);
            yield return (1 - ((1 - _forward) * begin / length), Sum(cluster, options.Compression, workers, (int)(end - begin)));
        }
    }

    private static double Sum(ClusterModel cluster, GradientCompression compression, int workers, int elements)
    {
        var bytes = (long)elements * sizeof(float);
        return compression switch
        {
            GradientCompression.Half => CollectiveCost.CompressedAllReduce(cluster, workers, bytes, new HalfCodec().Bytes(elements)),
            GradientCompression.OneBit => CollectiveCost.CompressedAllReduce(cluster, workers, bytes, new OneBitCodec().Bytes(elements)),
            _ => CollectiveCost.AllReduce(cluster, workers, bytes),
        };
    }
}
