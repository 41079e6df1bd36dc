using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>Collectives of workers on one machine, through memory that they share.</summary>
/// <remarks>
/// <para>A vector passes in blocks through slots that stay in the cache. Of each block a member puts the others' parts into its
/// slot, sums its own part over all slots, and takes the other sums from theirs; the three stages of
/// successive blocks overlap. Every element is summed in the order of places 0, 1, 2, ….</para>
/// <para>A member that waits spins for some microseconds, then sleeps until it is woken; every 50 ms it checks with the transport
/// that all the others are alive.</para>
/// </remarks>
public sealed class SharedMemoryCollective : ICollective
{
    private const int Everyone = -1, Nobody = -2;

    private readonly GroupChannel _channel;
    private readonly SharedMemoryOptions _options;
    private readonly SharedSlots _slots;
    private int _sequence;
    private bool _disposed;

    private SharedMemoryCollective(GroupChannel channel, SharedMemoryOptions options, SharedSlots slots) =>
        (_channel, _options, _slots) = (channel, options, slots);

    /// <inheritdoc/>
    public WorkerGroup Group => _channel.Group;

    /// <inheritdoc/>
    public int Index => _channel.Index;

    private int Size => _channel.Size;

    private int Part => _options.PartFloats;

    private int SlotFloats => Part * Size;

    /// <summary>Sets the shared memory up; every member of the group calls it.</summary>
    /// <param name="transport">Carries the name of the memory, and finds lost members.</param>
    /// <param name="group">The members, all on one machine; null: all workers.</param>
    /// <param name="channel">The channel of the transport; nobody else uses it at the same time.</param>
    /// <param name="options">Sizes; the same on every worker.</param>
    /// <param name="time">The clock of the waits; null: the system's.</param>
    /// <exception cref="IOException">The memory cannot be had by all members; every one of them throws.</exception>
    public static SharedMemoryCollective Create(
        ITransport transport, WorkerGroup? group = null, int channel = 0, SharedMemoryOptions? options = null, TimeProvider? time = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 2, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PartFloats, 1, nameof(options));
        var talk = new GroupChannel(transport, group ?? WorkerGroup.All(transport.WorldSize), channel);
        return new(talk, options, new(talk, options, RegionAgreement.Reach(talk, options), time ?? TimeProvider.System));
    }

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values)
    {
        if (values.Length <= Math.Min(_options.DirectFloats, SlotFloats))
            Direct(values);
        else
            Pipeline(values, sum: true, receiver: Everyone);
    }

    /// <inheritdoc/>
    public void ReduceScatterSum(Span<float> values) => Pipeline(values, sum: true, receiver: Nobody);

    /// <inheritdoc/>
    public void AllGather(Span<float> values) => Pipeline(values, sum: false, receiver: Everyone);

    /// <inheritdoc/>
    public void ReduceSum(Span<float> values, int root)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)root, (uint)Size, nameof(root));
        Pipeline(values, sum: true, receiver: root);
    }

    /// <inheritdoc/>
    public void Broadcast(Span<float> values, int root)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)root, (uint)Size, nameof(root));
        for (var begin = 0; Size > 1 && begin < values.Length; begin += SlotFloats)
        {
            var block = values.Slice(begin, Math.Min(SlotFloats, values.Length - begin));
            if (Index == root)
            {
                _slots.AwaitSlot(_sequence);
                block.CopyTo(_slots.Slot(root, _sequence));
            }
            else
            {
                _slots.Await(root, SharedSlots.Published, _sequence + 1);
                _slots.Slot(root, _sequence)[..block.Length].CopyTo(block);
            }

            _slots.Finish(++_sequence);
        }
    }

    /// <inheritdoc/>
    public void Barrier() => Direct([]);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        _slots.Dispose();
    }

    // Everyone puts the whole into its slot and sums all slots.
    private void Direct(Span<float> values)
    {
        if (Size == 1)
            return;

        _slots.AwaitSlot(_sequence);
        values.CopyTo(_slots.Slot(Index, _sequence));
        _slots.Set(SharedSlots.Published, _sequence + 1);
        for (var member = 0; member < Size; member++)
            _slots.Await(member, SharedSlots.Published, _sequence + 1);

        if (values.Length > 0)
            TensorPrimitives.Add(_slots.Slot(0, _sequence)[..values.Length], _slots.Slot(1, _sequence)[..values.Length], values);
        for (var member = 2; member < Size; member++)
            TensorPrimitives.Add(values, _slots.Slot(member, _sequence)[..values.Length], values);

        _slots.Finish(++_sequence);
    }

    private void Pipeline(Span<float> values, bool sum, int receiver)
    {
        if (Size == 1)
            return;

        ObjectDisposedException.ThrowIf(_disposed, this);
        var longest = (values.Length + Size - 1) / Size;
        var blocks = (longest + Part - 1) / Part;
        var first = _sequence;
        for (var turn = 0; turn < blocks + 2; turn++)
        {
            if (turn < blocks)
                Contribute(values, turn, first + turn, sum);
            if (turn >= 1 && turn <= blocks)
                Reduce(values, turn - 1, first + turn - 1, sum);
            if (turn >= 2)
                Gather(values, turn - 2, first + turn - 2, receiver == Everyone || receiver == Index);
        }

        _sequence = first + blocks;
    }

    private void Contribute(Span<float> values, int block, int sequence, bool sum)
    {
        _slots.AwaitSlot(sequence);
        var slot = _slots.Slot(Index, sequence);
        for (var member = 0; member < Size; member++)
        {
            // What is summed is the others' parts; what is only handed round is the own one.
            if (sum != (member == Index))
                Piece(values, member, block).CopyTo(slot[(member * Part)..]);
        }

        _slots.Set(SharedSlots.Published, sequence + 1);
    }

    private void Reduce(Span<float> values, int block, int sequence, bool sum)
    {
        if (sum)
        {
            for (var member = 0; member < Size; member++)
                _slots.Await(member, SharedSlots.Published, sequence + 1);

            var own = Piece(values, Index, block);
            var target = _slots.Slot(Index, sequence).Slice(Index * Part, own.Length);
            if (Size == 2)
            {
                PairSum.AddToBoth(Contribution(own, 1 - Index, sequence), own, target);
            }
            else if (own.Length > 0)
            {
                TensorPrimitives.Add(Contribution(own, 0, sequence), Contribution(own, 1, sequence), target);
                for (var member = 2; member < Size; member++)
                    TensorPrimitives.Add(target, Contribution(own, member, sequence), target);

                target.CopyTo(own);
            }
        }

        _slots.Set(SharedSlots.Reduced, sequence + 1);
    }

    private void Gather(Span<float> values, int block, int sequence, bool wanted)
    {
        for (var member = 0; wanted && member < Size; member++)
        {
            if (member == Index)
                continue;

            _slots.Await(member, SharedSlots.Reduced, sequence + 1);
            var piece = Piece(values, member, block);
            _slots.Slot(member, sequence).Slice(member * Part, piece.Length).CopyTo(piece);
        }

        _slots.Set(SharedSlots.Gathered, sequence + 1);
    }

    private ReadOnlySpan<float> Contribution(Span<float> own, int member, int sequence) =>
        member == Index ? own : _slots.Slot(member, sequence).Slice(Index * Part, own.Length);

    /// <summary>The elements of a member's part of the vector in block <paramref name="block"/>.</summary>
    private Span<float> Piece(Span<float> values, int member, int block)
    {
        var (begin, end) = Parts.Of(values.Length, Size, member);
        begin += (int)Math.Min((long)block * Part, end - begin);
        return values[begin..Math.Min(end, begin + Part)];
    }
}

/// <summary>Options of collectives through shared memory.</summary>
public sealed record SharedMemoryOptions
{
    /// <summary>Gets the folder, which lies in memory, for the file that is shared while it is set up.</summary>
    public string Folder { get; init; } = "/dev/shm";

    /// <summary>Gets the elements of each member's part of a slot; small enough that all slots stay in the processor's cache.</summary>
    public int PartFloats { get; init; } = 1 << 15;

    /// <summary>Gets the slots of each member, that is the blocks under way at once; at least 2.</summary>
    public int Slots { get; init; } = 4;

    /// <summary>Gets the longest vector, in elements, that every member sums whole, which needs one exchange only.</summary>
    public int DirectFloats { get; init; } = 1 << 13;

    /// <summary>
    /// Gets the number of spins of a wait, some tenths of a microsecond each, before it sleeps; null: by the number of processors.
    /// </summary>
    public int? Spins { get; init; }
}

/// <summary>The sum of two members' parts.</summary>
internal static class PairSum
{
    /// <summary>Adds <paramref name="other"/> to <paramref name="own"/> and writes the sum to a second place on the way.</summary>
    /// <remarks>Optimised at once: a worker may sum few large vectors before the compiler would look at it again.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddToBoth(ReadOnlySpan<float> other, Span<float> own, Span<float> second)
    {
        ref var x = ref MemoryMarshal.GetReference(other);
        ref var y = ref MemoryMarshal.GetReference(own);
        ref var z = ref MemoryMarshal.GetReference(second);
        nuint i = 0;
        for (; (int)i <= own.Length - Vector<float>.Count; i += (nuint)Vector<float>.Count)
        {
            var sum = Vector.LoadUnsafe(ref x, i) + Vector.LoadUnsafe(ref y, i);
            sum.StoreUnsafe(ref y, i);
            sum.StoreUnsafe(ref z, i);
        }

        for (; (int)i < own.Length; i++)
            second[(int)i] = own[(int)i] += other[(int)i];
    }
}
