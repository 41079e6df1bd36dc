using System.Runtime.InteropServices;
using System.Text;
using Mimir.Dist;
using Mimir.Dist.Transports;

namespace Mimir.Train.Distribution;

/// <summary>Gathers numbers of all workers by way of the coordinator: either all get them, or all learn which worker is lost.</summary>
/// <remarks>
/// Around a ring, a loss could interrupt some and not others, which then would do different things. Here the answer of the
/// coordinator arrives, unless the receiver is lost itself.
/// </remarks>
internal sealed class TeamGather(ITransport transport, WorkerGroup group, int channel)
{
    private const int MostBytes = 1 << 20;
    private const byte Complete = 0;
    private const byte Broken = 1;

    private Tag Tag => Tag.Of(group, channel);

    /// <summary>Gathers the numbers of all members, one after another by place.</summary>
    /// <param name="own">This worker's numbers, as many on each.</param>
    /// <exception cref="PeerLostException">A member is lost.</exception>
    public double[] Gather(double[] own)
    {
        if (transport.Rank == 0)
            return Collect(own);

        transport.Send(0, Tag, MemoryMarshal.AsBytes<double>(own));
        var answer = transport.ReceiveMessage(0, Tag, MostBytes);
        if (answer is [Complete, ..])
            return MemoryMarshal.Cast<byte, double>(answer.AsSpan(1)).ToArray();
        if (answer is [Broken, ..] && answer.Length >= 1 + sizeof(int))
            throw new PeerLostException(BitConverter.ToInt32(answer, 1), Encoding.UTF8.GetString(answer.AsSpan(1 + sizeof(int))));

        throw new InvalidDataException($"worker 0 sent {answer.Length} bytes that make no sense");
    }

    private double[] Collect(double[] own)
    {
        var all = new double[own.Length * group.Size];
        for (var place = 0; place < group.Size; place++)
        {
            var part = all.AsSpan(place * own.Length, own.Length);
            if (group.Members[place] == transport.Rank)
                own.CopyTo(part);
            else
                Receive(group.Members[place], part);
        }

        Tell([Complete, .. MemoryMarshal.AsBytes<double>(all)]);
        return all;
    }

    private void Receive(int member, Span<double> part)
    {
        try
        {
            transport.Receive(member, Tag, MemoryMarshal.AsBytes(part));
        }
        catch (PeerLostException loss)
        {
            Tell([Broken, .. BitConverter.GetBytes(loss.Peer), .. Encoding.UTF8.GetBytes(loss.Reason)]);
            throw;
        }
    }

    private void Tell(byte[] message)
    {
        foreach (var member in group.Members.Where(rank => rank != transport.Rank))
        {
            try
            {
                transport.Send(member, Tag, message);
            }
            catch (PeerLostException)
            {
                // The next gather reports it.
            }
        }
    }
}
