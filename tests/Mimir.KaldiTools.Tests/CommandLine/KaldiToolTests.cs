using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Tests.CommandLine;

public sealed class KaldiToolTests : IDisposable
{
    private readonly StringWriter _errors = new(CultureInfo.InvariantCulture);

    public void Dispose() => _errors.Dispose();

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 0)]
    [InlineData("a b", 0)]
    [InlineData("a b c", 1)]
    [InlineData("--help", 0)]
    public void Run_checks_the_number_of_arguments(string arguments, int status) =>
        Assert.Equal(status, Run(() => true, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Run_that_does_nothing_gives_1() => Assert.Equal(1, Run(() => false, "a"));

    [Fact]
    public void Run_logs_an_error_of_the_users()
    {
        Assert.Equal(255, Run(() => throw new InputException("no features"), "a"));
        Assert.Equal(255, Run(() => throw new FileNotFoundException("no file"), "a"));
        Assert.Equal("some-tool a\nERROR (some-tool) no features\nsome-tool a\nERROR (some-tool) no file\n", _errors.ToString());
    }

    [Fact]
    public void Run_lets_a_bug_escape() =>
        Assert.Throws<ArgumentException>(() => Run(() => throw new ArgumentException("a bug"), "a"));

    [Fact]
    public void Run_ends_as_a_closed_pipe_ends_a_program() =>
        Assert.Equal(141, Run(() => throw new IOException("Broken pipe", 32), "a"));

    private int Run(Func<bool> execute, params string[] arguments) => new SomeTool(execute).Run(arguments, _errors, KaldiIoOptions.Default);

    private sealed class SomeTool(Func<bool> execute) : KaldiTool<NoOptions>("some-tool", "Some tool.", "<in> [<out>]")
    {
        protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io) => execute();
    }
}
