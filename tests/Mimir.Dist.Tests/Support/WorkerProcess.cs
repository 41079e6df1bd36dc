using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Mimir.Dist.Tests.Support;

/// <summary>A worker in a process of its own: the tests' assembly started as a program.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private WorkerProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static string Assembly => typeof(WorkerProcess).Assembly.Location;

    public static WorkerProcess Start(params string[] arguments) => StartProgram("dotnet", [Assembly, .. arguments]);

    public static WorkerProcess StartProgram(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new(Process.Start(start)!);
    }

    public string? ReadLine() => _process.StandardOutput.ReadLine();

    /// <summary>Sends a signal: 9 kills, 19 stops, 18 lets go on.</summary>
    public void Signal(int signal) => Signal(_process.Id, signal);

    public static void Signal(int process, int signal) => Xunit.Assert.Equal(0, Kill(process, signal));

    /// <summary>The processes that this one has started.</summary>
    public IReadOnlyList<int> Children() => [.. Directory.GetDirectories($"/proc/{_process.Id}/task")
        .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    /// <summary>Waits for the end.</summary>
    public (int Code, string Output) Finish()
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(40)))
            _process.Kill(entireProcessTree: true);

        _process.WaitForExit();
        return (_process.ExitCode, output.GetAwaiter().GetResult() + _errors.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
