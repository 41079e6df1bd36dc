using Mimir.Core.Tensors;
using Mimir.Decode.Search;
using Mimir.Features.Audio;
using Mimir.Kaldi.Alignments;
using Mimir.Train.Evaluation;
using Mimir.Train.Packages;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;
using Mimir.Train.Tests.Packages;
using Mimir.Train.Transcription;
using Mimir.Train.Transcription.Streaming;
using Xunit.Abstractions;

namespace Mimir.Train.Tests.Transcription;

/// <summary>Kaldi's network and graph of the connected digits, from audio to words with times.</summary>
public sealed class KaldiDigitsTests(ITestOutputHelper console) : IDisposable
{
    private const string Exp = "goldens/kaldi/exp";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    public void A_package_of_Kaldis_network_hears_what_Kaldi_hears()
    {
        var package = Package();
        var sources = Sources("test");

        var transcripts = TranscribingToy.Transcribe(package, sources);

        const string Golden = $"{Exp}/decode/dnn3x512.test.hyp.lmwt15_wip1.0.txt";
        string[] kaldi = [.. File.ReadLines(SharedData.At(Golden)).Select(line => line.TrimEnd()).Order(StringComparer.Ordinal)];
        string[] mimir = [.. transcripts.Select(found => TranscriptFormats.ToText(found).TrimEnd()).Order(StringComparer.Ordinal)];
        KaldiAgreement.Record(
            console.WriteLine, "mimir transcribe", Golden, kaldi.Length, 0, mimir.Except(kaldi).Count(), "the same words, from audio");
        Assert.Equal(kaldi, mimir);
        var words = transcripts.SelectMany(transcript => transcript.Words).ToList();
        Assert.InRange(words.Average(word => word.Confidence), 0.95, 1);
        Assert.All(words, word => Assert.InRange(word.End - word.Start, 0.03, 1.5));
    }

    [SharedDataFact]
    public void A_stream_hears_what_recordings_say_and_is_cut_in_their_pauses()
    {
        using var speech = SpeechModel.Load(ModelFiles.Find(Package(), []));
        var sources = Sources("test").Take(20).Select(source => source with { Speaker = source.Id }).ToList();
        var whole = new Transcriber(speech, new(), SilentProgress.Instance, TimeProvider.System).Run(sources).ToDictionary(
            transcript => transcript.Id, transcript => string.Join(' ', transcript.Words.Select(word => word.Text)));
        var transcriber = new StreamTranscriber(speech, EndpointOptions.KaldiRules);

        // A second of soft noise around each recording.
        var random = new Random(1);
        var (all, alone) = (new List<short>(), new Dictionary<string, string>());
        foreach (var source in sources)
        {
            var samples = SoundFile.Read(source.Audio).Channel(0).ToArray().Select(sample => (short)sample).ToArray();
            alone[source.Id] = string.Join(' ', Follow(samples).Select(cut => cut.Text));
            all.AddRange(samples);
            all.AddRange(Enumerable.Range(0, 8000).Select(_ => (short)random.Next(-20, 21)));
        }

        Assert.True(transcriber.KnowsSilence);
        Assert.Equal(whole, alone);
        var cuts = Follow([.. all]).Where(cut => cut.Text.Length > 0).ToList();
        var same = cuts.Select(cut => cut.Text).Intersect(whole.Values).Count();
        console.WriteLine($"{cuts.Count} cuts by rules {string.Join(' ', cuts.Select(cut => cut.Rule + 1))}, {same} as in the recordings");

        // Its normalisation is that of the stream so far, noise included, so some words are others: 15 of 20 utterances were the same.
        Assert.Equal(whole.Count, cuts.Count);
        Assert.InRange(same, whole.Count - 6, whole.Count);
        Assert.All(cuts.SkipLast(1), cut => Assert.InRange(cut.Rule, 1, 3));

        IEnumerable<(string Text, int Rule)> Follow(short[] samples)
        {
            var bytes = samples.SelectMany(sample => new[] { (byte)sample, (byte)(sample >> 8) }).ToArray();
            return transcriber.Run(AudioFeed.OpenRaw(new PieceStream(bytes, 1234), "digits", 8000))
                .Where(change => change.IsFinal)
                .Select(change => (string.Join(' ', change.Segment.Words.Select(word => word.Text)), change.Rule));
        }
    }

    // Kaldi's files as a run of Mimir, put into a package with the table of pronunciations, which the golden graph lacks.
    private string Package()
    {
        string[] overrides =
        [
            $"DIGITS={SharedData.At("corpora/digits")}", $"DIGITS_EXP={SharedData.At(Exp)}", $"output={_folder.At("run")}",
            $"decode.graph={_folder.At("graph")}",
        ];
        var loaded = RecipeReader.Read(Path.Combine(SharedData.Checkout, "recipes/digits/dnn.yaml"), new() { Overrides = overrides });
        Directory.CreateDirectory(_folder.At("run"));
        File.WriteAllText(_folder.At("run/recipe.yaml"), loaded.ToYaml());
        Directory.CreateDirectory(_folder.At("graph/phones"));
        File.Copy(SharedData.At($"{Exp}/tri1/HCLG.fst.gz"), _folder.At("graph/HCLG.fst.gz"));
        File.Copy(SharedData.At($"{Exp}/tri1/words.txt"), _folder.At("graph/words.txt"));
        File.Copy(SharedData.At($"{Exp}/lang/align_lexicon.int"), _folder.At("graph/phones/align_lexicon.int"));
        using (var network = Nnet1Import.Read(
            Device.Cpu, SharedData.At($"{Exp}/dnn3x512/final.feature_transform"), SharedData.At($"{Exp}/dnn3x512/final.nnet")))
        {
            var counts = PdfCounts.Read(SharedData.At($"{Exp}/dnn3x512/ali_train_pdf.counts"));
            new TrainedModel(_folder.At("run/model")).Save(
                network, [], counts, TransitionModel.Read(SharedData.At($"{Exp}/tri1/final.mdl")), cmvn: null);
        }

        string[] weights = ["decode.lm-weight=15", "decode.word-insertion-penalty=1"];
        ModelPackage.Write(ModelFiles.Find(_folder.At("run"), []), _folder.At("first"));
        ModelPackage.Write(ModelFiles.Find(_folder.At("first"), weights), _folder.At("package"));
        return _folder.At("package");
    }

    private static List<AudioSource> Sources(string set)
    {
        var root = SharedData.At("corpora/digits");
        return [.. AudioSources.Find([Path.Combine(root, "data", set)])
            .Select(source => source with { Audio = Path.Combine(root, source.Audio) })];
    }
}
