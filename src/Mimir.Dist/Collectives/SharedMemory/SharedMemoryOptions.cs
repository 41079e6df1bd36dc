namespace Mimir.Dist.Collectives.SharedMemory;

/// <summary>How workers of one machine share memory.</summary>
public sealed record SharedMemoryOptions
{
    /// <summary>Gets the folder, which lies in memory, for the file that is shared while it is set up.</summary>
    public string Folder { get; init; } = "/dev/shm";

    /// <summary>Gets the elements of each member's part of a slot; small enough that all slots stay in the processor's cache.</summary>
    public int PartFloats { get; init; } = 1 << 15;

    /// <summary>Gets the slots of each member: how many blocks are under way at once, at least 2.</summary>
    public int Slots { get; init; } = 4;

    /// <summary>Gets the longest vector, in elements, that every member sums whole, which needs one meeting only.</summary>
    public int DirectFloats { get; init; } = 1 << 13;

    /// <summary>Gets how often a wait looks, some tenths of a microsecond apart, before it sleeps; null: by the number of processors.</summary>
    public int? Spins { get; init; }
}
