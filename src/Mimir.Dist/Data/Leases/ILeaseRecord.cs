namespace Mimir.Dist.Data.Leases;

/// <summary>Takes down what a <see cref="LeaseServer"/> settles, in order.</summary>
public interface ILeaseRecord
{
    /// <summary>An epoch begins.</summary>
    /// <param name="epoch">The epoch.</param>
    void Begin(EpochItems epoch);

    /// <summary>An item was trained on.</summary>
    /// <param name="epoch">The epoch's number.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="rank">The worker.</param>
    /// <param name="step">The step, or block, that it reported.</param>
    /// <param name="frames">The frames trained on.</param>
    void Complete(int epoch, string item, int? rank, long step, int frames);

    /// <summary>Nobody trains on an item.</summary>
    /// <param name="epoch">The epoch's number.</param>
    /// <param name="item">The item's id.</param>
    /// <param name="reason">Why.</param>
    void Drop(int epoch, string item, string reason);

    /// <summary>An epoch is over.</summary>
    /// <param name="epoch">Its number.</param>
    void End(int epoch);

    /// <summary>Hands what was written to the system, so that others can read it.</summary>
    void Flush();

    /// <summary>Brings what was written to the disk, for a checkpoint.</summary>
    /// <returns>The length of what is there.</returns>
    long Sync();
}
