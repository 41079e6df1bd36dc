using System.Diagnostics;

namespace Mimir.Cli.Tests.Support;

/// <summary>Runs the real <c>mimir</c> program, as a process of its own.</summary>
public static class MimirProcess
{
    // Only what hangs meets it, on a busy machine too.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>What a run left behind.</summary>
    public sealed record Outcome(int ExitCode, string Output, string Errors)
    {
        /// <summary>Demands that all went well.</summary>
        public Outcome Succeeded()
        {
            Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Errors}{Output}");
            return this;
        }

        /// <summary>Demands a failure with one message that has all of <paramref name="words"/> and no stack trace.</summary>
        public string Refused(params string[] words)
        {
            Assert.True(ExitCode == 1, $"exit code {ExitCode}: {Errors}{Output}");
            Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("Unhandled", Errors, StringComparison.Ordinal);
            var message = Assert.Single(Errors.Split('\n'), line => line.StartsWith("mimir: ", StringComparison.Ordinal));
            Assert.EndsWith(message, Errors.TrimEnd(), StringComparison.Ordinal);
            Assert.All(words, word => Assert.True(message.Contains(word, StringComparison.Ordinal), $"'{word}' is not in: {message}"));
            return message;
        }
    }

    /// <summary>The program itself.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "mimir.dll");

    /// <summary>Starts the program.</summary>
    public static Process Start(string folder, params IEnumerable<string> arguments)
    {
        return StartOther("dotnet", folder, [Program, .. arguments]);
    }

    /// <summary>Starts the program with some variables more.</summary>
    public static Process StartIn(string folder, IReadOnlyDictionary<string, string> variables, params IEnumerable<string> arguments) =>
        StartOther("dotnet", folder, variables, [Program, .. arguments]);

    /// <summary>Starts any program.</summary>
    public static Process StartOther(string program, string folder, params IEnumerable<string> arguments) =>
        StartOther(program, folder, new Dictionary<string, string>(), arguments);

    /// <summary>Starts any program with some variables more.</summary>
    public static Process StartOther(
        string program, string folder, IReadOnlyDictionary<string, string> variables, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Sends SIGTERM.</summary>
    public static async Task TerminateAsync(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<Outcome> RunAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        return await EndOfAsync(process);
    }

    /// <summary>Waits for a started program and reads what it wrote.</summary>
    public static async Task<Outcome> EndOfAsync(Process process)
    {
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
