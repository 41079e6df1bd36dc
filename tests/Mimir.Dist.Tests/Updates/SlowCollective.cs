using Mimir.Dist.Collectives;
using Mimir.Dist.Tests.Support;

namespace Mimir.Dist.Tests.Updates;

/// <summary>The collective of a worker that is alone; a broadcast and a sum take one second.</summary>
internal sealed class SlowCollective(ManualTime time) : ICollective
{
    public WorkerGroup Group { get; } = WorkerGroup.All(1);

    public int Index => 0;

    public void AllReduceSum(Span<float> values) => time.Advance(TimeSpan.FromSeconds(1));

    public void ReduceScatterSum(Span<float> values) => throw new NotSupportedException();

    public void AllGather(Span<float> values) => throw new NotSupportedException();

    public void ReduceSum(Span<float> values, int root) => throw new NotSupportedException();

    public void Broadcast(Span<float> values, int root) => time.Advance(TimeSpan.FromSeconds(1));

    public void Barrier() => throw new NotSupportedException();

    public void Dispose()
    {
        // Nothing is held.
    }
}
