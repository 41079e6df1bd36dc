using System.Buffers;
using System.Text;
using System.Text.Json;
using Mimir.Base;

namespace Mimir.Dist.Data.Ledgers;

/// <summary>A <see cref="LedgerEntry"/> as a line of JSON.</summary>
internal static class LedgerLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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
                    "begin" => new LedgerEntry.Begun(epoch, root.GetProperty("utterances").GetInt32(), root.GetProperty("frames").GetInt64()),
                    "end" => new LedgerEntry.Ended(epoch),
                    _ => throw new KeyNotFoundException(),
                };
            }

            var utterance = root.GetProperty("utterance").GetString() ?? throw new KeyNotFoundException();
            return root.TryGetProperty("dropped", out var reason)
                ? new LedgerEntry.Dropped(epoch, utterance, reason.GetString() ?? throw new KeyNotFoundException())
                : new LedgerEntry.Completed(
                    epoch, utterance, root.TryGetProperty("rank", out var rank) ? rank.GetInt32() : null, root.GetProperty("step").GetInt64(), root.GetProperty("frames").GetInt32());
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
