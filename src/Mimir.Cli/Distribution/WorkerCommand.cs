using System.Runtime.InteropServices;
using Mimir.Dist.Launch;

namespace Mimir.Cli.Distribution;

/// <summary>This program as a command line that starts it again, for each worker of a job.</summary>
internal static class WorkerCommand
{
    /// <summary>Runs a job. SIGINT of a terminal reaches the workers by itself, SIGTERM is passed on.</summary>
    internal static async Task<int> RunAsync(JobLauncherOptions options, CancellationToken stopping)
    {
        using var telling = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => telling.Cancel());
        return await new JobLauncher(options, line => Console.Error.WriteLine($"mimir: {line}")).RunAsync(stopping, telling.Token)
            .ConfigureAwait(false);
    }

    /// <summary>The program with some arguments.</summary>
    internal static IReadOnlyList<string> Of(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The system does not say where the program lies.");

        // Started by 'dotnet mimir.dll', the program is the runtime and its first argument is ours.
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Environment.GetCommandLineArgs()[0], .. arguments]
            : [program, .. arguments];
    }
}
