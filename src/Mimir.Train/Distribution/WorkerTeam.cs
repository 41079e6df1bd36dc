using Mimir.Dist;
using Mimir.Dist.Collectives;
using Mimir.Dist.Transports;
using Mimir.Dist.Updates;
using Mimir.Train.Checkpoints;
using Mimir.Train.Training;

namespace Mimir.Train.Distribution;

/// <summary>The workers of a run, as the run sees them: who this one is, and what all of them must agree on.</summary>
/// <remarks>
/// All members call the same methods in the same order. A team of one agrees with itself. Where the update mode bears it
/// (<see cref="GoesOn"/>), the loss of a member forms the team anew, and every method goes on with those that are left.
/// </remarks>
public sealed class WorkerTeam : IDisposable
{
    private const int DecisionChannel = 100;
    private const int TellingChannel = 121;
    private const int MostTold = 1 << 16;

    private readonly ITransport? _transport;
    private readonly TeamFormation? _formation;
    private TeamGather? _gather;
    private ICollective? _update;
    private int _updateChannel;

    private WorkerTeam(ITransport? transport, int localSize, bool joins)
    {
        (_transport, LocalSize, IsRejoining) = (transport, localSize, joins);
        Group = WorkerGroup.All(transport?.WorldSize ?? 1);
        if (transport is not { WorldSize: > 1 })
            return;

        _formation = new(transport, TimeProvider.System);
        _gather = new(transport, Group, DecisionChannel);
    }

    /// <summary>Gets the team of a run with one worker.</summary>
    public static WorkerTeam Alone { get; } = new(null, 1, joins: false);

    /// <summary>Gets this worker, from 0.</summary>
    public int Rank => _transport?.Rank ?? 0;

    /// <summary>Gets who is there.</summary>
    public WorkerGroup Group { get; private set; }

    /// <summary>Gets the number of workers that are there.</summary>
    public int Size => Group.Size;

    /// <summary>Gets this worker's place among them, from 0.</summary>
    public int Index => Group.IndexOf(Rank);

    /// <summary>Gets whether the run was started with one worker.</summary>
    public bool IsAlone => _formation is null;

    /// <summary>Gets the number of workers on this machine.</summary>
    public int LocalSize { get; }

    /// <summary>Gets whether this worker was started in the place of a lost one, and <see cref="Join"/>s the others.</summary>
    public bool IsRejoining { get; }

    /// <summary>Gets whether this worker keeps the run: its log, its checkpoints, its model.</summary>
    public bool IsCoordinator => Rank == 0;

    /// <summary>Gets what joins the workers, or null for one that is alone.</summary>
    internal ITransport? Transport => _transport;

    /// <summary>Gets what is different on a cluster that is not there, or null.</summary>
    internal ITeamEmulation? Emulation { get; private init; }

    /// <summary>Gets or sets whether the others go on when a worker other than the first is lost. The default is false.</summary>
    internal bool GoesOn { get; set; }

    /// <summary>Gets or sets who is told of a new group: what joins it for the update mode, and the group before.</summary>
    internal Action<ICollective, WorkerGroup>? Regrouped { get; set; }

    /// <summary>Gets or sets what newcomers are given; asked on the first worker.</summary>
    internal Func<Checkpoint>? Snapshot { get; set; }

    /// <summary>Gets or sets who takes a line about who was lost and who came.</summary>
    internal Action<string> Log { get; set; } = static _ => { };

    /// <summary>Gets whether somebody waits to be let in; known to the first worker.</summary>
    internal bool HasNewcomers => GoesOn && IsCoordinator && _formation is not null && _formation.HasNewcomers(Group);

    /// <summary>Makes the team of a job.</summary>
    /// <param name="transport">Joins the workers; it belongs to the team from here on.</param>
    /// <param name="localSize">The workers on this machine, which share its cores; 0, the default: all.</param>
    /// <param name="joins">Whether this worker was started in the place of a lost one, while the others go on.</param>
    public static WorkerTeam Of(ITransport transport, int localSize = 0, bool joins = false) =>
        new(transport, localSize > 0 ? localSize : transport.WorldSize, joins);

    /// <summary>A worker of a job that runs in this process for a cluster that is not there.</summary>
    /// <param name="transport">Joins the workers, or null for one; it belongs to the team from here on.</param>
    /// <param name="emulation">What is different then.</param>
    internal static WorkerTeam Emulated(ITransport? transport, ITeamEmulation emulation) =>
        new(transport, transport?.WorldSize ?? 1, joins: false) { Emulation = emulation };

    /// <summary>What the run's update mode runs on; to be asked for once.</summary>
    /// <param name="channel">The first of <see cref="CollectiveFactory.Channels"/> channels, below the mode's own.</param>
    /// <exception cref="InvalidOperationException">The team is of one.</exception>
    public UpdateContext Context(int channel)
    {
        var transport = _transport ?? throw new InvalidOperationException("A team of one has nobody to join.");
        _updateChannel = channel;

        // Who joins has no group before the others let it in.
        _update = IsRejoining
            ? new RingCollective(transport, new WorkerGroup([Rank], 1), channel)
            : CollectiveFactory.Create(transport, Group, channel, Emulation?.Machine);
        return new(_update) { Transport = transport, Machine = Emulation?.Machine };
    }

    /// <summary>The sum of what each worker has added up; the order of the additions is that of the ranks.</summary>
    /// <param name="own">What this worker has.</param>
    public EpochTotals Sum(EpochTotals own) => Sum(own, Group.Generation, out _);

    /// <summary>The sum of what each worker has added up over its share.</summary>
    /// <param name="own">What this worker has.</param>
    /// <param name="began">The group's generation when the shares were dealt.</param>
    /// <param name="isWhole">Whether the sum is that of all shares; false when one was lost with its worker.</param>
    public EpochTotals Sum(EpochTotals own, int began, out bool isWhole)
    {
        var all = Gather(own.Loss, own.Correct, own.Frames, own.Rows, began, Group.Generation);
        var sum = default(EpochTotals);
        isWhole = true;
        foreach (var one in all.Chunk(6))
        {
            sum = new(sum.Loss + one[0], sum.Correct + one[1], sum.Frames + one[2]) { Rows = sum.Rows + (long)one[3] };
            isWhole &= one[4] == one[5];
        }

        return sum;
    }

    /// <summary>Waits until all have come here before a run begins; who joins one that goes on does not wait.</summary>
    public void Meet()
    {
        if (!IsRejoining)
            Bits(0);
    }

    /// <summary>Whether any worker wishes something.</summary>
    public bool Any(bool wish) => Bits(wish ? 1 : 0) != 0;

    /// <summary>The bits that any worker has set.</summary>
    /// <param name="own">This worker's, below 2^31.</param>
    public long Bits(long own) => Gather(own).Aggregate(0L, (bits, one) => bits | (long)one);

    /// <summary>Gives every worker the checkpoint of the first, or none.</summary>
    /// <param name="own">What the first worker has found; the others' counts for nothing.</param>
    public Checkpoint? Share(Checkpoint? own)
    {
        if (_transport is null || Size == 1 || IsRejoining)
            return IsRejoining ? null : own;

        if (!IsCoordinator)
            return CheckpointMessage.Receive(_transport);

        for (var peer = 1; peer < Size; peer++)
            CheckpointMessage.Send(_transport, peer, own);
        return own;
    }

    /// <summary>Sends something from the first worker to all others, who find it with <see cref="TakeTold"/>.</summary>
    internal void Tell(ReadOnlySpan<byte> message)
    {
        foreach (var rank in Group.Members.Where(rank => rank != Rank))
        {
            try
            {
                _transport?.Send(rank, new(TellingChannel), message);
            }
            catch (PeerLostException)
            {
                // The next exchange finds it out.
            }
        }
    }

    /// <summary>Takes the oldest of what the first worker has told.</summary>
    /// <param name="wait">Whether to wait for it; else it is null when nothing has come yet.</param>
    internal byte[]? TakeTold(bool wait)
    {
        if (_transport is null || IsCoordinator)
            return null;
        if (wait)
            return _transport.ReceiveMessage(0, new(TellingChannel), MostTold);

        using var message = _transport.TakeAny(new(TellingChannel), TimeSpan.Zero);
        return message?.Bytes.ToArray();
    }

    /// <summary>Whether the others can go on after a loss.</summary>
    internal bool Bears(PeerLostException loss) => GoesOn && loss.Peer != 0 && _transport?.LossOf(0) is null;

    /// <summary>Takes part in a run that goes on, in the place of a lost worker.</summary>
    /// <returns>Where it stands; of the vectors only the best network.</returns>
    internal Checkpoint Join()
    {
        var (transport, formation) = Joined();
        var group = formation.Join();
        var checkpoint = CheckpointMessage.Receive(transport) ?? throw new InvalidDataException("worker 0 sent no state of the run");
        Form(group, group, transport);
        return checkpoint;
    }

    /// <summary>Forms the team anew: after a loss, or with newcomers.</summary>
    /// <exception cref="PeerLostException">The first worker is lost.</exception>
    internal void Reform()
    {
        var (transport, formation) = Joined();
        var before = Group;
        while (true)
        {
            var lost = Group.Members.Where(rank => transport.LossOf(rank) is not null).ToList();
            try
            {
                var group = formation.Agree(Group, out var newcomers);
                lost.AddRange(Group.Members.Where(rank => group.IndexOf(rank) < 0).Except(lost));
                Tell(transport, group, lost);
                if (newcomers.Count > 0 && Snapshot?.Invoke() is { } snapshot)
                {
                    foreach (var rank in newcomers)
                        CheckpointMessage.Send(transport, rank, snapshot);
                }

                Form(group, before, transport);
                return;
            }
            catch (PeerLostException loss) when (Bears(loss))
            {
                // One more is lost meanwhile.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _update?.Dispose();
        _transport?.Dispose();
    }

    private (ITransport Transport, TeamFormation Formation) Joined() => _transport is not null && _formation is not null
        ? (_transport, _formation)
        : throw new InvalidOperationException("A team of one is always the same.");

    private void Form(WorkerGroup group, WorkerGroup before, ITransport transport)
    {
        _update?.Dispose();
        Group = group;
        transport.DiscardBefore(group.Generation);
        _gather = new(transport, group, DecisionChannel);
        _update = CollectiveFactory.Create(transport, group, _updateChannel);
        Regrouped?.Invoke(_update, before);
        _gather.Gather([]);
    }

    private void Tell(ITransport transport, WorkerGroup group, List<int> lost)
    {
        var members = string.Join(", ", group.Members);
        foreach (var rank in lost)
            Log($"worker {rank} is lost: {transport.LossOf(rank) ?? "the others have lost it"}; worker {members} go on from the last block");
        foreach (var rank in group.Members.Where(rank => Group.IndexOf(rank) < 0))
            Log($"worker {rank} takes part from now on, beside worker {string.Join(", ", Group.Members)}");
    }

    private double[] Gather(params ReadOnlySpan<double> own)
    {
        double[] mine = [.. own];
        while (_gather is not null)
        {
            try
            {
                return _gather.Gather(mine);
            }
            catch (PeerLostException loss) when (Bears(loss))
            {
                Reform();
            }
        }

        return mine;
    }
}
