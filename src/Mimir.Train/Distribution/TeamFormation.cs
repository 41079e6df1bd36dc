using System.Runtime.InteropServices;
using System.Text;
using Mimir.Base;
using Mimir.Dist;
using Mimir.Dist.Transports;

namespace Mimir.Train.Distribution;

/// <summary>The rendezvous of the workers after one was lost, or when some join: the coordinator asks all and decides.</summary>
/// <remarks>
/// A worker that notices a loss reports to the coordinator and waits; the coordinator waits for all that live, and sends the new
/// group. When the coordinator is lost, so is the job. A worker that comes back and would train something else is refused.
/// </remarks>
/// <param name="transport">Joins the workers.</param>
/// <param name="time">The clock of the waits.</param>
/// <param name="own">Tells what this worker trains.</param>
internal sealed class TeamFormation(ITransport transport, TimeProvider time, Func<WorkerFingerprint> own)
{
    private const int JobIsOver = 0;
    private const int Refused = -1;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    // A connection that the coordinator has already may take a moment to arrive here too.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<int> _newcomers = [];

    private static Tag Ready => new(110);

    private static Tag Formed => new(111);

    private static Tag JoinRequest => new(112);

    /// <summary>True when a worker waits to join; asked on the coordinator.</summary>
    /// <param name="present">The group.</param>
    public bool HasNewcomers(WorkerGroup present)
    {
        // A returned worker that is still a member was lost unnoticed: its request stays until the group is one without it.
        foreach (var rank in transport.Rejoining.Where(rank => present.IndexOf(rank) < 0))
            transport.Readmit(rank);

        while (transport.TakeAny(JoinRequest, TimeSpan.Zero) is { } request)
        {
            using (request)
                Consider(request);
        }

        _newcomers.RemoveAll(rank => present.IndexOf(rank) < 0 && transport.LossOf(rank) is not null);
        return _newcomers.Exists(rank => present.IndexOf(rank) < 0);
    }

    /// <summary>Tells the workers that wait to join that there is nothing left to do; on the coordinator.</summary>
    public void Dismiss()
    {
        if (HasNewcomers(new([transport.Rank], 1)))
            _newcomers.ForEach(rank => Answer(rank, BitConverter.GetBytes(JobIsOver)));
        _newcomers.Clear();
    }

    /// <summary>Asks the coordinator to be let in, and waits for it as long as it lives.</summary>
    /// <returns>The group to form, or null when the job is over.</returns>
    /// <exception cref="InputException">The coordinator trains something else.</exception>
    public WorkerGroup? Join()
    {
        transport.Send(0, JoinRequest, own().Write());
        while (true)
        {
            try
            {
                using var message = transport.Take(0, Formed);
                return Read(message.Bytes) switch
                {
                    (JobIsOver, _) => null,
                    (Refused, _) => throw new InputException(Encoding.UTF8.GetString(message.Bytes[sizeof(int)..]).TrimEnd('\0')),
                    var (generation, members) => new(members, generation),
                };
            }
            catch (TimeoutException) when (transport.LossOf(0) is null)
            {
                // The others answer after their block.
            }
        }
    }

    /// <summary>Agrees on the next group.</summary>
    /// <param name="present">The group until now.</param>
    /// <param name="newcomers">On the coordinator: the workers that join.</param>
    /// <exception cref="PeerLostException">The coordinator is lost.</exception>
    public WorkerGroup Agree(WorkerGroup present, out IReadOnlyList<int> newcomers)
    {
        newcomers = [];
        if (transport.Rank == 0)
            return Lead(present, out newcomers);

        transport.Send(0, Ready, Write(present.Generation, []));
        var group = TakeFormation(present.Generation);
        foreach (var rank in group.Members.Where(rank => present.IndexOf(rank) < 0))
            Readmit(rank);

        return group;
    }

    private WorkerGroup Lead(WorkerGroup present, out IReadOnlyList<int> newcomers)
    {
        var awaited = new SortedSet<int>(present.Members.Where(rank => rank != transport.Rank));
        var there = new SortedSet<int> { transport.Rank };
        var began = time.GetTimestamp();
        while (awaited.RemoveWhere(rank => transport.LossOf(rank) is not null) >= 0 && awaited.Count > 0)
        {
            using var message = transport.TakeAny(Ready, PollInterval);
            if (message is not null && Read(message.Bytes).Generation == present.Generation)
            {
                awaited.Remove(message.Peer);
                there.Add(message.Peer);
            }
            else if (time.GetElapsedTime(began) > transport.Timeout)
            {
                throw new TimeoutException(
                    $"worker {string.Join(", ", awaited)} did not come to the new group within {transport.Timeout.TotalSeconds:0.#} s");
            }
        }

        HasNewcomers(present);
        newcomers = [.. _newcomers.Where(rank => present.IndexOf(rank) < 0)];
        _newcomers.RemoveAll(rank => present.IndexOf(rank) < 0);
        var group = new WorkerGroup([.. there.Union(newcomers).Order()], present.Generation + 1);
        foreach (var rank in group.Members.Where(rank => rank != transport.Rank))
            Answer(rank, Write(group.Generation, group.Members));

        return group;
    }

    private void Consider(ReceivedMessage request)
    {
        if (_newcomers.Contains(request.Peer))
            return;

        if (FingerprintExchange.Refusal(request.Peer, own(), request.Bytes) is not { } refusal)
        {
            _newcomers.Add(request.Peer);
            return;
        }

        // A message of groups is a whole number of integers.
        var text = Encoding.UTF8.GetBytes(refusal);
        Answer(request.Peer, [.. BitConverter.GetBytes(Refused), .. text, .. new byte[-text.Length & (sizeof(int) - 1)]]);
    }

    private void Answer(int rank, byte[] message)
    {
        try
        {
            transport.Send(rank, Formed, message);
        }
        catch (PeerLostException)
        {
            // The first exchange of the new group reports it everywhere.
        }
    }

    private WorkerGroup TakeFormation(int generation)
    {
        while (true)
        {
            using var message = transport.Take(0, Formed);
            var (formed, members) = Read(message.Bytes);
            if (formed > generation && members.Length > 0)
                return new(members, formed);
        }
    }

    private void Readmit(int rank)
    {
        var began = time.GetTimestamp();
        while (!transport.Readmit(rank) && transport.LossOf(rank) is not null && time.GetElapsedTime(began) < Patience)
            Thread.Sleep(PollInterval);
    }

    private static byte[] Write(int generation, IReadOnlyList<int> members) =>
        MemoryMarshal.AsBytes<int>([generation, .. members]).ToArray();

    private static (int Generation, int[] Members) Read(ReadOnlySpan<byte> message) =>
        MemoryMarshal.Cast<byte, int>(message) is [var generation, .. var members]
            ? (generation, members.ToArray())
            : throw new InvalidDataException("a worker sent the message of a group that makes no sense");
}
