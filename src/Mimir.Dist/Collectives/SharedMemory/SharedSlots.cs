using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives.SharedMemory;

/// <summary>The slots through which blocks pass, and how far each member is with them.</summary>
/// <param name="channel">The group.</param>
/// <param name="options">How many slots there are.</param>
/// <param name="region">Where they are.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class SharedSlots(GroupChannel channel, SharedMemoryOptions options, SharedRegion region, TimeProvider time) : IDisposable
{
    /// <summary>The counters of a member: blocks that the others may read, that it has summed, that it is through with.</summary>
    public const int Published = 0, Reduced = 1, Gathered = 2;

    private readonly int _spins = options.Spins ?? (channel.Size <= Environment.ProcessorCount ? 200 : 0);

    /// <summary>The slot of a member for a block.</summary>
    public Span<float> Slot(int member, int sequence) => region.Slot(member, (int)((uint)sequence % (uint)options.Slots));

    /// <summary>Tells the others how far this member is.</summary>
    public void Set(int counter, int value) => region.Counter(channel.Index, counter).Set(value);

    /// <summary>Tells the others that this member is through with all blocks before one.</summary>
    public void Finish(int sequence)
    {
        Set(Published, sequence);
        Set(Reduced, sequence);
        Set(Gathered, sequence);
    }

    /// <summary>Waits for the own slot: it is free when all others are through with the block that was in it.</summary>
    public void AwaitSlot(int sequence)
    {
        for (var member = 0; member < channel.Size; member++)
        {
            if (member != channel.Index)
                Await(member, Gathered, sequence - options.Slots + 1);
        }
    }

    /// <summary>Waits until another member is so far.</summary>
    /// <exception cref="PeerLostException">A member is lost.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public void Await(int member, int which, int value)
    {
        var counter = region.Counter(member, which);
        if (member == channel.Index)
            return;

        for (var spin = 0; spin < _spins; spin++)
        {
            if (counter.Reached(value))
                return;

            Thread.SpinWait(8);
        }

        if (counter.Reached(value))
            return;

        var clock = new Deadline(time, channel.Transport.Timeout);
        while (!counter.Reached(value))
        {
            counter.Sleep(value);
            try
            {
                channel.Transport.Check(channel.Group.Members[member], channel.Group);
            }
            catch (PeerLostException) when (counter.Reached(value))
            {
                return;
            }

            if (clock.Left <= TimeSpan.Zero && !counter.Reached(value))
            {
                throw new TimeoutException(
                    $"worker {channel.Group.Members[channel.Index]} waited {channel.Transport.Timeout.TotalSeconds:0.#} s in shared memory for worker {channel.Group.Members[member]}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => region.Dispose();
}
