using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

using Mimir.Dist.Collectives;
using Mimir.Dist.Transports.Tcp;

namespace Mimir.Bench.Rungs;

/// <summary>One of Mimir's workers of the AllReduce rung, in a process of its own.</summary>
internal static class AllReduceWorker
{
    /// <summary>Joins the others and sums what worker 0 reads from its standard input, until that ends.</summary>
    /// <param name="arguments">Kind, rank, number of workers, port, token.</param>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        using var transport = TcpTransport.Connect(new()
        {
            Rank = int.Parse(arguments[1], CultureInfo.InvariantCulture),
            WorldSize = int.Parse(arguments[2], CultureInfo.InvariantCulture),
            Port = int.Parse(arguments[3], CultureInfo.InvariantCulture),
            JobId = "bench",
            Token = Convert.FromHexString(arguments[4]),
            Timeout = TimeSpan.FromMinutes(2),
        });
        var shared = arguments[0] == "shared";
        using ICollective collective = shared ? CollectiveFactory.Create(transport) : new RingCollective(transport);
        using var orders = new RingCollective(transport, channel: CollectiveFactory.Channels);
        if (transport.Rank == 0)
            Console.WriteLine(shared ? "ready Mimir, shared memory" : "ready Mimir, ring over TCP");

        var order = new float[2];
        while (true)
        {
            if (transport.Rank == 0)
            {
                var words = Console.ReadLine()?.Split(' ');
                MemoryMarshal.Cast<float, long>(order.AsSpan())[0] =
                    words is null ? -1 : (long.Parse(words[0], CultureInfo.InvariantCulture) << 16)
                        + int.Parse(words[1], CultureInfo.InvariantCulture);
            }

            orders.Broadcast(order, 0);
            var packed = MemoryMarshal.Cast<float, long>(order.AsSpan())[0];
            if (packed < 0)
                return 0;

            var (best, median) = Measure(collective, (int)((packed >> 16) / sizeof(float)), (int)(packed & 0xffff));
            if (transport.Rank == 0)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{best:F9} {median:F9}"));
        }
    }

    private static (double Best, double Median) Measure(ICollective collective, int length, int times)
    {
        var values = new float[length];
        Array.Fill(values, 1e-3f);
        collective.AllReduceSum(values);
        var seconds = new double[times];
        for (var i = 0; i < times; i++)
        {
            collective.Barrier();
            var start = Stopwatch.GetTimestamp();
            collective.AllReduceSum(values);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        return (seconds[0], seconds[times / 2]);
    }
}
