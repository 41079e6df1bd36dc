using System.Text;

namespace Mimir.Dist.Data.Leases;

internal enum LeaseMessageKind : byte
{
    // From a client.
    Ask = 1,
    Report = 2,

    // From the server.
    Lease = 3,
    Idle = 4,
    Finished = 5,
    NotYet = 6,
    Accepted = 7,
    Refused = 8,

    // From the server to itself.
    Wake = 9,
}

/// <summary>An item that a worker has trained on.</summary>
internal readonly record struct CompletedItem(int Item, int Frames);

/// <summary>An item that a worker could not train on.</summary>
internal readonly record struct DroppedItem(int Item, string Reason);

/// <summary>A worker's report of some steps.</summary>
internal sealed record LeaseReport(int Epoch, long Step, IReadOnlyList<CompletedItem> Completed, IReadOnlyList<DroppedItem> Dropped);

/// <summary>The messages between lease servers and clients.</summary>
internal static class LeaseMessages
{
    public const int Maximum = 64 << 20;

    public static byte[] Say(LeaseMessageKind kind, Action<BinaryWriter>? more = null)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write((byte)kind);
        more?.Invoke(writer);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>Asks for a lease.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="begins">True when this client asks for the first time and holds nothing.</param>
    public static byte[] Ask(EpochItems epoch, bool begins) => Say(LeaseMessageKind.Ask, writer =>
    {
        writer.Write(epoch.Epoch);
        writer.Write(epoch.Fingerprint);
        writer.Write(begins);
    });

    public static byte[] Refuse(string reason) => Say(LeaseMessageKind.Refused, writer => writer.Write(reason));

    public static byte[] Idle(int settled, string holders) => Say(LeaseMessageKind.Idle, writer =>
    {
        writer.Write(settled);
        writer.Write(holders);
    });

    public static byte[] Give(Lease lease) => Say(LeaseMessageKind.Lease, writer =>
    {
        writer.Write(lease.Number);
        var runs = IndexRuns.Of(lease.Items);
        writer.Write(runs.Length);
        foreach (var number in runs)
            writer.Write(number);
    });

    public static byte[] Report(LeaseReport report) => Say(LeaseMessageKind.Report, writer =>
    {
        writer.Write(report.Epoch);
        writer.Write(report.Step);
        writer.Write(report.Completed.Count);
        foreach (var (item, frames) in report.Completed)
        {
            writer.Write(item);
            writer.Write(frames);
        }

        writer.Write(report.Dropped.Count);
        foreach (var (item, reason) in report.Dropped)
        {
            writer.Write(item);
            writer.Write(reason);
        }
    });

    /// <summary>Parses a message.</summary>
    /// <exception cref="InvalidDataException">It is not one of these.</exception>
    public static T Read<T>(ReadOnlySpan<byte> message, int peer, Func<LeaseMessageKind, BinaryReader, T> read)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(message.ToArray()), Encoding.UTF8);
            var kind = (LeaseMessageKind)reader.ReadByte();
            return read(kind, reader);
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"worker {peer} sent a message about leases that does not make sense: {error.Message}", error);
        }
    }

    public static LeaseReport ReadReport(BinaryReader reader)
    {
        var (epoch, step) = (reader.ReadInt32(), reader.ReadInt64());
        var completed = new List<CompletedItem>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            completed.Add(new(reader.ReadInt32(), reader.ReadInt32()));

        var dropped = new List<DroppedItem>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            dropped.Add(new(reader.ReadInt32(), reader.ReadString()));

        return new(epoch, step, completed, dropped);
    }

    public static Lease ReadLease(BinaryReader reader, int items)
    {
        var number = reader.ReadInt32();
        List<int> runs = [];
        for (var left = reader.ReadInt32(); left > 0; left--)
            runs.Add(reader.ReadInt32());

        return new(number, IndexRuns.Expand(runs.ToArray(), items));
    }
}
