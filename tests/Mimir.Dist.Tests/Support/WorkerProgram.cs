using System.Globalization;
using Mimir.Dist.Collectives;
using Mimir.Dist.Launch;
using Mimir.Dist.MpiNet;
using Mimir.Dist.Tests.Collectives;
using Mimir.Dist.Transports;
using Mimir.Dist.Transports.Mpi;
using Mimir.Dist.Transports.Tcp;

namespace Mimir.Dist.Tests.Support;

/// <summary>What a worker in a process of its own does.</summary>
internal static class WorkerProgram
{
    public static int Run(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["tcp-collectives", var rank, var size, var port, var token]:
                    using (var transport = Connect(rank, size, port, token))
                        Collectives(transport);
                    break;
                case ["tcp-hang", var rank, var size, var port, var token]:
                    using (var transport = Connect(rank, size, port, token))
                        Hang(new RingCollective(transport));
                    break;
                case ["shared-hang", var rank, var size, var port, var token]:
                    using (var transport = Connect(rank, size, port, token))
                        Hang(CollectiveFactory.Create(transport));
                    break;
                case ["tcp-group", var rank, var size, var port, var token, .. var others]:
                    using (var transport = Connect(rank, size, port, token, returning: others.Length == 0))
                        Group(transport, [.. others.Select(one => int.Parse(one, CultureInfo.InvariantCulture))]);
                    break;
                case ["mpi-net", "collectives"]:
                    using (var transport = MpiNetTransport.Connect(MpiOptions()))
                    {
                        Console.WriteLine($"over {((MpiTransport)transport).Library}");
                        Collectives(transport);
                    }

                    break;
                case ["mpi", var verb]:
                    var options = MpiOptions();
                    using (var transport = MpiTransport.Connect(verb == "hang"
                        ? options with { Silence = TimeSpan.FromSeconds(3) }
                        : options))
                    {
                        Console.WriteLine($"over {transport.Library}");
                        if (verb == "hang")
                            Hang(new RingCollective(transport));
                        else
                            Collectives(transport);
                    }

                    break;
                default:
                    throw new ArgumentException($"no such worker: {string.Join(' ', args)}");
            }

            return 0;
        }
        catch (Exception error)
        {
            Console.WriteLine($"error: {error.Message}");
            return 1;
        }
    }

    private static MpiTransportOptions MpiOptions()
    {
        var place = LaunchEnvironment.Read(Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? ""));
        return new() { Libraries = MpiTransportOptions.LibrariesFor(place), Timeout = TimeSpan.FromSeconds(25) };
    }

    private static TcpTransport Connect(string rank, string size, string port, string token, bool returning = false) =>
        TcpTransport.Connect(new()
        {
            Rank = int.Parse(rank, CultureInfo.InvariantCulture),
            WorldSize = int.Parse(size, CultureInfo.InvariantCulture),
            Port = int.Parse(port, CultureInfo.InvariantCulture),
            JobId = "test",
            Token = Convert.FromHexString(token),
            Timeout = TimeSpan.FromSeconds(25),
            IsRejoining = returning,
        });

    // Rank 0 waits for those who return, and tells everyone who the new group is.
    private static void Group(TcpTransport transport, int[] returning)
    {
        Console.WriteLine("ready");
        var (tag, others) = (new Tag(9), Enumerable.Range(0, transport.WorldSize).Where(rank => rank != transport.Rank));
        byte[] members;
        if (transport.Rank == 0)
        {
            if (!SpinWait.SpinUntil(() => returning.All(transport.Rejoining.Contains), transport.Timeout))
                throw new TimeoutException($"only worker {string.Join(", ", transport.Rejoining)} returned");

            foreach (var rank in returning)
                transport.Readmit(rank);
            var living = Enumerable.Range(0, transport.WorldSize).Where(rank => transport.LossOf(rank) is null);
            members = [.. living.Select(rank => (byte)rank)];
            foreach (var rank in members.Where(rank => rank != 0))
                transport.Send(rank, tag, members);
        }
        else
        {
            members = transport.ReceiveMessage(0, tag, transport.WorldSize);
            foreach (var rank in members)
                transport.Readmit(rank);
        }

        using var ring = new RingCollective(transport, new WorkerGroup([.. members.Select(rank => (int)rank)], generation: 2));
        var sum = new float[10];
        Array.Fill(sum, 1 << transport.Rank);
        ring.AllReduceSum(sum);
        Console.WriteLine($"worker {transport.Rank}: the sum over {string.Join(", ", members)} is {sum[0]}");
    }

    private static void Collectives(ITransport transport)
    {
        using (var ring = new RingCollective(transport, chunk: 50))
        {
            foreach (var length in (int[])[0, 1, 5, 1001])
                CollectiveChecks.All(ring, length);
        }

        using (var shared = SharedMemoryCollective.Create(transport, channel: 1, options: new() { PartFloats = 100, DirectFloats = 30 }))
        {
            foreach (var length in (int[])[0, 1, 5, 1001])
                CollectiveChecks.All(shared, length);
        }

        Console.WriteLine($"worker {transport.Rank} of {transport.WorldSize}: all sums are right");
    }

    // Sums until a peer is lost.
    private static void Hang(ICollective collective)
    {
        Console.WriteLine("ready");
        while (true)
            collective.AllReduceSum(new float[10_000]);
    }
}
