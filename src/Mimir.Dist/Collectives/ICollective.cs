namespace Mimir.Dist.Collectives;

/// <summary>The operations that a group of workers performs together; every member calls each in the same order.</summary>
/// <remarks>
/// <para>The order of additions is fixed: results do not depend on timing, and all workers get the same bits.</para>
/// <para>One thread at a time. Two collectives that run side by side on one transport need different channels.</para>
/// <para>Every call may throw <see cref="PeerLostException"/> or <see cref="TimeoutException"/>. Then the values are
/// undefined, the collective is of no more use, and the members that are left form a new group.</para>
/// </remarks>
public interface ICollective : IDisposable
{
    /// <summary>Gets the members.</summary>
    WorkerGroup Group { get; }

    /// <summary>Gets this worker's place in the group, from 0.</summary>
    int Index { get; }

    /// <summary>Replaces <paramref name="values"/> with its sum over all members, in place.</summary>
    /// <param name="values">The same number of elements on every worker, none allowed.</param>
    void AllReduceSum(Span<float> values);

    /// <summary>Replaces this worker's part with its sum over all members.</summary>
    /// <param name="values">
    /// The same number of elements on every worker. Afterwards the part <see cref="Parts.Of"/> of this worker's
    /// <see cref="Index"/> is summed; the others are undefined.
    /// </param>
    void ReduceScatterSum(Span<float> values);

    /// <summary>Gives every worker the parts of all.</summary>
    /// <param name="values">The same number of elements on every worker; the part of its <see cref="Index"/> is its contribution.</param>
    void AllGather(Span<float> values);

    /// <summary>Replaces the values of one worker with the sum over all members.</summary>
    /// <param name="values">The same number of elements on every worker; undefined afterwards but on the root.</param>
    /// <param name="root">The place of the member that gets the sum.</param>
    void ReduceSum(Span<float> values, int root);

    /// <summary>Gives every worker the values of one.</summary>
    /// <param name="values">The same number of elements on every worker.</param>
    /// <param name="root">The place of the member whose values are sent.</param>
    void Broadcast(Span<float> values, int root);

    /// <summary>Waits until every member has called it.</summary>
    void Barrier();
}
