namespace Mimir.Dist.Updates.Sync;

/// <summary>The parts of the gradients that are ready to be summed, in fixed pieces from the end to the begin. Pure.</summary>
/// <remarks>The cuts depend on the two lengths alone, so all workers sum the same pieces in the same order.</remarks>
/// <param name="length">All elements.</param>
/// <param name="bucket">The elements of a piece; the one at the begin may be smaller.</param>
internal struct GradientBuckets(int length, int bucket)
{
    private int _summed = length;
    private int _ready = length;

    /// <summary>Marks the part before those marked so far as final.</summary>
    public void Ready(int offset, int count)
    {
        if (offset < 0 || count < 0 || (long)offset + count != _ready)
        {
            throw new ArgumentException(
                $"expected gradients that end at {_ready}, got {offset} to {(long)offset + count}: "
                + "a backward pass goes from the end to the begin");
        }

        _ready = offset;
    }

    /// <summary>Marks all the rest as final.</summary>
    public void AllReady() => _ready = 0;

    /// <summary>Takes the next piece when it is whole.</summary>
    public bool TryTake(out int offset, out int count)
    {
        offset = Math.Max(0, _summed - bucket);
        count = _summed - offset;
        if (count == 0 || _ready > offset)
            return false;

        _summed = offset;
        return true;
    }
}
