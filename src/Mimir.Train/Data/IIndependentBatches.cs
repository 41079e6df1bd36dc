namespace Mimir.Train.Data;

/// <summary>A dealer each of whose batches means the same whatever was done with the others, so that they can go to different workers.</summary>
public interface IIndependentBatches : IBatchDealer
{
    /// <summary>Gets the frames of each batch of the epoch that was started, in order; all at least 1.</summary>
    IReadOnlyList<int> BatchSizes { get; }
}
