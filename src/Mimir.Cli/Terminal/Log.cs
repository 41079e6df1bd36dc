using Microsoft.Extensions.Logging;

namespace Mimir.Cli.Terminal;

/// <summary>The log messages of the command line.</summary>
/// <remarks>
/// Event ids by area, over all projects: 1000 launch and rendezvous, 1100 transports, 1200 workers lost and admitted, 2000
/// data and features, 3000 training, 3100 checkpoints, 3200 tuning, 4000 decoding, 5000 lab, 9000 bugs and failed commands.
/// </remarks>
internal static partial class Log
{
    [LoggerMessage(9000, LogLevel.Critical, "bug: {Type}: {Text}")]
    internal static partial void Bug(ILogger logger, string type, string text, Exception error);

    [LoggerMessage(9001, LogLevel.Error, "{Text}")]
    internal static partial void CommandFailed(ILogger logger, string text, Exception error);
}
