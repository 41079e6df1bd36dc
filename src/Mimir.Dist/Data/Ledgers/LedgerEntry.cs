using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Base;

namespace Mimir.Dist.Data.Ledgers;

/// <summary>A line of a ledger.</summary>
public abstract record LedgerEntry
{
    private LedgerEntry(int epoch) => Epoch = epoch;

    /// <summary>Gets the epoch.</summary>
    public int Epoch { get; }

    /// <summary>An epoch begins.</summary>
    /// <param name="Epoch">Its number.</param>
    /// <param name="Utterances">The number of its utterances.</param>
    /// <param name="Frames">The number of its frames.</param>
    public sealed record Begun(int Epoch, int Utterances, long Frames) : LedgerEntry(Epoch);

    /// <summary>An utterance was trained on.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Utterance">Its id.</param>
    /// <param name="Rank">The worker; null when several have had parts of it.</param>
    /// <param name="Step">The step, or block.</param>
    /// <param name="Frames">The frames trained on.</param>
    public sealed record Completed(int Epoch, string Utterance, int? Rank, long Step, int Frames) : LedgerEntry(Epoch);

    /// <summary>Nobody trains on an utterance.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Utterance">Its id.</param>
    /// <param name="Reason">The reason.</param>
    public sealed record Dropped(int Epoch, string Utterance, string Reason) : LedgerEntry(Epoch);

    /// <summary>An epoch is over.</summary>
    /// <param name="Epoch">Its number.</param>
    public sealed record Ended(int Epoch) : LedgerEntry(Epoch);
}

/// <summary>A <see cref="LedgerEntry"/> as a line of JSON.</summary>
internal static class LedgerLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(LedgerEntry entry, Stream target)
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", entry.Epoch);
            Write(entry, json);
            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        target.Write(bytes.WrittenSpan);
    }

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is not one; the message begins with <paramref name="place"/>.</exception>
    public static LedgerEntry Read(string line, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var epoch = root.GetProperty("epoch").GetInt32();
            if (root.TryGetProperty("event", out var kind))
            {
                return kind.GetString() switch
                {
                    "begin" => new LedgerEntry.Begun(
                        epoch, root.GetProperty("utterances").GetInt32(), root.GetProperty("frames").GetInt64()),
                    "end" => new LedgerEntry.Ended(epoch),
                    _ => throw new KeyNotFoundException(),
                };
            }

            var utterance = root.GetProperty("utterance").GetString() ?? throw new KeyNotFoundException();
            return root.TryGetProperty("dropped", out var reason)
                ? new LedgerEntry.Dropped(epoch, utterance, reason.GetString() ?? throw new KeyNotFoundException())
                : new LedgerEntry.Completed(
                    epoch,
                    utterance,
                    root.TryGetProperty("rank", out var rank) ? rank.GetInt32() : null,
                    root.GetProperty("step").GetInt64(),
                    root.GetProperty("frames").GetInt32());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            var got = line.Length > 80 ? line[..80] + "…" : line;
            throw new InputException($"{place}: expected a line of a ledger such as {Example()}, got {got}", error);
        }
    }

    private static void Write(LedgerEntry entry, Utf8JsonWriter json)
    {
        switch (entry)
        {
            case LedgerEntry.Begun begun:
                json.WriteString("event", "begin");
                json.WriteNumber("utterances", begun.Utterances);
                json.WriteNumber("frames", begun.Frames);
                break;
            case LedgerEntry.Completed completed:
                json.WriteString("utterance", completed.Utterance);
                if (completed.Rank is { } rank)
                    json.WriteNumber("rank", rank);
                json.WriteNumber("step", completed.Step);
                json.WriteNumber("frames", completed.Frames);
                break;
            case LedgerEntry.Dropped dropped:
                json.WriteString("utterance", dropped.Utterance);
                json.WriteString("dropped", dropped.Reason);
                break;
            default:
                json.WriteString("event", "end");
                break;
        }
    }

    private static string Example()
    {
        using var line = new MemoryStream();
        Write(new LedgerEntry.Completed(1, "utt", 0, 10, 345), line);
        return Encoding.UTF8.GetString(line.ToArray()).TrimEnd();
    }
}
