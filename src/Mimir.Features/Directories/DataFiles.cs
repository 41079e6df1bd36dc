using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Data;

namespace Mimir.Features.Directories;

/// <summary>Writes the lists of a data directory beside its features, sorted as Kaldi requires.</summary>
internal static class DataFiles
{
    /// <summary>The name of the list of utterances without features.</summary>
    public const string Dropped = "dropped";

    /// <summary>Throws when the folder has lists of recordings that contradict the copies.</summary>
    public static void RequireRoomFor(FeatureDirectoryOptions options)
    {
        if (!options.Renames)
            return;

        foreach (var name in new[] { "wav.scp", "segments" })
        {
            var path = Path.Combine(options.Output, name);
            if (File.Exists(path))
            {
                throw new InputException(
                    $"{path}: the copies have other ids than these recordings; choose another folder for them, or take the file away.");
            }
        }
    }

    /// <summary>Writes the lists of the utterances that have features.</summary>
    public static void Write(
        FeatureDirectoryOptions options, DataDirectory data, List<(UtteranceCopy Copy, int Frames, double Seconds)> kept)
    {
        var speakers = kept.Select(entry => (entry.Copy.Id, entry.Copy.Speaker)).ToList();
        Save(options, "utt2num_frames", kept.Select(entry => $"{entry.Copy.Id} {entry.Frames}"));
        Save(options, "utt2dur", kept.Select(
            entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Copy.Id} {entry.Seconds:0.######}")));
        Save(options, "utt2spk", speakers.Select(pair => $"{pair.Id} {pair.Speaker}"));
        Save(options, "spk2utt", speakers.GroupBy(pair => pair.Speaker, pair => pair.Id)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} {string.Join(' ', group)}"));
        if (kept[0].Copy.Original.Text is not null)
            Save(options, "text", kept.Select(entry => $"{entry.Copy.Id} {entry.Copy.Original.Text}".TrimEnd()));

        SaveGenders(options, data, kept);
        if (options.Renames)
            Save(options, "utt2uniq", kept.Select(entry => $"{entry.Copy.Id} {entry.Copy.Original.Id}"));
        else
            SaveRecordings(options, [.. kept.Select(entry => entry.Copy.Id)]);

        SaveOptions(options);
    }

    /// <summary>Writes the utterances that have no features, each with its reason; without any, there is no file.</summary>
    public static void WriteDropped(FeatureDirectoryOptions options, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
            Save(options, Dropped, lines);
        else
            File.Delete(Path.Combine(options.Output, Dropped));
    }

    private static void SaveGenders(
        FeatureDirectoryOptions options, DataDirectory data, List<(UtteranceCopy Copy, int Frames, double Seconds)> kept)
    {
        var genders = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (copy, _, _) in kept)
        {
            if (data.Genders.TryGetValue(copy.Original.Speaker, out var gender))
                genders[copy.Speaker] = gender;
        }

        if (genders.Count > 0)
            Save(options, "spk2gender", genders.Select(pair => $"{pair.Key} {pair.Value}"));
    }

    // Augmented copies have no recordings of their own; others keep theirs.
    private static void SaveRecordings(FeatureDirectoryOptions options, HashSet<string> kept)
    {
        if (Path.GetFullPath(options.Input) == Path.GetFullPath(options.Output))
            return;

        var segments = KeyedLines.ReadIfPresent(options.Input, "segments");
        SaveLines(options, "wav.scp", segments is null ? kept.Contains : static _ => true);
        SaveLines(options, "segments", kept.Contains);
    }

    private static void SaveLines(FeatureDirectoryOptions options, string name, Func<string, bool> wanted)
    {
        if (KeyedLines.ReadIfPresent(options.Input, name) is not { } lines)
            return;

        Save(options, name, lines.Keys.Where(wanted).Order(StringComparer.Ordinal)
            .Select(key => lines.TryGet(key, out var text) ? $"{key} {text}" : key));
    }

    private static void SaveOptions(FeatureDirectoryOptions options)
    {
        var conf = Path.Combine(options.Output, "conf");
        Directory.CreateDirectory(conf);
        Save(options, Path.Combine("conf", options.Features.Kind + ".conf"), Option.Of(options.Features.GetType())
            .Select(option => $"--{option.Name}={option.Format(options.Features)}"));
        Save(options, "frame_shift", [string.Create(CultureInfo.InvariantCulture, $"{options.Features.Frame.FrameShift / 1000:0.######}")]);
    }

    private static void Save(FeatureDirectoryOptions options, string name, IEnumerable<string> lines)
    {
        AtomicFile.Write(Path.Combine(options.Output, name), stream =>
        {
            using var text = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
            foreach (var line in lines)
                text.WriteLine(line);
        });
    }
}
