using Microsoft.Extensions.Logging;
using Mimir.Base;
using Mimir.Base.Logging;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Cli.Terminal;

/// <summary>Exit codes of the <c>mimir</c> command, for scripts.</summary>
internal static class ExitCodes
{
    /// <summary>The command has done all that was asked.</summary>
    internal const int Success = 0;

    /// <summary>The data, a file or the machine prevented it; one line on standard error says what and where.</summary>
    internal const int Failure = 1;

    /// <summary>The command line itself was wrong.</summary>
    internal const int Usage = 2;

    /// <summary>A bug of Mimir (EX_SOFTWARE of sysexits.h); the stack is in the run's <c>mimir.log</c>.</summary>
    internal const int Bug = 70;

    /// <summary>Stopped by SIGINT or SIGTERM after a checkpoint; the same command continues from there.</summary>
    internal const int Interrupted = 130;
}

/// <summary>The log of one invocation, and its errors as lines and exit codes.</summary>
/// <remarks>
/// The log goes to standard error and, once a run has opened it, to <c>mimir.log</c> in the run's folder. Loggers are created
/// at their first use: a command that needs none, such as <c>--help</c>, does not load them.
/// </remarks>
internal sealed class Diagnostics : IDisposable
{
    /// <summary>The option that shows the log from level debug on.</summary>
    internal const string VerboseName = "--verbose";

    /// <summary>The option that shows results and errors only.</summary>
    internal const string QuietName = "--quiet";

    private readonly Lazy<ILoggerFactory> _loggers;
    private readonly Lazy<LogFile> _file = new(() => new(TimeProvider.System));

    internal Diagnostics() => _loggers = new(() => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(LogLevel.Debug)
        .AddProvider(_file.Value)
        .AddProvider(new ConsoleLog(IsQuiet ? (_ => { }) : Console.Error.WriteLine, IsVerbose))));

    /// <summary>Gets or sets a value that is true when the log is shown from level debug on.</summary>
    internal bool IsVerbose { get; set; }

    /// <summary>Gets or sets a value that is true when only results and errors are shown.</summary>
    internal bool IsQuiet { get; set; }

    /// <summary>Gets the loggers of this process.</summary>
    internal ILoggerFactory Loggers => _loggers.Value;

    /// <summary>Gets the log for a run, which opens its file.</summary>
    internal RunLogging Run => new(_loggers.Value, _file.Value);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_loggers.IsValueCreated)
            Loggers.Dispose();
    }

    /// <summary>Runs a command and turns its exceptions into lines on standard error and an exit code.</summary>
    /// <param name="run">The command.</param>
    internal int Guard(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("mimir: stopped");
            return ExitCodes.Interrupted;
        }
        catch (Exception error)
        {
            return Report(error);
        }
    }

    /// <summary>Shows the error of one of many things, after which the others go on.</summary>
    /// <param name="message">The error.</param>
    /// <param name="progress">The display, which keeps its place below the line.</param>
    internal void ShowError(string message, ITrainingProgress progress)
    {
        if (IsQuiet)
            Console.Error.WriteLine(SafeText.Of($"mimir: {message}"));
        else
            progress.Say($"mimir: {message}");
    }

    /// <summary>Describes an exception that is no error of the user's.</summary>
    /// <param name="error">The exception.</param>
    /// <param name="file">The log with its stack, or null when no run has opened one.</param>
    /// <param name="verbose">Adds the stack.</param>
    /// <returns>One line; with <paramref name="verbose"/> the stack follows.</returns>
    internal static string DescribeBug(Exception error, string? file, bool verbose)
    {
        var place = (file, verbose) switch
        {
            (not null, _) => $"the stack is in {file}",
            (null, true) => "there is no log",
            _ => $"there is no log, {VerboseName} shows the stack",
        };
        var line = $"mimir: this is a bug of Mimir: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")} ({place})";
        return verbose ? $"{line}\n{error}" : line;
    }

    private int Report(Exception error)
    {
        var message = UserError.Describe(error);
        if (_loggers.IsValueCreated || IsVerbose)
        {
            var logger = Loggers.CreateLogger<Diagnostics>();
            if (message is null)
                Log.Bug(logger, error.GetType().Name, error.Message, error);
            else
                Log.CommandFailed(logger, message, error);
        }

        Console.Error.WriteLine(SafeText.Of(message is null
            ? DescribeBug(error, _file.IsValueCreated ? _file.Value.Path : null, IsVerbose)
            : $"mimir: {message}"));
        return message is null ? ExitCodes.Bug : ExitCodes.Failure;
    }
}

/// <summary>Shows log messages on standard error.</summary>
/// <remarks>
/// Without <c>--verbose</c> only the messages of Mimir.Dist from level information on, as <c>mimir: message</c>: which workers
/// are started, lost and admitted. What the other libraries tell people goes through the progress display. With
/// <c>--verbose</c> all from level debug on, with level, event and category.
/// </remarks>
/// <param name="write">Takes a line.</param>
/// <param name="verbose">Shows all.</param>
internal sealed class ConsoleLog(Action<string> write, bool verbose) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class Logger(ConsoleLog console, string category) : ILogger
    {
        // The level from which messages are for people.
        private readonly LogLevel _shown =
            category.StartsWith("Mimir.Dist", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && (console.IsVerbose || logLevel >= _shown);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;

            var text = formatter(state, exception);
            var head = logLevel >= _shown ? "" : $"{LogFile.NameOf(logLevel)} {eventId.Id} {eventId.Name} {category}: ";
            console.Write($"mimir: {head}{text}");
        }
    }

    private bool IsVerbose => verbose;

    private void Write(string line) => write(SafeText.Of(line));
}
