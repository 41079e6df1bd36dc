using System.Diagnostics;

namespace Mimir.Cli.Tests.Support;

/// <summary>Runs the real <c>mimir</c> program, as a process of its own.</summary>
public static class MimirProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>What a run left behind.</summary>
    public sealed record Outcome(int ExitCode, string Output, string Errors);

    /// <summary>Starts the program.</summary>
    public static Process Start(string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "mimir.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        return Process.Start(start)!;
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
