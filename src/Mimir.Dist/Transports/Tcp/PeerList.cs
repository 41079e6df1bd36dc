using System.Net;

namespace Mimir.Dist.Transports.Tcp;

/// <summary>The addresses of all workers, which rank 0 sends to everyone.</summary>
internal static class PeerList
{
    /// <summary>The bytes of a list of workers.</summary>
    public static byte[] Write(IReadOnlyDictionary<int, IPEndPoint> workers)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(workers.Count);
        foreach (var (rank, place) in workers)
        {
            writer.Write(rank);
            writer.Write(place.ToString());
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads a list of workers.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static Dictionary<int, IPEndPoint> Read(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            var workers = new Dictionary<int, IPEndPoint>();
            for (var count = reader.ReadInt32(); count > 0; count--)
                workers.Add(reader.ReadInt32(), IPEndPoint.Parse(reader.ReadString()));

            return workers;
        }
        catch (Exception error) when (error is EndOfStreamException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("worker 0 sent a list of workers that cannot be read", error);
        }
    }
}
