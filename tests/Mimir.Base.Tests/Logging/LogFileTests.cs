using Microsoft.Extensions.Logging;
using Mimir.Base.Logging;

namespace Mimir.Base.Tests.Logging;

public sealed class LogFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-log-").FullName;

    private string Place => Path.Combine(_folder, "run", LogFile.Name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_has_time_level_event_rank_category_and_message()
    {
        using var file = new LogFile(new Noon());
        file.Open(Path.Combine(_folder, "run"), rank: 3);

        file.CreateLogger("Mimir.Some").Log(LogLevel.Warning, new EventId(1200, "peer-lost"), "worker 1 is lost", null, (text, _) => text);

        Assert.Equal(Place, file.Path);
        Assert.Equal("2026-02-03T12:00:00.250Z warn 1200 peer-lost [3] Mimir.Some: worker 1 is lost\n", File.ReadAllText(Place));
    }

    [Fact]
    public void The_stack_of_an_exception_follows_its_line_and_is_indented()
    {
        using var file = new LogFile(new Noon());
        file.Open(Path.Combine(_folder, "run"), rank: 0);

        var thrown = Thrown();
        file.CreateLogger("Mimir").Log(LogLevel.Critical, new EventId(9000, "Bug"), "bug", thrown, (text, _) => text);

        var lines = File.ReadAllLines(Place);
        Assert.EndsWith("fatal 9000 Bug [0] Mimir: bug", lines[0], StringComparison.Ordinal);
        Assert.Equal("    System.InvalidOperationException: the cause", lines[1]);
        Assert.All(lines[1..], line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
        Assert.Contains(lines[2..], line => line.Contains(nameof(Thrown), StringComparison.Ordinal));
    }

    [Fact]
    public void Messages_before_the_file_is_known_come_first_and_trace_is_left_out()
    {
        using var file = new LogFile(new Noon());
        var logger = file.CreateLogger("Mimir");
        logger.Log(LogLevel.Debug, 1, "early", null, (text, _) => text);
        logger.Log(LogLevel.Trace, 2, "trace", null, (text, _) => text);
        Assert.Null(file.Path);

        file.Open(Path.Combine(_folder, "run"), rank: 0);
        logger.Log(LogLevel.Information, 3, "late\nand more", null, (text, _) => text);

        Assert.Equal(
            ["debug 1 [0] Mimir: early", "info 3 [0] Mimir: late", "    and more"],
            File.ReadAllLines(Place).Select(line => line.Replace("2026-02-03T12:00:00.250Z ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_resumed_run_appends()
    {
        for (var run = 0; run < 2; run++)
        {
            using var file = new LogFile(new Noon());
            file.Open(Path.Combine(_folder, "run"), rank: 0);
            file.CreateLogger("Mimir").Log(LogLevel.Information, run, "began", null, (text, _) => text);
        }

        Assert.Equal(2, File.ReadAllLines(Place).Length);
    }

    [Fact]
    public void After_its_end_messages_are_dropped()
    {
        var file = new LogFile(new Noon());
        var logger = file.CreateLogger("Mimir");
        file.Open(Path.Combine(_folder, "run"), rank: 0);
        file.Dispose();

        logger.Log(LogLevel.Information, 1, "late", null, (text, _) => text);

        Assert.Empty(File.ReadAllText(Place));
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("the cause");
        }
        catch (InvalidOperationException error)
        {
            return error;
        }
    }

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 2, 3, 12, 0, 0, 250, TimeSpan.Zero);
    }
}
