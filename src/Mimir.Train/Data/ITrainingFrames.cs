using Mimir.Core.Batches;

namespace Mimir.Train.Data;

/// <summary>The training frames on the device of the network.</summary>
public interface ITrainingFrames : IDisposable
{
    /// <summary>Gets the table that the network reads.</summary>
    FrameTable Table { get; }

    /// <summary>Brings frames of the set into the table.</summary>
    /// <param name="frames">The frames of a batch, as the set numbers them.</param>
    /// <returns>The row of the table for each of them; valid until the next call.</returns>
    /// <exception cref="Mimir.Base.InputException">Their utterance cannot be read.</exception>
    ReadOnlySpan<int> Place(ReadOnlySpan<int> frames);

    /// <summary>Follows the batches of a run, to have the frames of those that come next.</summary>
    /// <param name="dealer">Deals the batches of this worker.</param>
    /// <param name="scout">Makes a dealer of the same batches; null where they are not known before they are dealt.</param>
    /// <returns>A dealer of the same batches.</returns>
    IBatchDealer Follow(IBatchDealer dealer, Func<IBatchDealer>? scout);
}

/// <summary>Frames that are all in the table.</summary>
/// <param name="table">The table; it is disposed with this.</param>
public sealed class ResidentFrames(FrameTable table) : ITrainingFrames
{
    /// <inheritdoc/>
    public FrameTable Table => table;

    /// <inheritdoc/>
    public ReadOnlySpan<int> Place(ReadOnlySpan<int> frames) => frames;

    /// <inheritdoc/>
    public IBatchDealer Follow(IBatchDealer dealer, Func<IBatchDealer>? scout) => dealer;

    /// <inheritdoc/>
    public void Dispose() => table.Dispose();
}
