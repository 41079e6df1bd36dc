using Microsoft.Extensions.Logging;
using Mimir.Base;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Tests.Terminal;

public sealed class DiagnosticsTests
{
    private readonly List<string> _lines = [];

    [Fact]
    public void DescribeBug_is_one_line_that_names_the_exception_and_the_log()
    {
        var line = Diagnostics.DescribeBug(new InvalidOperationException("no\nstate"), "exp/dnn/mimir.log", verbose: false);

        Assert.Equal("mimir: this is a bug of Mimir: InvalidOperationException: no state (the stack is in exp/dnn/mimir.log)", line);
    }

    [Fact]
    public void DescribeBug_without_a_log_names_the_option_that_shows_the_stack()
    {
        var line = Diagnostics.DescribeBug(new InvalidOperationException("no state"), file: null, verbose: false);

        Assert.EndsWith("(there is no log, --verbose shows the stack)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void DescribeBug_adds_the_stack_when_verbose()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _ = Fail());

        var lines = Diagnostics.DescribeBug(error, file: null, verbose: true).Split('\n');

        Assert.Contains(lines[1..], line => line.Contains(nameof(Fail), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(typeof(InputException), 1)]
    [InlineData(typeof(IOException), 1)]
    [InlineData(typeof(OperationCanceledException), 130)]
    [InlineData(typeof(ArgumentException), 70)]
    [InlineData(typeof(FormatException), 70)]
    public void Guard_returns_the_exit_code_of_an_exception(Type type, int code)
    {
        using var diagnostics = new Diagnostics();

        Assert.Equal(code, diagnostics.Guard(() => throw (Exception)Activator.CreateInstance(type)!));
    }

    [Fact]
    public void Console_shows_the_messages_of_Dist_for_people_and_no_others()
    {
        using var console = new ConsoleLog(_lines.Add, verbose: false);

        Say(console, "Mimir.Dist.Launch.JobLauncher", LogLevel.Information, "worker 1 ended");
        Say(console, "Mimir.Dist.Launch.JobLauncher", LogLevel.Debug, "detail");
        Say(console, "Mimir.Train.Runs.TrainingRun", LogLevel.Warning, "shown by the progress display");

        Assert.Equal(["mimir: worker 1 ended"], _lines);
    }

    [Fact]
    public void Console_shows_all_from_debug_on_when_verbose()
    {
        using var console = new ConsoleLog(_lines.Add, verbose: true);

        Say(console, "Mimir.Dist.Launch.JobLauncher", LogLevel.Information, "worker 1 ended");
        Say(console, "Mimir.Train.Runs.TrainingRun", LogLevel.Debug, "detail");

        Assert.Equal(["mimir: worker 1 ended", "mimir: debug 7 seven Mimir.Train.Runs.TrainingRun: detail"], _lines);
    }

    private static int Fail() => throw new InvalidOperationException("no state");

    private static void Say(ConsoleLog console, string category, LogLevel level, string text) =>
        console.CreateLogger(category).Log(level, new EventId(7, "seven"), text, null, (message, _) => message);
}
