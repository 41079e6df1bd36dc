using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives.SharedMemory;

/// <summary>Collectives of workers on one machine, through memory that they share.</summary>
/// <remarks>
/// <para>A vector passes in blocks through slots that stay in the cache. Of each block a member puts into its slot what
/// the others sum, sums its own part over all slots, and takes the other sums from theirs; the three stages of
/// successive blocks overlap. Every element is summed in the order of places 0, 1, 2, ….</para>
/// <para>A member that waits looks for some microseconds, then sleeps until it is woken; every 50 ms it asks the
/// transport whether all the others are still there.</para>
/// </remarks>
public sealed class SharedMemoryCollective : ICollective
{
    private const int Published = 0, Reduced = 1, Gathered = 2;
    private const int Everyone = -1, Nobody = -2;
    private const int LongestText = 4096;

    private readonly GroupChannel _channel;
    private readonly SharedMemoryOptions _options;
    private readonly SharedRegion _region;
    private readonly TimeProvider _time;
    private readonly int _spins;
    private int _sequence;
    private bool _disposed;

    private SharedMemoryCollective(GroupChannel channel, SharedMemoryOptions options, SharedRegion region, TimeProvider time)
    {
        (_channel, _options, _region, _time) = (channel, options, region, time);
        _spins = options.Spins ?? (channel.Size <= Environment.ProcessorCount ? 200 : 0);
    }

    /// <inheritdoc/>
    public WorkerGroup Group => _channel.Group;

    /// <inheritdoc/>
    public int Index => _channel.Index;

    private int Size => _channel.Size;

    private int Part => _options.PartFloats;

    private int SlotFloats => Part * Size;

    /// <summary>Sets the shared memory up; every member of the group calls it.</summary>
    /// <param name="transport">Tells the members where it is, and later who is lost.</param>
    /// <param name="group">Who takes part, all on one machine; null: all workers.</param>
    /// <param name="channel">Which of the conversations that go on at the same time.</param>
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
        return new(talk, options, Region(talk, options), time ?? TimeProvider.System);
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
                AwaitSlot(_sequence);
                block.CopyTo(Slot(root, _sequence));
            }
            else
            {
                Await(root, Published, _sequence + 1);
                Slot(root, _sequence)[..block.Length].CopyTo(block);
            }

            Finish(++_sequence);
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
        _region.Dispose();
    }

    // The first member makes the file and takes its name away when all have opened it.
    private static SharedRegion Region(GroupChannel talk, SharedMemoryOptions options)
    {
        var slotFloats = options.PartFloats * talk.Size;
        if (talk.Index > 0)
        {
            var answer = "";
            SharedRegion? own = null;
            try
            {
                var path = Encoding.UTF8.GetString(talk.ReceiveMessage(0, LongestText));
                own = path.Length > 0 ? SharedRegion.Open(path, talk.Size, options.Slots, slotFloats) : null;
            }
            catch (Exception error) when (error is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
            {
                answer = $"worker {talk.Group.Members[talk.Index]}: {error.Message}";
            }

            talk.Send(0, Encoding.UTF8.GetBytes(answer));
            var verdict = Encoding.UTF8.GetString(talk.ReceiveMessage(0, LongestText));
            if (verdict.Length == 0 && own is not null)
                return own;

            own?.Dispose();
            throw new IOException($"memory cannot be shared: {verdict}");
        }

        var problem = "";
        SharedRegion? region = null;
        var place = "";
        try
        {
            (region, place) = SharedRegion.Create(options.Folder, talk.Size, options.Slots, slotFloats);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"worker {talk.Group.Members[0]}: {error.Message}";
        }

        try
        {
            for (var member = 1; member < talk.Size; member++)
                talk.Send(member, Encoding.UTF8.GetBytes(place));

            for (var member = 1; member < talk.Size; member++)
            {
                var answer = Encoding.UTF8.GetString(talk.ReceiveMessage(member, LongestText));
                problem = problem.Length > 0 ? problem : answer;
            }
        }
        finally
        {
            if (place.Length > 0)
                File.Delete(place);
        }

        for (var member = 1; member < talk.Size; member++)
            talk.Send(member, Encoding.UTF8.GetBytes(problem));

        if (problem.Length == 0 && region is not null)
            return region;

        region?.Dispose();
        throw new IOException($"memory cannot be shared: {problem}");
    }

    // Everyone puts the whole into its slot and sums all slots.
    private void Direct(Span<float> values)
    {
        if (Size == 1)
            return;

        AwaitSlot(_sequence);
        values.CopyTo(Slot(Index, _sequence));
        Set(Published, _sequence + 1);
        for (var member = 0; member < Size; member++)
            Await(member, Published, _sequence + 1);

        if (values.Length > 0)
            TensorPrimitives.Add(Slot(0, _sequence)[..values.Length], Slot(1, _sequence)[..values.Length], values);
        for (var member = 2; member < Size; member++)
            TensorPrimitives.Add(values, Slot(member, _sequence)[..values.Length], values);

        Finish(++_sequence);
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
        AwaitSlot(sequence);
        var slot = Slot(Index, sequence);
        for (var member = 0; member < Size; member++)
        {
            // What is summed is the others' parts; what is only handed round is the own one.
            if (sum != (member == Index))
                Piece(values, member, block).CopyTo(slot[(member * Part)..]);
        }

        Set(Published, sequence + 1);
    }

    private void Reduce(Span<float> values, int block, int sequence, bool sum)
    {
        if (sum)
        {
            for (var member = 0; member < Size; member++)
                Await(member, Published, sequence + 1);

            var own = Piece(values, Index, block);
            var target = Slot(Index, sequence).Slice(Index * Part, own.Length);
            if (Size == 2)
            {
                AddToBoth(Contribution(own, 1 - Index, sequence), own, target);
            }
            else if (own.Length > 0)
            {
                TensorPrimitives.Add(Contribution(own, 0, sequence), Contribution(own, 1, sequence), target);
                for (var member = 2; member < Size; member++)
                    TensorPrimitives.Add(target, Contribution(own, member, sequence), target);

                target.CopyTo(own);
            }
        }

        Set(Reduced, sequence + 1);
    }

    private void Gather(Span<float> values, int block, int sequence, bool wanted)
    {
        for (var member = 0; wanted && member < Size; member++)
        {
            if (member == Index)
                continue;

            Await(member, Reduced, sequence + 1);
            var piece = Piece(values, member, block);
            Slot(member, sequence).Slice(member * Part, piece.Length).CopyTo(piece);
        }

        Set(Gathered, sequence + 1);
    }

    private ReadOnlySpan<float> Contribution(Span<float> own, int member, int sequence) =>
        member == Index ? own : Slot(member, sequence).Slice(Index * Part, own.Length);

    /// <summary>What block <paramref name="block"/> has of a member's part of the vector.</summary>
    private Span<float> Piece(Span<float> values, int member, int block)
    {
        var (begin, end) = Parts.Of(values.Length, Size, member);
        begin += (int)Math.Min((long)block * Part, end - begin);
        return values[begin..Math.Min(end, begin + Part)];
    }

    private Span<float> Slot(int member, int sequence) => _region.Slot(member, (int)((uint)sequence % (uint)_options.Slots));

    private void Set(int counter, int value) => _region.Counter(Index, counter).Set(value);

    private void Finish(int sequence)
    {
        Set(Published, sequence);
        Set(Reduced, sequence);
        Set(Gathered, sequence);
    }

    // A slot is free again when all others are through with the block that was in it.
    private void AwaitSlot(int sequence)
    {
        for (var member = 0; member < Size; member++)
        {
            if (member != Index)
                Await(member, Gathered, sequence - _options.Slots + 1);
        }
    }

    private void Await(int member, int which, int value)
    {
        var counter = _region.Counter(member, which);
        if (member == Index)
            return;

        for (var spin = 0; spin < _spins; spin++)
        {
            if (counter.Reached(value))
                return;

            Thread.SpinWait(8);
        }

        if (counter.Reached(value))
            return;

        var clock = new Deadline(_time, _channel.Transport.Timeout);
        while (!counter.Reached(value))
        {
            counter.Sleep(value);
            try
            {
                _channel.Transport.Check(Group.Members[member], Group);
            }
            catch (PeerLostException) when (counter.Reached(value))
            {
                return;
            }

            if (clock.Left <= TimeSpan.Zero && !counter.Reached(value))
            {
                throw new TimeoutException(
                    $"worker {Group.Members[Index]} waited {_channel.Transport.Timeout.TotalSeconds:0.#} s in shared memory for worker {Group.Members[member]}");
            }
        }
    }

    /// <summary>Adds <paramref name="other"/> to <paramref name="own"/> and writes the sum to a second place on the way.</summary>
    /// <remarks>Optimised at once: a worker may sum few large vectors before the compiler would look at it again.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddToBoth(ReadOnlySpan<float> other, Span<float> own, Span<float> second)
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
