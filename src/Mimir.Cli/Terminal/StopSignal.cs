using System.Runtime.InteropServices;
using Mimir.Dist.Launch;

namespace Mimir.Cli.Terminal;

/// <summary>Turns the first SIGINT or SIGTERM into a cancellation; a second one ends the process as usual.</summary>
/// <remarks>
/// A launcher passes SIGINT on as SIGTERM, also when the terminal has sent it to its workers: to a worker both are one request.
/// </remarks>
internal sealed partial class StopSignal : IDisposable
{
    private static readonly TimeSpan PassingTime = TimeSpan.FromSeconds(5);

    private readonly bool _isWorker = Environment.GetEnvironmentVariable(JobEnvironment.TokenVariable) is { Length: > 0 };
    private (PosixSignal Signal, long Time)? _first;
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    internal StopSignal()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    }

    /// <summary>Gets the token that the first signal cancels.</summary>
    internal CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    /// <summary>True when a SIGINT of this process is likely the terminal's, which its children have too.</summary>
    internal static bool IsOfTerminal => tcgetpgrp(0) is var group && group > 0 && group == getpgrp();

    private void Stop(PosixSignalContext context)
    {
        var isPassedOn = _isWorker && context.Signal == PosixSignal.SIGTERM && _first is { Signal: PosixSignal.SIGINT } first
            && TimeProvider.System.GetElapsedTime(first.Time) < PassingTime;
        context.Cancel = _first is null || isPassedOn;
        _first ??= (context.Signal, TimeProvider.System.GetTimestamp());
        _source.Cancel();
    }

    [LibraryImport("libc")]
    private static partial int tcgetpgrp(int descriptor);

    [LibraryImport("libc")]
    private static partial int getpgrp();
}
