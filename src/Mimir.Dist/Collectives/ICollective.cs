namespace Mimir.Dist.Collectives;

/// <summary>The operations that a group of workers performs together; every worker calls each in the same order.</summary>
public interface ICollective
{
    /// <summary>Gets this worker's index, from 0.</summary>
    int Rank { get; }

    /// <summary>Gets the number of workers.</summary>
    int WorldSize { get; }

    /// <summary>Replaces <paramref name="values"/> with its sum over all workers, in place.</summary>
    /// <param name="values">The same number of elements on every worker, none allowed.</param>
    /// <remarks>The order of the additions is fixed, so every worker gets the same bits, whatever the timing.</remarks>
    void AllReduceSum(Span<float> values);
}
