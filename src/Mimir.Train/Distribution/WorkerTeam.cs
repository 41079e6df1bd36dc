using Mimir.Base;
using Mimir.Dist;
using Mimir.Dist.Collectives;
using Mimir.Dist.Transports;
using Mimir.Dist.Updates;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;

namespace Mimir.Train.Distribution;

/// <summary>The membership of a run: which worker this is, which others there are, and the messages between them.</summary>
/// <remarks>
/// All members call the same methods in the same order. A method throws <see cref="PeerLostException"/> when a member is lost;
/// the caller then forms the next group with <see cref="Agree"/> and <see cref="Form"/>, or ends.
/// </remarks>
public sealed class WorkerTeam : IDisposable
{
    private const int GatherChannel = 100;
    private const int DecisionChannel = 121;
    private const int MostDecisionBytes = 1 << 16;
    private static readonly TimeSpan DismissInterval = TimeSpan.FromMilliseconds(200);

    private readonly ITransport? _transport;
    private readonly TeamFormation? _formation;
    private readonly string? _machine;
    private readonly CancellationTokenSource _leaving = new();
    private WorkerFingerprint _fingerprint = WorkerFingerprint.Empty;
    private Thread? _doorkeeper;
    private TeamGather? _gather;
    private ICollective? _collective;
    private int _collectiveChannel;

    private WorkerTeam(ITransport? transport, int localSize, bool isRejoining, string? machine)
    {
        (_transport, LocalSize, IsRejoining, _machine) = (transport, localSize, isRejoining, machine);
        Group = WorkerGroup.All(transport?.WorldSize ?? 1);
        if (transport is not { WorldSize: > 1 })
            return;

        _formation = new(transport, TimeProvider.System, () => _fingerprint);
        _gather = new(transport, Group, GatherChannel);
    }

    /// <summary>Gets the team of a run with one worker.</summary>
    public static WorkerTeam Alone { get; } = new(null, 1, isRejoining: false, machine: null);

    /// <summary>Gets this worker, from 0.</summary>
    public int Rank => _transport?.Rank ?? 0;

    /// <summary>Gets the members.</summary>
    public WorkerGroup Group { get; private set; }

    /// <summary>Gets the number of members.</summary>
    public int Size => Group.Size;

    /// <summary>Gets this worker's place among the members, from 0.</summary>
    public int Index => Group.IndexOf(Rank);

    /// <summary>True when the run was started with one worker.</summary>
    public bool IsAlone => _formation is null;

    /// <summary>Gets the number of workers on this machine.</summary>
    public int LocalSize { get; }

    /// <summary>True when this worker was started in the place of a lost one, while the others continue.</summary>
    public bool IsRejoining { get; }

    /// <summary>True when this worker writes the run: its log, its checkpoints, its model.</summary>
    public bool IsCoordinator => Rank == 0;

    /// <summary>Gets the transport that joins the workers.</summary>
    /// <exception cref="InvalidOperationException">The team is of one.</exception>
    internal ITransport Transport => _transport ?? throw new InvalidOperationException("A team of one has no transport.");

    /// <summary>True when worker 0 has been lost.</summary>
    internal bool HasLostCoordinator => _transport?.LossOf(0) is not null;

    /// <summary>True when a worker waits to join; known to the coordinator.</summary>
    internal bool HasNewcomers => IsCoordinator && _formation is not null && _formation.HasNewcomers(Group);

    private TeamFormation Formation => _formation ?? throw new InvalidOperationException("A team of one is always the same.");

    /// <summary>Makes the team of a job.</summary>
    /// <param name="transport">Joins the workers; the team disposes of it.</param>
    /// <param name="localSize">The workers on this machine, which share its cores; 0 for all.</param>
    /// <param name="isRejoining">True when this worker was started in the place of a lost one, while the others continue.</param>
    /// <param name="machine">The name of this worker's machine; null for the system's.</param>
    public static WorkerTeam Of(ITransport transport, int localSize = 0, bool isRejoining = false, string? machine = null) =>
        new(transport, localSize > 0 ? localSize : transport.WorldSize, isRejoining, machine);

    /// <summary>Waits for all workers; a rejoining worker does not wait.</summary>
    public void Barrier()
    {
        if (!IsRejoining)
            Gather(0);
    }

    /// <summary>
    /// Does what comes before a run on the coordinator alone, while the others wait for it however long it takes; a rejoining worker
    /// does not wait.
    /// </summary>
    /// <param name="work">The work; the coordinator's is done.</param>
    /// <param name="sign">The interval at which the coordinator tells that it is still at work, within the transport's patience.</param>
    public void Prepare(Action work, TimeSpan sign)
    {
        if (IsRejoining)
            return;

        if (IsAlone)
        {
            work();
            return;
        }

        var task = IsCoordinator ? Task.Run(work) : null;
        bool isDone;
        do
        {
            // Results and errors of the work come out here.
            isDone = task is not null && Task.WaitAny([task], sign) >= 0;
            if (isDone)
                task?.GetAwaiter().GetResult();
        }
        while (Gather(isDone ? 1 : 0)[0] < 1);
    }

    /// <summary>Compares this worker's program and recipe with those of the others, before a run begins.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="InputException">A worker differs; the message names it and what differs.</exception>
    public void Compare(Recipe recipe) => Compare(WorkerFingerprint.Of(recipe));

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Cancel();
        _doorkeeper?.Join();
        _leaving.Dispose();
        _collective?.Dispose();
        _transport?.Dispose();
    }

    /// <summary>Compares a part of what the workers train; all call it with the same part.</summary>
    /// <remarks>A rejoining worker sends all parts when it asks to be let in.</remarks>
    /// <param name="part">This worker's part.</param>
    /// <exception cref="InputException">A worker differs; the message names it and what differs.</exception>
    internal void Compare(WorkerFingerprint part)
    {
        if (_formation is null)
            return;

        _fingerprint = _fingerprint.With(part);
        if (!IsRejoining)
            FingerprintExchange.Compare(Transport, part);
    }

    /// <summary>Ends the training of the job: from now on the coordinator tells a worker that comes back so.</summary>
    internal void Finish()
    {
        if (!IsCoordinator || _formation is null)
            return;

        _doorkeeper = new(() => Dismiss(_formation)) { IsBackground = true, Name = "doorkeeper" };
        _doorkeeper.Start();
    }

    /// <summary>Makes the context of the run's update mode; to be called once.</summary>
    /// <param name="channel">The first of <see cref="CollectiveFactory.Channels"/> channels, below the mode's own.</param>
    internal UpdateContext CreateContext(int channel)
    {
        _collectiveChannel = channel;

        // A rejoining worker has no group before the others let it in.
        _collective = IsRejoining
            ? new RingCollective(Transport, new WorkerGroup([Rank], 1), channel)
            : CollectiveFactory.Create(Transport, Group, channel, _machine);
        return new(_collective) { Transport = Transport, Machine = _machine };
    }

    /// <summary>Gathers numbers of all members, one member's after another's in the order of the group.</summary>
    /// <param name="own">This worker's numbers, as many on each.</param>
    internal double[] Gather(params double[] own) => _gather?.Gather(own) ?? own;

    /// <summary>Sends the coordinator's checkpoint, or none, to every worker.</summary>
    /// <param name="own">The checkpoint that the coordinator has found; the others' is ignored.</param>
    internal Checkpoint? Broadcast(Checkpoint? own)
    {
        if (IsRejoining)
            return null;
        if (_transport is null || Size == 1)
            return own;
        if (!IsCoordinator)
            return CheckpointMessage.Receive(_transport);

        for (var peer = 1; peer < Size; peer++)
            CheckpointMessage.Send(_transport, peer, own);
        return own;
    }

    /// <summary>Sends the coordinator's checkpoint, or none, to the members of the group; all call it together.</summary>
    /// <param name="own">The coordinator's; that of others is ignored.</param>
    internal Checkpoint? FromCoordinator(Checkpoint? own)
    {
        if (_transport is null || Size == 1)
            return own;
        if (!IsCoordinator)
            return CheckpointMessage.Receive(_transport);

        foreach (var rank in Group.Members.Where(rank => rank != Rank))
            CheckpointMessage.Send(_transport, rank, own);
        return own;
    }

    /// <summary>Sends a decision of the coordinator to all others; see <see cref="ReceiveDecision"/>.</summary>
    internal void SendDecision(ReadOnlySpan<byte> decision)
    {
        foreach (var rank in Group.Members.Where(rank => rank != Rank))
        {
            try
            {
                _transport?.Send(rank, new(DecisionChannel), decision);
            }
            catch (PeerLostException)
            {
                // The next exchange reports it.
            }
        }
    }

    /// <summary>Receives the oldest decision of the coordinator.</summary>
    /// <param name="wait">True to wait for it; else the result is null when none has come yet.</param>
    internal byte[]? ReceiveDecision(bool wait)
    {
        if (_transport is null || IsCoordinator)
            return null;
        if (wait)
            return _transport.ReceiveMessage(0, new(DecisionChannel), MostDecisionBytes);

        using var message = _transport.TakeAny(new(DecisionChannel), TimeSpan.Zero);
        return message?.Bytes.ToArray();
    }

    /// <summary>Waits for the others to let this worker in, and receives the progress of the run.</summary>
    /// <returns>The group to form, and the state of the run with the best network.</returns>
    /// <exception cref="JobIsOverException">There is nothing left to train.</exception>
    internal (WorkerGroup Group, Checkpoint Checkpoint) Join()
    {
        var group = Formation.Join() ?? throw new JobIsOverException();
        return (group, CheckpointMessage.Receive(Transport) ?? throw new InvalidDataException("worker 0 sent no state of the run"));
    }

    /// <summary>Agrees with all that are left, and those that wait to join, on the next group.</summary>
    /// <exception cref="PeerLostException">The coordinator is lost.</exception>
    internal TeamChange Agree()
    {
        var lost = Group.Members.Where(rank => Transport.LossOf(rank) is not null).ToList();
        var group = Formation.Agree(Group, out var newcomers);
        lost.AddRange(Group.Members.Where(rank => group.IndexOf(rank) < 0).Except(lost));
        return new(group, newcomers, TextOf(group, lost));
    }

    /// <summary>Makes a group the team's own.</summary>
    /// <returns>The collective that joins its members; the team owns it.</returns>
    internal ICollective Form(WorkerGroup group)
    {
        _collective?.Dispose();
        Group = group;
        Transport.DiscardBefore(group.Generation);
        _gather = new(Transport, group, GatherChannel);
        return _collective = CollectiveFactory.Create(Transport, group, _collectiveChannel, _machine);
    }

    private void Dismiss(TeamFormation formation)
    {
        do
            formation.Dismiss();
        while (!_leaving.Token.WaitHandle.WaitOne(DismissInterval));

        formation.Dismiss();
    }

    private List<string> TextOf(WorkerGroup group, List<int> lost)
    {
        var members = string.Join(", ", group.Members);
        return
        [
            .. from rank in lost
               let reason = Transport.LossOf(rank) ?? "the others have lost it"
               select $"worker {rank} is lost: {reason}; worker {members} go on from the last block",
            .. from rank in @group.Members
               where Group.IndexOf(rank) < 0
               select $"worker {rank} takes part from now on, beside worker {string.Join(", ", Group.Members)}",
        ];
    }
}

/// <summary>The others had trained to the end before this worker was back.</summary>
internal sealed class JobIsOverException() : Exception("the job was over before this worker was back; nothing is left to train");

/// <summary>A change of the members of a team.</summary>
/// <param name="Group">The next group.</param>
/// <param name="Newcomers">On the coordinator: the workers that have joined and wait for the progress of the run.</param>
/// <param name="Log">A line for each worker that was lost or has joined.</param>
internal sealed record TeamChange(WorkerGroup Group, IReadOnlyList<int> Newcomers, IReadOnlyList<string> Log);
