using System.Diagnostics;
using System.Globalization;
using Mimir.Dist.Launch;
using WorkerProcess = Mimir.Dist.Tests.Support.WorkerProcess;

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

    [Theory]
    [InlineData(15, 1, 3)]
    [InlineData(7, 1)]
    public void Killed_workers_return_to_those_that_live_also_at_the_same_time(int sum, params int[] returning)
    {
        using var job = new Processes("tcp-group", 4, [.. returning.Select(rank => rank.ToString(CultureInfo.InvariantCulture))]);
        foreach (var worker in job.Workers)
            Assert.Equal("ready", worker.ReadLine());
        foreach (var rank in (int[])[1, 3])
            job.Workers[rank].Signal(9);

        foreach (var rank in returning)
            job.Return(rank);

        foreach (var rank in (int[])[0, 2, .. returning])
        {
            var (code, output) = job.Workers[rank].Finish();
            Assert.True(code == 0, output);
            Assert.Contains($"worker {rank}: the sum over", output, StringComparison.Ordinal);
            Assert.Contains($"is {sum}", output, StringComparison.Ordinal);
        }
    }

    private sealed class Processes : IDisposable
    {
        private readonly Func<int, string[], WorkerProcess> _start;

        public Processes(string verb, int size, params string[] more)
        {
            var port = FreePort.Find().ToString(CultureInfo.InvariantCulture);
            var token = Convert.ToHexString(Guid.NewGuid().ToByteArray());
            _start = (rank, more) => WorkerProcess.Start(
                [verb, rank.ToString(CultureInfo.InvariantCulture), size.ToString(CultureInfo.InvariantCulture), port, token, .. more]);
            Workers = [.. Enumerable.Range(0, size).Select(rank => _start(rank, more))];
        }

        public List<WorkerProcess> Workers { get; }

        public void Return(int rank)
        {
            Workers[rank].Dispose();
            Workers[rank] = _start(rank, []);
        }

        public void Dispose() => Workers.ForEach(worker => worker.Dispose());
    }
}
