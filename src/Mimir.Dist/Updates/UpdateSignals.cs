namespace Mimir.Dist.Updates;

/// <summary>The messages between a training loop and its update mode besides the verbs: signals of the workers, and blocks.</summary>
/// <remarks>
/// Signals are bits in the exchanges of the mode: in sync at every step, in ma, bmuf and two-tier at every block.
/// Asynchronous modes, which have no exchange of all workers, do not pass them on. One thread uses the object.
/// </remarks>
public sealed class UpdateSignals
{
    private long _received;

    /// <summary>Gets or sets the bits that this worker sends with each exchange; 0 is nothing.</summary>
    public long Outgoing { get; set; }

    /// <summary>Gets the number of blocks that are in the model of all; 0 before the first, and in modes without blocks.</summary>
    public long Blocks { get; internal set; }

    /// <summary>
    /// Gets or sets the callback before this worker's model goes into a block, with the block's number from 1. A block that is
    /// interrupted begins again.
    /// </summary>
    public Action<long>? BlockStarting { get; set; }

    /// <summary>True when the last exchange brought a signal that is not taken yet.</summary>
    internal bool HasReceived => _received != 0;

    /// <summary>Takes the bits that any worker sent with the last exchange: the same on each worker; 0 the second time.</summary>
    public long TakeReceived()
    {
        var received = _received;
        _received = 0;
        return received;
    }

    /// <summary>True when the last exchange brought one of some bits that is neither taken nor dropped.</summary>
    /// <param name="bits">The bits.</param>
    public bool Has(long bits) => (_received & bits) != 0;

    /// <summary>Drops some of the received bits.</summary>
    /// <param name="bits">The bits.</param>
    public void Forget(long bits) => _received &= ~bits;

    /// <summary>Replaces the received bits by those of another exchange.</summary>
    internal void Receive(long bits) => _received = bits;
}
