using Mimir.Dist.Collectives;

namespace Mimir.Dist.Updates;

/// <summary>Operations among machines, each of which counts once: its first worker takes part and hands the result out at home.</summary>
/// <remarks>The workers of a machine call with the same values.</remarks>
internal sealed class MachineCollective(MachineTiers tiers) : ICollective
{
    public WorkerGroup Group => tiers.Leaders;

    public int Index => tiers.Machine;

    public void AllReduceSum(Span<float> values)
    {
        tiers.Across?.AllReduceSum(values);
        tiers.Home.Broadcast(values, root: 0);
    }

    public void ReduceScatterSum(Span<float> values) => AllReduceSum(values);

    public void AllGather(Span<float> values)
    {
        tiers.Across?.AllGather(values);
        tiers.Home.Broadcast(values, root: 0);
    }

    public void ReduceSum(Span<float> values, int root) => AllReduceSum(values);

    public void Broadcast(Span<float> values, int root)
    {
        tiers.Across?.Broadcast(values, root);
        tiers.Home.Broadcast(values, root: 0);
    }

    public void Barrier() => AllReduceSum([]);

    public void Dispose()
    {
        // The tiers are the mode's.
    }
}
