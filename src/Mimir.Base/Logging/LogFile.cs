using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Mimir.Base.Logging;

/// <summary>Writes log messages to a file, <c>mimir.log</c>, one line each.</summary>
/// <remarks>
/// A line holds the time in UTC, level, event id and name, the worker's rank in brackets, the category and the message:
/// <c>2026-11-30T03:24:02.123Z warn 1200 PeerLost [0] Mimir.Dist.Transports.Tcp.TcpMesh: worker 1 is lost: …</c>.
/// The stack of an exception follows, indented. Messages that come before <see cref="Open"/> are kept, the first
/// <see cref="Kept"/> of them, and written when the file is known.
/// </remarks>
/// <param name="time">The clock.</param>
public sealed class LogFile(TimeProvider time) : ILoggerProvider
{
    /// <summary>The file's name in the folder of a run.</summary>
    public const string Name = "mimir.log";

    /// <summary>The most messages that wait for the file.</summary>
    public const int Kept = 1000;

    private readonly Lock _gate = new();
    private readonly List<Message> _waiting = [];
    private FileStream? _stream;
    private int _rank;
    private bool _isClosed;

    /// <summary>Gets the file, or null before <see cref="Open"/>.</summary>
    public string? Path { get; private set; }

    /// <summary>Opens the file, appends what came before and then every message. A second call changes to another file.</summary>
    /// <param name="folder">The folder of the file; made when it is missing.</param>
    /// <param name="rank">The rank of this worker.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Open(string folder, int rank)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;

            Directory.CreateDirectory(folder);
            var path = System.IO.Path.Combine(folder, Name);
            _stream?.Dispose();
            _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            (Path, _rank) = (path, rank);
            _waiting.ForEach(Append);
            _waiting.Clear();
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <summary>Closes the file; later messages are dropped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _stream?.Dispose();
            _stream = null;
        }
    }

    /// <summary>Returns the name of a level as the file and the console write it.</summary>
    /// <param name="level">The level.</param>
    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "fatal",
    };

    private void Write(Message message)
    {
        lock (_gate)
        {
            if (_isClosed)
                return;

            if (_stream is not null)
                Append(message);
            else if (_waiting.Count < Kept)
                _waiting.Add(message);
        }
    }

    private void Append(Message message)
    {
        try
        {
            _stream?.Write(Encoding.UTF8.GetBytes(message.ToLine(_rank)));
            _stream?.Flush();
        }
        catch (IOException)
        {
            // A full disk must not end the run because of its log; the run's own files report it.
            _stream?.Dispose();
            _stream = null;
            _isClosed = true;
        }
    }

    private sealed record Message(DateTimeOffset Time, LogLevel Level, EventId Event, string Category, string Text, string? Stack)
    {
        public string ToLine(int rank)
        {
            var name = Event.Name is { Length: > 0 } eventName ? $" {eventName}" : "";
            var head = string.Create(
                CultureInfo.InvariantCulture,
                $"{Time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z {NameOf(Level)} {Event.Id}{name} [{rank}] {Category}: ");
            return SafeText.Of($"{head}{Indent(Text)}\n" + (Stack is null ? "" : $"    {Indent(Stack)}\n"));
        }

        private static string Indent(string text) => text.Replace("\n", "\n    ", StringComparison.Ordinal);
    }

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Debug and < LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                file.Write(new(file.Now, logLevel, eventId, category, formatter(state, exception), exception?.ToString()));
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
