using Mimir.Dist.Launch;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>Collectives of workers on one machine, through memory that they share.</summary>
/// <remarks>
/// <para>A vector passes in blocks through slots that stay in the cache. Of each block a member puts the others' parts into its
/// slot, sums its own part over all slots, and takes the other sums from theirs. A turn does all three, of successive blocks,
/// and publishes its number. Every element is summed in the order of places 0, 1, 2, ….</para>
/// <para>What a turn reads was published <see cref="Lag"/> turns before, so members wait for each other only when one is
/// that much ahead. Nobody reads a slot more than twice that many turns after it was filled.</para>
/// <para>A member that waits spins for some microseconds, then sleeps until it is woken; every 50 ms it checks with the transport
/// that all the others are alive.</para>
/// </remarks>
public sealed class SharedMemoryCollective : ICollective
{
    /// <summary>The turns between the stages of a block.</summary>
    internal const int Lag = 1;

    private const int Everyone = -1, Nobody = -2;
    private const int ShortestTrial = 1 << 16;

    private readonly GroupChannel _channel;
    private readonly SharedMemoryOptions _options;
    private readonly SharedSlots _slots;
    private readonly float[] _scratch;
    private readonly StoreTrials _trials;
    private readonly TimeProvider _time;
    private bool _around;
    private int _turn;
    private bool _disposed;

    private SharedMemoryCollective(GroupChannel channel, SharedMemoryOptions options, SharedSlots slots, TimeProvider time)
    {
        (_channel, _options, _slots, _time) = (channel, options, slots, time);
        _scratch = new float[options.PartFloats];
        _trials = new(leads: channel.Index == 0);
    }

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
    /// <param name="options">Sizes, the same on every worker; null: those that fit the number of members.</param>
    /// <param name="time">The clock of the waits; null: the system's.</param>
    /// <exception cref="IOException">The memory cannot be had by all members; every one of them throws.</exception>
    public static SharedMemoryCollective Create(
        ITransport transport, WorkerGroup? group = null, int channel = 0, SharedMemoryOptions? options = null, TimeProvider? time = null)
    {
        var talk = new GroupChannel(transport, group ?? WorkerGroup.All(transport.WorldSize), channel);

        // More slots let two members run ahead; of four members they no longer fit into the cache.
        options ??= new() { Slots = talk.Size == 2 ? 8 : 4 };
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 3 * Lag, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PartFloats, 1, nameof(options));
        time ??= TimeProvider.System;
        return new(talk, options, new(talk, options, RegionAgreement.Reach(talk, options), time), time);
    }

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values)
    {
        if (values.Length <= Math.Min(_options.DirectFloats, SlotFloats))
        {
            Direct(values);
            return;
        }

        if (values.Length < ShortestTrial)
        {
            Pipeline(values, sum: true, receiver: Everyone);
            return;
        }

        _around = _trials.Begin(values.Length, _slots.Decisions);
        var start = _time.GetTimestamp();
        Pipeline(values, sum: true, receiver: Everyone);
        _trials.End(values.Length, _around, _time.GetElapsedTime(start));
        _around = false;
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
                _slots.AwaitSlot(_turn);
                Vectors.Copy(block, _slots.Slot(root, _turn));
            }
            else
            {
                _slots.Await(root, _turn + 1);
                Vectors.Copy(_slots.Slot(root, _turn)[..block.Length], block);
            }

            _slots.Publish(++_turn);
        }

        _slots.Wake();
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

        ObjectDisposedException.ThrowIf(_disposed, this);
        var turn = _turn++;
        _slots.AwaitSlot(turn);
        Vectors.Copy(values, _slots.Slot(Index, turn));
        _slots.Publish(turn + 1);
        _slots.Wake();
        _slots.AwaitAll(turn + 1);
        if (Size == 2)
        {
            Vectors.Add(_slots.Slot(1 - Index, turn), values);
            return;
        }

        Vectors.Sum(_slots.Slot(0, turn), _slots.Slot(1, turn), values);
        for (var member = 2; member < Size; member++)
            Vectors.Add(_slots.Slot(member, turn), values);
    }

    private void Pipeline(Span<float> values, bool sum, int receiver)
    {
        if (Size == 1)
            return;

        ObjectDisposedException.ThrowIf(_disposed, this);
        var longest = (values.Length + Size - 1) / Size;
        var blocks = (longest + Part - 1) / Part;
        var gathers = receiver == Everyone || receiver == Index;
        for (var block = 0; block < blocks + (2 * Lag); block++, _turn++)
        {
            if (block < blocks)
                Contribute(values, block, _turn, sum);
            if (block >= Lag)
                _slots.AwaitAll(_turn + 1 - Lag);
            if (sum && block >= Lag && block < blocks + Lag)
                Reduce(Piece(values, Index, block - Lag), _turn - Lag);
            if (gathers && block >= 2 * Lag)
                Gather(values, block - (2 * Lag), _turn - (2 * Lag));

            if (_around)
                Interlocked.MemoryBarrier();
            _slots.Publish(_turn + 1);
        }

        _slots.Wake();
    }

    private void Contribute(Span<float> values, int block, int turn, bool sum)
    {
        _slots.AwaitSlot(turn);
        var slot = _slots.Slot(Index, turn);
        for (var member = 0; member < Size; member++)
        {
            // What is summed is the others' parts; what is only handed round is the own one.
            if (sum != (member == Index))
                Vectors.Copy(Piece(values, member, block), slot[(member * Part)..], _around);
        }
    }

    private void Reduce(Span<float> own, int turn)
    {
        var target = _slots.Slot(Index, turn).Slice(Index * Part, own.Length);
        if (Size == 2)
        {
            Vectors.SumToBoth(own, Contribution(own, 1 - Index, turn), own, target, _around);
            return;
        }

        var sum = _scratch.AsSpan(0, own.Length);
        Vectors.Sum(Contribution(own, 0, turn), Contribution(own, 1, turn), sum);
        for (var member = 2; member < Size - 1; member++)
            Vectors.Add(Contribution(own, member, turn), sum);

        Vectors.SumToBoth(sum, Contribution(own, Size - 1, turn), own, target, _around);
    }

    private void Gather(Span<float> values, int block, int turn)
    {
        for (var member = 0; member < Size; member++)
        {
            var piece = Piece(values, member, block);
            if (member != Index)
                Vectors.Copy(_slots.Slot(member, turn).Slice(member * Part, piece.Length), piece);
        }
    }

    private ReadOnlySpan<float> Contribution(Span<float> own, int member, int turn) =>
        member == Index ? own : _slots.Slot(member, turn).Slice(Index * Part, own.Length);

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

    /// <summary>Gets the job, a part of that file's name.</summary>
    public string Job { get; init; } = new([.. (Environment.GetEnvironmentVariable(JobEnvironment.JobIdVariable) ?? "job")
        .Where(char.IsAsciiLetterOrDigit).Take(32)]);

    /// <summary>Gets the elements of each member's part of a slot; small enough that all slots stay in the processor's cache.</summary>
    public int PartFloats { get; init; } = 1 << 15;

    /// <summary>Gets the slots of each member, that is the blocks under way at once; at least 3.</summary>
    public int Slots { get; init; } = 4;

    /// <summary>Gets the longest vector, in elements, that every member sums whole, which needs one exchange only.</summary>
    public int DirectFloats { get; init; } = 1 << 14;

    /// <summary>
    /// Gets the number of spins of a wait, some tenths of a microsecond each, before it sleeps; null: by the number of processors.
    /// </summary>
    public int? Spins { get; init; }
}
