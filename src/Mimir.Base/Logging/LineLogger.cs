using Microsoft.Extensions.Logging;

namespace Mimir.Base.Logging;

/// <summary>Passes log messages for people, those from level information on, to a function that shows a line.</summary>
/// <param name="show">Takes the text of a message.</param>
/// <param name="next">Takes all messages too, for a file; null for none.</param>
public sealed class LineLogger(Action<string> show, ILogger? next = null) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => next?.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) =>
        logLevel is >= LogLevel.Information and < LogLevel.None || next?.IsEnabled(logLevel) == true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        next?.Log(logLevel, eventId, state, exception, formatter);
        if (logLevel is >= LogLevel.Information and < LogLevel.None)
            show(formatter(state, exception));
    }
}
