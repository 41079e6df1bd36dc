using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>
/// Collectives in two levels: the workers of a machine sum through shared memory, the first of each machine sum in a
/// ring across machines, and broadcast the result on their machine. So the network carries each machine's data once.
/// </summary>
/// <remarks>
/// A vector goes in pieces, so that a piece from the network is still in the cache when it is broadcast. Scattering
/// and gathering of parts go around one ring of all members.
/// </remarks>
public sealed class TwoLevelCollective : ICollective
{
    /// <summary>The number of channels that the levels use, from the given one on.</summary>
    public const int Channels = 3;

    private readonly RingCollective _flat;
    private readonly SharedMemoryCollective _home;
    private readonly RingCollective? _across;
    private readonly IReadOnlyList<IReadOnlyList<int>> _machines;
    private readonly int _piece;

    /// <summary>Sets both levels up; every member calls it.</summary>
    /// <param name="transport">Joins the workers.</param>
    /// <param name="group">The members.</param>
    /// <param name="machines">The machines of the members.</param>
    /// <param name="channel">The first of <see cref="Channels"/> channels.</param>
    /// <param name="memory">Sizes of the shared memory.</param>
    /// <param name="piece">The elements that cross the network at a time.</param>
    /// <exception cref="IOException">The memory of a machine cannot be shared.</exception>
    public TwoLevelCollective(
        ITransport transport,
        WorkerGroup group,
        MachineMap machines,
        int channel = 0,
        SharedMemoryOptions? memory = null,
        int piece = 1 << 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(piece, 1);
        _machines = machines.Machines;
        _piece = piece;
        _flat = new(transport, group, channel);
        var own = _machines.First(ranks => ranks.Contains(transport.Rank));
        _home = SharedMemoryCollective.Create(transport, new(own, group.Generation), channel + 1, memory);
        if (own[0] == transport.Rank)
            _across = new(transport, new([.. _machines.Select(ranks => ranks[0])], group.Generation), channel + 2);
    }

    /// <inheritdoc/>
    public WorkerGroup Group => _flat.Group;

    /// <inheritdoc/>
    public int Index => _flat.Index;

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values)
    {
        for (var begin = 0; begin < values.Length; begin += _piece)
        {
            var piece = values.Slice(begin, Math.Min(_piece, values.Length - begin));
            _home.ReduceSum(piece, root: 0);
            _across?.AllReduceSum(piece);
            _home.Broadcast(piece, root: 0);
        }
    }

    /// <inheritdoc/>
    public void ReduceScatterSum(Span<float> values) => _flat.ReduceScatterSum(values);

    /// <inheritdoc/>
    public void AllGather(Span<float> values) => _flat.AllGather(values);

    /// <inheritdoc/>
    public void ReduceSum(Span<float> values, int root)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)root, (uint)Group.Size, nameof(root));
        var (machine, place) = Find(root);
        _home.ReduceSum(values, root: 0);
        _across?.ReduceSum(values, machine);
        if (place != 0 && _home.Group.IndexOf(Group.Members[root]) == place)
            _home.Broadcast(values, root: 0);
    }

    /// <inheritdoc/>
    public void Broadcast(Span<float> values, int root)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)root, (uint)Group.Size, nameof(root));
        var (machine, place) = Find(root);
        var atHome = _home.Group.IndexOf(Group.Members[root]) >= 0;
        if (atHome)
            _home.Broadcast(values, place);

        _across?.Broadcast(values, machine);
        if (!atHome)
            _home.Broadcast(values, root: 0);
    }

    /// <inheritdoc/>
    public void Barrier() => _flat.Barrier();

    /// <inheritdoc/>
    public void Dispose()
    {
        _home.Dispose();
        _across?.Dispose();
        _flat.Dispose();
    }

    /// <summary>The machine of a member and its place there.</summary>
    private (int Machine, int Place) Find(int index)
    {
        var rank = Group.Members[index];
        for (var machine = 0; machine < _machines.Count; machine++)
        {
            for (var place = 0; place < _machines[machine].Count; place++)
            {
                if (_machines[machine][place] == rank)
                    return (machine, place);
            }
        }

        throw new ArgumentException($"worker {rank} is on no machine", nameof(index));
    }
}
