using System.Collections.Concurrent;
using System.Diagnostics;
using Mimir.Base.Logging;
using Mimir.Dist.Launch;

namespace Mimir.Dist.Tests.Launch;

/// <summary>Real processes, of the shell.</summary>
public sealed class JobLauncherTests
{
    private readonly ConcurrentQueue<string> _lines = new();

    [Fact]
    public async Task All_workers_get_their_place_and_one_secret()
    {
        var code = await Run("echo $RANK/$WORLD_SIZE $LOCAL_RANK/$LOCAL_WORLD_SIZE $MASTER_ADDR ${#MIMIR_JOB_TOKEN}", HostList.Local(3));

        Assert.Equal(0, code);
        Assert.Equal(["[1] 1/3 1/3 127.0.0.1 64", "[2] 2/3 2/3 127.0.0.1 64"], _lines.Order());
    }

    [Fact]
    public async Task A_failure_ends_the_others_after_the_time_of_grace_and_its_code_counts()
    {
        var watch = Stopwatch.StartNew();

        var code = await Run("[ $RANK = 1 ] && exit 7; sleep 100", HostList.Local(3), grace: 0.2);

        Assert.Equal(7, code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(50), $"{watch.Elapsed}");
        Assert.Contains("worker 1 ended with exit code 7", _lines);
        Assert.Contains(_lines, line => line.Contains("worker 0, 2 did not end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_is_started_again_as_often_as_allowed_and_with_another_secret()
    {
        var folder = Directory.CreateTempSubdirectory("mimir-launch-").FullName;
        try
        {
            var code = await Run(
                $"echo $MIMIR_JOB_TOKEN >> {folder}/tokens; [ $(wc -l < {folder}/tokens) -ge 3 ]", HostList.Local(1), restarts: 5);

            Assert.Equal(0, code);
            Assert.Equal(3, File.ReadAllLines(Path.Combine(folder, "tokens")).Distinct().Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Workers_on_hosts_are_started_through_the_agent_and_the_secret_is_on_no_command_line()
    {
        // In the place of a remote shell: drops the host's name and runs what follows.
        var options = new JobLauncherOptions
        {
            Slots = HostList.Parse("left:1,right:1"),
            Command = ["sh", "-c", "echo $RANK $MASTER_ADDR \"it's\" $(tr '\\0' ' ' < /proc/$PPID/cmdline | grep -c $MIMIR_JOB_TOKEN)"],
            Agent = ["sh", "-c", "shift; exec \"$@\"", "agent"],
            Port = 1234,
        };

        var code = await new JobLauncher(options, _lines.Enqueue, new LineLogger(_lines.Enqueue)).RunAsync(CancellationToken.None);

        Assert.Equal(0, code);
        Assert.Equal(["[1] 1 left it's 0"], _lines);
    }

    [Fact]
    public async Task Workers_that_nobody_has_told_to_end_are_told_and_not_started_again()
    {
        var folder = Directory.CreateTempSubdirectory("mimir-launch-").FullName;
        try
        {
            using var telling = new CancellationTokenSource();
            var options = new JobLauncherOptions
            {
                Slots = HostList.Local(2),
                Command = ["sh", "-c", $"trap 'exit 5' TERM; touch {folder}/$RANK; while :; do sleep 0.02; done"],
                Restarts = 3,
            };
            var launcher = new JobLauncher(options, _lines.Enqueue, new LineLogger(_lines.Enqueue));
            var running = launcher.RunAsync(CancellationToken.None, telling.Token);
            while (Directory.GetFiles(folder).Length < 2)
                await Task.Delay(10);

            await telling.CancelAsync();

            Assert.Equal(5, await running);
            Assert.DoesNotContain(_lines, line => line.Contains("start 2", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_lost_worker_alone_is_started_again_with_the_same_secret_while_the_others_go_on()
    {
        var folder = Directory.CreateTempSubdirectory("mimir-launch-").FullName;
        try
        {
            const string First = "while [ ! -e done ]; do sleep 0.02; done";
            const string Third = "[ \"$MIMIR_REJOIN\" = 1 ] || kill -9 $$; touch done";

            var script = $"echo $RANK $MIMIR_JOB_TOKEN >> starts; case $RANK in 0) {First};; 2) {Third};; esac";
            var code = await FaultTolerant(folder, script, restarts: 1);

            var starts = File.ReadAllLines(Path.Combine(folder, "starts")).Select(line => line.Split(' ')).ToList();
            Assert.Equal(0, code);
            Assert.Equal(["0", "1", "2", "2"], starts.Select(start => start[0]).Order());
            Assert.Single(starts.Select(start => start[1]).Distinct());
            Assert.Equal(["worker 2 ended with exit code 137; it is started again in 0.1 s (start 2 of 2)"], _lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Without_restarts_the_others_go_on_without_the_lost_worker()
    {
        var folder = Directory.CreateTempSubdirectory("mimir-launch-").FullName;
        try
        {
            // Rank 0 ends only after worker 2 has been seen to end: until then its process is there.
            const string First = "while [ ! -s two ] || kill -0 $(cat two) 2>&-; do sleep 0.02; done; sleep 0.5";

            var code = await FaultTolerant(folder, $"case $RANK in 0) {First};; 2) echo $$ > two; exit 9;; esac", restarts: 0);

            Assert.Equal(0, code);
            Assert.Equal(["worker 2 ended with exit code 9; the others go on without it", "the job ended without worker 2"], _lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_failure_of_rank_0_starts_the_whole_job_again()
    {
        var folder = Directory.CreateTempSubdirectory("mimir-launch-").FullName;
        try
        {
            var code = await FaultTolerant(folder, "echo $RANK >> starts; [ $RANK = 0 ] && exit 3; sleep 100", restarts: 1);

            Assert.Equal(3, code);
            Assert.Equal(["0", "0", "1", "1", "2", "2"], File.ReadAllLines(Path.Combine(folder, "starts")).Order());
            Assert.Contains("the job failed with exit code 3; start 2 of 2", _lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        var options = new JobLauncherOptions { Slots = HostList.Local(1), Command = ["/no/such/program"] };

        var launcher = new JobLauncher(options, _lines.Enqueue, new LineLogger(_lines.Enqueue));
        var error = await Assert.ThrowsAsync<IOException>(() => launcher.RunAsync(CancellationToken.None));

        Assert.Contains("/no/such/program", error.Message, StringComparison.Ordinal);
    }

    private Task<int> FaultTolerant(string folder, string script, int restarts) => new JobLauncher(
        new()
        {
            Slots = HostList.Local(3),
            Command = ["sh", "-c", $"cd {folder}; {script}"],
            Grace = TimeSpan.FromSeconds(0.3),
            Restarts = restarts,
            FaultTolerant = true,
            RejoinPause = TimeSpan.FromSeconds(0.1),
        },
        _lines.Enqueue, new LineLogger(_lines.Enqueue)).RunAsync(CancellationToken.None);

    private Task<int> Run(string script, IReadOnlyList<WorkerSlot> slots, double grace = 20, int restarts = 0) => new JobLauncher(
        new() { Slots = slots, Command = ["sh", "-c", script], Grace = TimeSpan.FromSeconds(grace), Restarts = restarts },
        _lines.Enqueue, new LineLogger(_lines.Enqueue)).RunAsync(CancellationToken.None);
}
