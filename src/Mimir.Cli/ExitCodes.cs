namespace Mimir.Cli;

/// <summary>What the <c>mimir</c> command tells scripts by its exit code.</summary>
internal static class ExitCodes
{
    /// <summary>All was done as asked.</summary>
    internal const int Success = 0;

    /// <summary>The data, a file or the machine stood in the way; one line on standard error says what and where.</summary>
    internal const int Failure = 1;

    /// <summary>The command line itself was wrong.</summary>
    internal const int Usage = 2;

    /// <summary>Stopped by SIGINT or SIGTERM after a checkpoint; the same command goes on from there.</summary>
    internal const int Interrupted = 130;
}
