using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mimir.Dist.Tests.Support;

namespace Mimir.Dist.Tests.Transports.Tcp;

public sealed class TcpProcessesTests
{
    [Fact]
    public void Workers_in_processes_of_their_own_get_the_plain_sum()
    {
        using var job = new Processes("tcp-collectives", 3);

        foreach (var worker in job.Workers)
        {
            var (code, output) = worker.Finish();
            Assert.True(code == 0, output);
            Assert.Contains("all sums are right", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("tcp-hang", 9, "closed the connection")]
    [InlineData("shared-hang", 19, "no sign of life")]
    public void A_killed_or_stopped_worker_is_named_within_ten_seconds(string verb, int signal, string reason)
    {
        using var job = new Processes(verb, 3);
        foreach (var worker in job.Workers)
            Assert.Equal("ready", worker.ReadLine());

        var clock = Stopwatch.StartNew();
        job.Workers[1].Signal(signal);
        var first = job.Workers[0].Finish();
        var last = job.Workers[2].Finish();

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        Assert.Contains("worker 1 is lost", first.Output + last.Output, StringComparison.Ordinal);
        Assert.Contains(reason, first.Output + last.Output, StringComparison.Ordinal);
    }

    private sealed class Processes : IDisposable
    {
        public Processes(string verb, int size)
        {
            var port = FreePort().ToString(CultureInfo.InvariantCulture);
            var token = Convert.ToHexString(Guid.NewGuid().ToByteArray());
            Workers = [.. Enumerable.Range(0, size).Select(rank => WorkerProcess.Start(
                verb, rank.ToString(CultureInfo.InvariantCulture), size.ToString(CultureInfo.InvariantCulture), port, token))];
        }

        public List<WorkerProcess> Workers { get; }

        public void Dispose() => Workers.ForEach(worker => worker.Dispose());

        private static int FreePort()
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
    }
}
