namespace Mimir.Cli.Distribution;

/// <summary>This program as a command line that starts it again.</summary>
internal static class WorkerCommand
{
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
