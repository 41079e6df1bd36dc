using System.IO.Compression;
using System.Security.Cryptography;
using Mimir.Corpus.Digits;
using Mimir.Corpus.Tests.Support;
using Mimir.Decode.Graphs;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Tables;

namespace Mimir.Corpus.Tests;

public sealed class MandarinDigitsCorpusTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [EspeakFact]
    public void Create_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        MandarinDigitsCorpus.Create(TinyCorpus.At(_temporary.At("a")));
        MandarinDigitsCorpus.Create(TinyCorpus.At(_temporary.At("b")));
        MandarinDigitsCorpus.Create(TinyCorpus.At(_temporary.At("c")) with { Seed = 2 });

        Assert.Equal(Hashes("a"), Hashes("b"));
        Assert.Equal(Hashes("a").Keys, Hashes("c").Keys);
        Assert.NotEqual(Hashes("a")["wav/test/te001/te001-00001.flac"], Hashes("c")["wav/test/te001/te001-00001.flac"]);
    }

    [EspeakFact]
    public void Create_alignments_are_paths_of_the_graph_that_say_the_transcript()
    {
        var summary = MandarinDigitsCorpus.Create(TinyCorpus.At(_temporary.At("a")));
        var graph = FstReader.Read(_temporary.At("a/graph/HCLG.fst"));
        var symbols = SymbolTable.Read(_temporary.At("a/graph/words.txt"));

        Assert.Equal([6, 2, 2], summary.Sets.Select(set => set.Utterances));
        foreach (var set in summary.Sets)
        {
            var data = DataDirectory.Load(_temporary.At($"a/{set.Name}"), _temporary.At("a"));
            var alignments = Alignments(set.Name);
            Assert.Equal(set.Utterances, data.Utterances.Count);
            foreach (var utterance in data.Utterances)
            {
                var clip = SoundFile.Read(_temporary.At($"a/wav/{set.Name}/{utterance.Speaker}/{utterance.Id}.flac"));
                var ids = alignments[utterance.Id];

                Assert.Equal(16000, clip.SampleRate);
                Assert.Equal(new FbankExtractor(new FbankOptions()).Compute(clip.Channel(0)).Rows, ids.Length);
                Assert.Equal(utterance.Text, string.Join(' ', Walk(graph, ids).Select(word => DigitLexicon.Words[word - 1].Character)));
                Assert.Equal(utterance.Text, Spell(TransitionModel.Read(_temporary.At($"a/ali/{set.Name}/final.mdl")), ids));
            }
        }

        Assert.Equal("零", symbols.SymbolOf(1));
    }

    [EspeakFact]
    public void Create_alignments_keep_time_with_the_sound()
    {
        MandarinDigitsCorpus.Create(TinyCorpus.At(_temporary.At("a")) with { CleanShare = 1, TelephoneShare = 0 });
        var model = TransitionModel.Read(_temporary.At("a/ali/train/final.mdl"));

        foreach (var (id, ids) in Alignments("train"))
        {
            var sound = SoundFile.Read(_temporary.At($"a/wav/train/{id[..5]}/{id}.flac")).Channel(0);
            var speech = new List<double>();
            var silence = new List<double>();
            for (var frame = 0; frame < ids.Length; frame++)
            {
                var middle = sound.Slice((frame * 160) + 120, 160);
                (model.PhoneOf(ids[frame]) == 1 ? silence : speech).Add(10 * Math.Log10(Power(middle)));
            }

            // Without noise a silence has the floor of 2 units, 6 dB; the closures of plosives are speech and silent too.
            Assert.InRange(silence.Count(level => level < 10) / (double)silence.Count, 0.9, 1);
            Assert.InRange(speech.Count(level => level > 20) / (double)speech.Count, 0.85, 1);
        }
    }

    [EspeakFact]
    public void Differences_names_other_options_and_changed_and_missing_files()
    {
        var options = TinyCorpus.At(_temporary.At("a"));
        Assert.Null(MandarinDigitsCorpus.Differences(options));

        MandarinDigitsCorpus.Create(options);

        Assert.Empty(MandarinDigitsCorpus.Differences(options)!);
        Assert.Equal(
            ["seed is 1 there and 3 here", "signal-to-noise is 20,15,10,5,0 there and 3 here"],
            MandarinDigitsCorpus.Differences(options with { SignalToNoise = [3], Seed = 3 })!);
        File.AppendAllText(_temporary.At("a/test/text"), "\n");
        Assert.Equal(["test/text is not as it was made"], MandarinDigitsCorpus.Differences(options)!);
        MandarinDigitsCorpus.Create(options);
        Assert.Empty(MandarinDigitsCorpus.Differences(options)!);
        File.Delete(_temporary.At("a/wav/dev/dv001/dv001-00001.flac"));
        Assert.Equal(["wav/dev/dv001/dv001-00001.flac is missing"], MandarinDigitsCorpus.Differences(options)!);
    }

    [EspeakFact]
    public void Create_over_a_corpus_with_files_of_somebody_else_is_refused()
    {
        var options = TinyCorpus.At(_temporary.At("a"));
        MandarinDigitsCorpus.Create(options);
        Directory.CreateDirectory(_temporary.At("a/ali/mono"));
        File.WriteAllText(_temporary.At("a/ali/mono/notes"), "mine");

        var error = Assert.Throws<IOException>(() => MandarinDigitsCorpus.Create(options with { Seed = 2 }));

        Assert.Contains("ali/mono/notes", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_temporary.At("a/ali/mono/notes")));
        Assert.Empty(MandarinDigitsCorpus.Differences(options)!);
    }

    [EspeakFact]
    public void Create_interrupted_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        var progress = new Stop(stop);

        Assert.ThrowsAny<OperationCanceledException>(() =>
            MandarinDigitsCorpus.Create(TinyCorpus.At(_temporary.At("a")), progress, stop.Token));

        Assert.Equal(2, progress.Done);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temporary.At("")));
    }

    private Dictionary<string, int[]> Alignments(string set)
    {
        var unpacked = _temporary.At($"{set}.ark");
        using (var packed = new GZipStream(File.OpenRead(_temporary.At($"a/ali/{set}/ali.1.gz")), CompressionMode.Decompress))
        using (var file = File.Create(unpacked))
            packed.CopyTo(file);
        return KaldiTables.IntVector.Read($"ark:{unpacked}").ToDictionary(entry => entry.Key, entry => entry.Value);
    }

    private SortedDictionary<string, string> Hashes(string folder) => new(
        Directory.EnumerateFiles(_temporary.At(folder), "*", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetRelativePath(_temporary.At(folder), path),
            path => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))),
        StringComparer.Ordinal);

    private static List<int> Walk(Fst graph, int[] ids)
    {
        var state = graph.Start;
        var words = new List<int>();
        foreach (var id in ids)
        {
            var arc = graph.Arcs(state).ToArray().Single(one => one.Input == id);
            state = arc.Next;
            if (arc.Output > 0)
                words.Add(arc.Output);
        }

        Assert.True(float.IsFinite(graph.Final(state)));
        return words;
    }

    /// <summary>The characters that an alignment's phones spell, through the lexicon alone.</summary>
    private static string Spell(TransitionModel model, int[] ids)
    {
        string[] phones = [.. ids
            .Where(id => !model.IsSelfLoop(id) && model.HmmStateOf(id) == 0)
            .Select(id => DigitLexicon.Phones[model.PhoneOf(id) - 1])
            .Where(phone => phone != DigitLexicon.Silence)];
        var characters = new List<string>();
        for (var i = 0; i < phones.Length;)
        {
            var word = DigitLexicon.Words.Single(one => one.Phones.SequenceEqual(phones.Skip(i).Take(one.Phones.Count)));
            characters.Add(word.Character);
            i += word.Phones.Count;
        }

        return string.Join(' ', characters);
    }

    private static double Power(ReadOnlySpan<float> samples)
    {
        var sum = 1e-3;
        foreach (var sample in samples)
            sum += sample * sample;
        return sum / samples.Length;
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<CorpusProgress>
    {
        public int Done { get; private set; }

        public void Report(CorpusProgress value)
        {
            Done = value.Done;
            source.Cancel();
        }
    }
}
