using System.Globalization;
using System.Text.Json;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Data;

/// <summary>
/// Reads utterances from a manifest of lhotse: cuts (<c>cuts_train.jsonl.gz</c>), or supervisions with the recordings that lie beside
/// them (<c>aishell_supervisions_train.jsonl.gz</c>, <c>aishell_recordings_train.jsonl.gz</c>).
/// </summary>
/// <remarks>
/// A cut with one supervision is an utterance of the cut's name and extent. One with several gives an utterance for each, by the names of
/// the supervisions. One without is left out. Cuts that are mixed, padded or changed (speed, volume) are refused: Mimir changes audio
/// while it trains.
/// </remarks>
internal static class LhotseManifest
{
    // Seconds; lhotse rounds durations to the sample, and more coarsely where a cut was made by hand.
    private const double WholeTolerance = 1e-3;

    /// <summary>True for the name of a manifest, <c>.jsonl</c> or <c>.jsonl.gz</c>.</summary>
    public static bool IsOne(string path) =>
        path.EndsWith(".jsonl", StringComparison.Ordinal) || path.EndsWith(".jsonl.gz", StringComparison.Ordinal);

    /// <summary>Reads a manifest.</summary>
    /// <param name="path">The manifest of cuts or supervisions.</param>
    /// <param name="root">The folder of relative audio paths; null for the current directory.</param>
    /// <exception cref="FileNotFoundException">The manifest, or that of the recordings, is missing.</exception>
    /// <exception cref="InputException">A line is no cut or supervision, or one that Mimir cannot take as it is.</exception>
    public static List<Utterance> Read(string path, string? root)
    {
        var utterances = new List<Utterance>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Dictionary<string, Recording>? recordings = null;
        foreach (var (number, item) in Lines(path))
        {
            using (item)
            {
                try
                {
                    var line = item.RootElement;
                    if (line.TryGetProperty("recording_id", out _))
                        utterances.Add(OfSupervision(line, recordings ??= Recordings(path, root)));
                    else
                        utterances.AddRange(OfCut(line, root));
                }
                catch (Exception error) when (
                    error is InputException or KeyNotFoundException or InvalidOperationException or FormatException)
                {
                    var problem = error is InputException
                        ? error.Message
                        : "expected a cut or a supervision of lhotse, with all its fields";
                    throw new InputException($"{path}:{number}: {problem}", error);
                }
            }
        }

        var twice = utterances.FirstOrDefault(utterance => !seen.Add(utterance.Id));
        return twice is null ? utterances : throw new InputException($"{path}: utterance '{twice.Id}' comes twice.");
    }

    private static IEnumerable<(int Number, JsonDocument Item)> Lines(string path)
    {
        using var text = KaldiInput.OpenText(path);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            if (line.AsSpan().Trim().IsEmpty)
                continue;

            JsonDocument item;
            try
            {
                item = JsonDocument.Parse(line);
            }
            catch (JsonException error)
            {
                throw new InputException($"{path}:{number}: expected a line of JSON, {error.Message}", error);
            }

            yield return (number, item);
        }
    }

    private static IEnumerable<Utterance> OfCut(JsonElement cut, string? root)
    {
        if (Text(cut, "type") is { } type and not ("MonoCut" or "MultiCut" or "Cut"))
        {
            throw new InputException(
                $"cut '{Text(cut, "id")}' is a {type}, which is not audio as it was recorded; give the cuts that it was made of.");
        }

        var recording = Recording.Of(cut.GetProperty("recording"), root);
        var (id, start, duration) = (cut.GetProperty("id").GetString() ?? "", Seconds(cut, "start"), Seconds(cut, "duration"));
        var spoken = cut.GetProperty("supervisions").EnumerateArray().ToList();
        if (spoken.Count == 1)
            return [recording.Cut(id, spoken[0], start, duration, Channel(cut))];

        return spoken.Select(one => recording.Cut(
            one.GetProperty("id").GetString() ?? "", one, start + Seconds(one, "start"), Seconds(one, "duration"), Channel(one)));
    }

    private static Utterance OfSupervision(JsonElement spoken, Dictionary<string, Recording> recordings)
    {
        var name = spoken.GetProperty("recording_id").GetString() ?? "";
        var recording = recordings.TryGetValue(name, out var found)
            ? found
            : throw new InputException($"recording '{name}' is not in the manifest of recordings.");
        return recording.Cut(
            spoken.GetProperty("id").GetString() ?? "", spoken, Seconds(spoken, "start"), Seconds(spoken, "duration"), Channel(spoken));
    }

    private static Dictionary<string, Recording> Recordings(string path, string? root)
    {
        var name = Path.GetFileName(path);
        var beside = Path.Combine(Path.GetDirectoryName(path) ?? "", name.Replace("supervisions", "recordings", StringComparison.Ordinal));
        if (beside == path || !File.Exists(beside))
        {
            throw new FileNotFoundException(
                $"{path}: supervisions need the recordings beside them, in a file of the same name with 'recordings' for 'supervisions'.",
                beside);
        }

        var recordings = new Dictionary<string, Recording>(StringComparer.Ordinal);
        foreach (var (_, item) in Lines(beside))
        {
            using (item)
                recordings[item.RootElement.GetProperty("id").GetString() ?? ""] = Recording.Of(item.RootElement, root);
        }

        return recordings;
    }

    private static string? Text(JsonElement item, string key) =>
        item.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double Seconds(JsonElement item, string key) => item.GetProperty(key).GetDouble();

    // Supervisions of all channels have a list.
    private static int Channel(JsonElement item) => item.TryGetProperty("channel", out var channel)
        ? channel.ValueKind == JsonValueKind.Array ? channel[0].GetInt32() : channel.GetInt32()
        : 0;

    /// <summary>A recording: where each of its channels is.</summary>
    private sealed record Recording(string Id, double Duration, IReadOnlyList<(string Audio, int[] Channels)> Sources)
    {
        public static Recording Of(JsonElement item, string? root)
        {
            var id = item.GetProperty("id").GetString() ?? "";
            if (item.TryGetProperty("transforms", out var changes)
                && changes is { ValueKind: JsonValueKind.Array } && changes.GetArrayLength() > 0)
            {
                var name = Text(changes[0], "name") ?? "a change";
                throw new InputException(
                    $"recording '{id}' is changed by {name}; give the recordings as they are, and change them in the recipe (augment).");
            }

            var sources = item.GetProperty("sources").EnumerateArray().Select(source => (
                Audio(id, source, root),
                source.GetProperty("channels").EnumerateArray().Select(channel => channel.GetInt32()).ToArray()));
            return new(id, Seconds(item, "duration"), [.. sources]);
        }

        public Utterance Cut(string id, JsonElement spoken, double start, double duration, int channel)
        {
            var (audio, channels) = Sources.FirstOrDefault(source => source.Channels.Contains(channel));
            if (audio is null)
                throw new InputException($"recording '{Id}' has no channel {channel}.");

            var isWhole = start < WholeTolerance && Math.Abs(duration - Duration) < WholeTolerance;
            return new(
                id, LhotseManifest.Text(spoken, "speaker") ?? id, audio,
                isWhole ? null : start, isWhole ? null : Math.Min(start + duration, Duration),
                LhotseManifest.Text(spoken, "text"))
            {
                Recording = Id,
                Channel = channels.Length > 1 ? Array.IndexOf(channels, channel) : null,
            };
        }

        private static string Audio(string id, JsonElement source, string? root)
        {
            var (type, name) = (Text(source, "type"), source.GetProperty("source").GetString() ?? "");
            return type switch
            {
                "file" => AudioName.Resolve(name, root),
                "command" => AudioName.Resolve($"{name} |", root),
                _ => throw new InputException(string.Create(
                    CultureInfo.InvariantCulture, $"recording '{id}' is in a source of type '{type}'; Mimir reads files and commands.")),
            };
        }
    }
}
