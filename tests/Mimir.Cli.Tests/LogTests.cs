using System.Reflection;
using System.Reflection.Emit;
using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests;

/// <summary>The log of a run, and the exit code of a bug, of the real program.</summary>
public sealed class LogTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    private string Log => _corpus.At("exp/mimir.log");

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task Train_logs_the_events_of_a_run_and_verbose_shows_them()
    {
        var quiet = await RunAsync("train", _corpus.Recipe);
        var lines = File.ReadAllLines(Log);
        var verbose = await RunAsync("train", _corpus.Recipe, "--restart", "--verbose");

        quiet.Succeeded();
        Assert.DoesNotContain("epoch-start", quiet.Errors, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]{12}Z (debug|info|warn) \d{4} \S+ \[0\] Mimir\.\S+: ", line));
        foreach (var name in (string[])["run-start", "stage", "epoch-start", "checkpoint", "epoch-end", "run-end"])
            Assert.Contains(lines, line => line.Contains($" {name} [0] ", StringComparison.Ordinal));
        Assert.Contains("mimir: info 3001 epoch-start Mimir.", verbose.Succeeded().Errors, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(Log), line => line.Contains(" run-start ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_of_the_user_is_in_the_log_too()
    {
        var outcome = await RunAsync("train", _corpus.Recipe, "--set", "train.optimiser.sgd.rate=1e37");

        var message = outcome.Refused("learning rate of 1E+37");
        var logged = $" error 9001 CommandFailed [0] Mimir.Cli.Terminal.Diagnostics: {message["mimir: ".Length..]}";
        Assert.Contains(logged, File.ReadAllText(Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_exits_70_with_one_line_and_its_stack_is_in_the_log()
    {
        // A library of another build, without the types that Mimir uses, makes the runtime throw in the middle of a run.
        var program = Directory.CreateDirectory(_corpus.At("program")).FullName;
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(MimirProcess.Program)!))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        Directory.CreateSymbolicLink(
            Path.Combine(program, "runtimes"), Path.Combine(Path.GetDirectoryName(MimirProcess.Program)!, "runtimes"));
        var library = Path.Combine(program, "Google.Protobuf.dll");
        var other = new PersistedAssemblyBuilder(AssemblyName.GetAssemblyName(library), typeof(object).Assembly);
        other.DefineDynamicModule("Google.Protobuf");
        other.Save(library);
        using var process = MimirProcess.StartOther("dotnet", _corpus.Folder, Path.Combine(program, "mimir.dll"), "train", _corpus.Recipe);

        var outcome = await MimirProcess.EndOfAsync(process);

        Assert.True(outcome.ExitCode == 70, $"exit code {outcome.ExitCode}: {outcome.Errors}");
        var line = Assert.Single(outcome.Errors.Split('\n'), line => line.StartsWith("mimir: ", StringComparison.Ordinal));
        Assert.StartsWith("mimir: this is a bug of Mimir: TypeLoadException: ", line, StringComparison.Ordinal);
        Assert.EndsWith($"(the stack is in {Log})", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
        var log = File.ReadAllText(Log);
        Assert.Contains(" fatal 9000 Bug [0] ", log, StringComparison.Ordinal);
        Assert.Contains("       at Mimir.Train.", log, StringComparison.Ordinal);
    }

    private Task<MimirProcess.Outcome> RunAsync(params string[] arguments) => MimirProcess.RunAsync(_corpus.Folder, arguments);
}
