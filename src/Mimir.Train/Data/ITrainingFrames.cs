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
    public void Dispose() => table.Dispose();
}
