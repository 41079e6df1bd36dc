using Mimir.Dist.Collectives.Compression;
using Mimir.Dist.Updates;

namespace Mimir.Dist.Emulation;

/// <summary>The steps of a group that sums its gradients at each: how long one takes, and how much of it is exchange.</summary>
/// <remarks>
/// A step begins for all at once. A worker is ready with a bucket when its backward pass, which goes evenly from the end of the
/// gradients to their begin, has come so far; a bucket is summed when all are ready with it and the one before is done. The
/// step ends with the numbers of frames of all. Who has no batch is ready at once.
/// </remarks>
internal sealed class SyncSteps
{
    private readonly StepClock _clock;
    private readonly IReadOnlyList<int> _members;
    private readonly double _forward;
    private readonly double _rollCall;
    private readonly bool _overlaps;
    private readonly (double Ready, double Seconds)[] _buckets;

    /// <summary>Prepares the steps of some workers, who are a cluster of their own.</summary>
    /// <param name="cluster">The machines that they are on.</param>
    /// <param name="clock">How long they compute.</param>
    /// <param name="options">Buckets, compression, overlap.</param>
    /// <param name="members">Their ranks.</param>
    /// <param name="modelBytes">The bytes of the gradients.</param>
    public SyncSteps(ClusterModel cluster, StepClock clock, SyncOptions options, IReadOnlyList<int> members, long modelBytes)
    {
        options.Validate();
        (_clock, _members) = (clock, members);
        _forward = 1 - cluster.Device.BackwardShare;
        _rollCall = CollectiveCost.RollCall(cluster, members.Count);
        var oneMachine = cluster.MachinesOf(members.Count) == 1 && options.Compression == GradientCompression.None;
        _overlaps = options.Overlap ?? !(oneMachine && cluster.Inside.OccupiesDevice);
        _buckets = members.Count == 1 ? [] : [.. Buckets(cluster, options, members.Count, modelBytes)];
    }

    /// <summary>One step.</summary>
    /// <param name="step">Its number, for the clock.</param>
    /// <param name="framesOf">The frames of a member in it.</param>
    /// <param name="computed">Takes what each member computes.</param>
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
        var free = (_overlaps ? slowest * _forward : slowest) + _rollCall;
        foreach (var (ready, seconds) in _buckets)
            free = Math.Max(free, _overlaps ? slowest * ready : slowest) + seconds;

        return (Math.Max(free, slowest) + _rollCall, slowest);
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
