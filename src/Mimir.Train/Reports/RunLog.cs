using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Base;

namespace Mimir.Train.Reports;

/// <summary><c>log.jsonl</c>: a line of JSON for each event, in the order of time.</summary>
/// <remarks>
/// Each line reaches the operating system before <see cref="Write"/> returns, so a killed process loses none. A line that a
/// crash of the machine tore is dropped when the log is opened again.
/// </remarks>
public sealed class RunLog : IDisposable
{
    private readonly FileStream _stream;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    private RunLog(FileStream stream, TimeProvider time)
    {
        _stream = stream;
        _time = time;
    }

    /// <summary>Opens a log to append to; makes it when it is missing.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static RunLog Open(string path, TimeProvider time)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 4096);
        try
        {
            stream.SetLength(WholeLines(stream));
            stream.Seek(0, SeekOrigin.End);
            return new RunLog(stream, time);
        }
        catch (Exception)
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a log; a last line that is torn is left out.</summary>
    /// <exception cref="FileNotFoundException">There is no such log.</exception>
    /// <exception cref="InputException">A line is no event; the message has its number.</exception>
    public static IReadOnlyList<RunEvent> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var text = reader.ReadToEnd();
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select((line, index) => Parse(line, path, index + 1))];
    }

    /// <summary>Appends an event with the present time.</summary>
    /// <returns>The event as it was written.</returns>
    /// <exception cref="IOException">The disk is full.</exception>
    public RunEvent Write(RunEvent happened)
    {
        lock (_gate)
        {
            var stamped = happened with { Time = _time.GetUtcNow() };
            var line = Encoding.UTF8.GetBytes(SafeText.WithoutSecrets(JsonSerializer.Serialize(stamped, ReportJson.Line.RunEvent)));
            var start = _stream.Position;
            try
            {
                _stream.Write([.. line, (byte)'\n']);
                _stream.Flush(flushToDisk: stamped is CheckpointSaved or RunEnded);
            }
            catch (IOException)
            {
                _stream.SetLength(start);
                throw;
            }

            return stamped;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static RunEvent Parse(string line, string path, int number)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ReportJson.Line.RunEvent)
                ?? throw new InputException($"{path}:{number}: expected an event, got null");
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new InputException($"{path}:{number}: expected an event in JSON, got '{Start(line)}'", error);
        }
    }

    private static string Start(string line) => line.Length <= 60 ? line : $"{line[..60]}…";

    /// <summary>The length of the file up to the end of its last whole line.</summary>
    private static long WholeLines(FileStream stream)
    {
        var end = stream.Length;
        for (Span<byte> last = stackalloc byte[1]; end > 0; end--)
        {
            stream.Position = end - 1;
            stream.ReadExactly(last);
            if (last[0] == (byte)'\n')
                return end;
        }

        return 0;
    }
}

/// <summary>The JSON form of reports: snake_case names, no nulls, "NaN" and "Infinity" as text, other scripts as they are.</summary>
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>Gets the form of a line of the log.</summary>
    public static ReportJson Line { get; } = new(Form(indented: false));

    /// <summary>Gets the form of a file that people read.</summary>
    public static ReportJson File { get; } = new(Form(indented: true));

    private static JsonSerializerOptions Form(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        NewLine = "\n",
    };
}
