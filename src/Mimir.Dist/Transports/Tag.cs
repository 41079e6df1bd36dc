namespace Mimir.Dist.Transports;

/// <summary>The tag of a message: a channel, and the formation of the group that uses it.</summary>
/// <remarks>20 bits in all, which every MPI carries; generations 4096 apart are alike.</remarks>
public readonly record struct Tag
{
    internal const int Bits = 20;
    private const int ChannelBits = 8;
    private const int Generations = 1 << (Bits - ChannelBits);

    /// <summary>Makes a tag.</summary>
    /// <param name="channel">The channel, 0 to 254; 255 is the transports' own.</param>
    /// <param name="generation">The formation of the group; 0 for messages of no group.</param>
    public Tag(int channel, int generation = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)channel, (uint)byte.MaxValue, nameof(channel));
        ArgumentOutOfRangeException.ThrowIfNegative(generation);

        // Generation 0 stays for messages of no group.
        var folded = generation == 0 ? 0 : 1 + ((generation - 1) % (Generations - 1));
        Value = (folded << ChannelBits) | channel;
    }

    private Tag(int value, bool packed)
    {
        _ = packed;
        Value = value;
    }

    /// <summary>Gets the tag as one number below 2^20.</summary>
    public int Value { get; }

    internal static Tag Control { get; } = new(byte.MaxValue);

    private int Generation => Value >> ChannelBits;

    /// <summary>The tag of a formation's messages on one channel.</summary>
    /// <param name="group">The formation.</param>
    /// <param name="channel">The channel, 0 to 254.</param>
    public static Tag Of(WorkerGroup group, int channel) => new(channel, group.Generation);

    internal static Tag FromValue(int value) => new(value, packed: true);

    /// <summary>True when this is of a group formed before a generation.</summary>
    internal bool IsBefore(int generation)
    {
        if (Generation == 0)
            return false;

        var behind = new Tag(0, generation).Generation - Generation;
        return (behind + Generations - 1) % (Generations - 1) is > 0 and < Generations / 2;
    }
}
