using Mimir.Train.Data;

namespace Mimir.Lab.Emulation;

/// <summary>Deals the batches of another dealer and tells the job of each: a worker begins a step when it gets its batch.</summary>
/// <param name="dealer">The worker's batches.</param>
/// <param name="job">The emulated job.</param>
/// <param name="worker">The worker's rank.</param>
internal sealed class TracedDealer(IBatchDealer dealer, EmulatedJob job, int worker) : IBatchDealer
{
    /// <inheritdoc/>
    public int TableFrames => dealer.TableFrames;

    /// <inheritdoc/>
    public int Position => dealer.Position;

    /// <inheritdoc/>
    public void Start(int epoch, int position = 0)
    {
        job.Traces[worker].BeginEpoch();
        dealer.Start(epoch, position);
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        if (!dealer.TryNext(out batch))
            return false;

        // A share may be empty where all take every step together; it is a step all the same.
        job.StepBegins(worker, batch.Rows.Length);
        return true;
    }
}
