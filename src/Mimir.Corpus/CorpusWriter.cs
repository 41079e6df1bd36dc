using System.Globalization;
using System.IO.Compression;
using System.Text;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.Corpus;

/// <summary>Writes the sets of a corpus as Kaldi's data and alignment directories.</summary>
/// <param name="root">The folder of the corpus.</param>
/// <param name="sampleRate">In hertz.</param>
internal sealed class CorpusWriter(string root, int sampleRate)
{
    /// <summary>Writes the audio of an utterance; its folder must exist.</summary>
    /// <remarks>The file is not flushed by itself; the whole corpus is, before it is published.</remarks>
    public void WriteAudio(string set, RecordedUtterance utterance, ReadOnlySpan<short> samples)
    {
        var path = Path.Combine(root, AudioPath(set, utterance));
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        SoundFile.WriteFlac(file, path, samples, sampleRate);
    }

    /// <summary>Creates the folder of a speaker's audio.</summary>
    public void CreateAudioFolder(string set, string speaker) =>
        Directory.CreateDirectory(Path.Combine(root, "wav", set, speaker));

    /// <summary>Writes a data directory; utterances are in the order of their ids.</summary>
    public void WriteData(string set, IReadOnlyList<RecordedUtterance> utterances)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, set)).FullName;
        var speakers = utterances.GroupBy(utterance => utterance.Speaker).ToArray();
        WriteLines(folder, "wav.scp", utterances.Select(one => $"{one.Id} {AudioPath(set, one)}"));
        WriteLines(folder, "text", utterances.Select(one => $"{one.Id} {one.Phrase.Text}"));
        WriteLines(folder, "utt2spk", utterances.Select(one => $"{one.Id} {one.Speaker.Id}"));
        WriteLines(folder, "spk2utt", speakers.Select(one => $"{one.Key.Id} {string.Join(' ', one.Select(utterance => utterance.Id))}"));
        WriteLines(folder, "spk2gender", speakers.Select(one => $"{one.Key.Id} {(one.Key.IsFemale ? 'f' : 'm')}"));
        WriteLines(folder, "spk2voice", speakers.Select(one => $"{one.Key.Id} {one.Key.Voice.Variant}"));
        WriteLines(folder, "utt2dur", utterances.Select(one =>
            string.Create(CultureInfo.InvariantCulture, $"{one.Id} {(double)one.Samples / sampleRate:F3}")));
        WriteLines(folder, "utt2scene", utterances.Select(one => $"{one.Id} {SceneText(one)}"));
    }

    /// <summary>Writes <c>ali.1.gz</c> and <c>final.mdl</c> of a set.</summary>
    public void WriteAlignments(string set, IReadOnlyList<RecordedUtterance> utterances, TransitionModel model)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, "ali", set)).FullName;
        model.Write(Path.Combine(folder, "final.mdl"));
        AtomicFile.WriteText(Path.Combine(folder, "num_jobs"), "1\n");
        AtomicFile.Write(Path.Combine(folder, "ali.1.gz"), file =>
        {
            using var packed = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
            using var buffered = new BufferedStream(packed, 1 << 16);
            var writer = new KaldiWriter(buffered, binary: true);
            foreach (var utterance in utterances)
            {
                buffered.Write(Encoding.UTF8.GetBytes(utterance.Id + " "));
                writer.WriteBinaryMarker();
                writer.WriteIntVector(utterance.Alignment);
            }
        });
    }

    /// <summary>Writes a text file, one line an item.</summary>
    public static void WriteLines(string folder, string name, IEnumerable<string> lines) =>
        AtomicFile.WriteText(Path.Combine(folder, name), string.Concat(lines.Select(line => line + "\n")));

    private static string AudioPath(string set, RecordedUtterance utterance) =>
        $"wav/{set}/{utterance.Speaker.Id}/{utterance.Id}.flac";

    private static string SceneText(RecordedUtterance utterance)
    {
        var scene = utterance.Scene;
        var line = scene.Telephone ? "telephone" : "wide";
        return scene.SignalToNoise is { } ratio
            ? FormattableString.Invariant($"{line} {scene.Colour.ToString().ToLowerInvariant()} {ratio}")
            : $"{line} clean";
    }
}
