using Mimir.Base;
using Mimir.Features.Augmentation;
using Mimir.Features.Directories;
using Mimir.Features.Extraction;
using Mimir.Features.Signal;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Tests.Directories;

public sealed class FeatureDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public FeatureDirectoryTests()
    {
        _data = _folder.WriteDirectory(
            "data",
            ("b-1", Waves.Noise(8000, 1)), ("a-1", Waves.Noise(5000, 2)), ("a-2", Waves.Noise(7000, 3)), ("c-1", Waves.Noise(100, 4)));
        _folder.Write("data/utt2spk", "a-1 a\na-2 a\nb-1 b\nc-1 c\n");
        _folder.Write("data/text", "a-1 one two\na-2\nb-1 three\nc-1 four\n");
        _folder.Write("data/spk2gender", "a f\nb m\nc m\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Make_writes_a_data_directory_that_can_be_read_again()
    {
        var reports = new List<FeatureDirectoryProgress>();

        var summary = FeatureDirectory.Make(Options("out") with { Cmvn = true }, reports.Add);

        Assert.Equal((4, 3, 40), (summary.Total, summary.Utterances, summary.Dimension));
        Assert.Equal("1 shorter than a frame (first c-1)", summary.Reasons);
        Assert.Equal([1, 2, 3, 4], reports.Select(report => report.Done));
        Assert.Equal(["a-1 29", "a-2 42", "b-1 48"], Lines("out/utt2num_frames"));
        Assert.Equal(["a-1 0.3125", "a-2 0.4375", "b-1 0.5"], Lines("out/utt2dur"));
        Assert.Equal(["a a-1 a-2", "b b-1"], Lines("out/spk2utt"));
        Assert.Equal(["a-1 one two", "a-2", "b-1 three"], Lines("out/text"));
        Assert.Equal(["a f", "b m"], Lines("out/spk2gender"));
        Assert.Equal(["0.01"], Lines("out/frame_shift"));
        var read = DataDirectory.Load(_folder.At("out"));
        Assert.Equal(["a-1", "a-2", "b-1"], read.Utterances.Select(utterance => utterance.Id));
        var features = KaldiTables.Matrix.Read($"scp:{_folder.At("out/feats.scp")}").ToDictionary();
        var statistics = KaldiTables.DoubleMatrix.Read($"scp:{_folder.At("out/cmvn.scp")}").ToDictionary();
        var direct = new FeatureWorkers(Fbank.CreateExtractor(), 777)
            .Extract([new FeatureRequest("a-2", _folder.At("data/a-2.wav"))]).Single();
        Assert.Equal(direct.Require().Data, features["a-2"].Data);
        Assert.Equal(29 + 42, new CmvnStatistics(statistics["a"]).Count);
        Assert.Contains("--num-mel-bins=40", Lines("out/conf/fbank.conf"));
    }

    [Fact]
    public void Make_of_speeds_copies_under_the_names_of_Kaldi_whatever_the_number_of_workers()
    {
        var options = Options("one") with
        {
            Speeds = [0.9, 1, 1.1],
            Workers = 1,
            Augmentation = new() { Volume = (0.5, 2), Noise = new() { Sources = [Noise()], BackgroundSnr = SnrChoice.Parse("5-20") } },
        };

        FeatureDirectory.Make(options);
        FeatureDirectory.Make(options with { Output = _folder.At("many"), Workers = 4 });

        Assert.Equal(
            [
                "a-1 a", "a-2 a", "b-1 b", "sp0.9-a-1 sp0.9-a", "sp0.9-a-2 sp0.9-a", "sp0.9-b-1 sp0.9-b",
                "sp1.1-a-1 sp1.1-a", "sp1.1-a-2 sp1.1-a", "sp1.1-b-1 sp1.1-b",
            ],
            Lines("one/utt2spk"));
        Assert.Equal("sp0.9-a-1 a-1", Lines("one/utt2uniq")[3]);
        Assert.Equal("sp1.1-b m", Lines("one/spk2gender")[^1]);
        Assert.Equal($"sp0.9-b-1 {new FrameOptions().FrameCount((int)Math.Ceiling(8000 / 0.9))}", Lines("one/utt2num_frames")[5]);
        Assert.False(File.Exists(_folder.At("one/wav.scp")));
        Assert.Equal(File.ReadAllBytes(_folder.At("one/feats.ark")), File.ReadAllBytes(_folder.At("many/feats.ark")));
    }

    [Fact]
    public void Make_stops_when_more_fail_than_may_and_leaves_no_features()
    {
        var error = Assert.Throws<InputException>(() => FeatureDirectory.Make(Options("out") with { MaxDropped = 0.1 }));
        File.Delete(_folder.At("data/a-2.wav"));
        var missing = Assert.Throws<InputException>(() => FeatureDirectory.Make(Options("out") with { MaxDropped = 0.2 }));
        var copies = Assert.Throws<InputException>(() => FeatureDirectory.Make(Options("data") with { Speeds = [0.9] }));

        Assert.Contains("shorter than a frame (first c-1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("a-2.wav", missing.Message, StringComparison.Ordinal);
        Assert.Contains("--max-dropped", missing.Message, StringComparison.Ordinal);
        Assert.Contains("other ids", copies.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.At("out")));
    }

    [Fact]
    public void Make_says_which_recordings_are_shorter_than_their_headers_say()
    {
        var path = _folder.At("data/a-1.wav");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);

        var summary = FeatureDirectory.Make(Options("out"));

        Assert.Equal(1, summary.Warnings?.Count);
        Assert.Contains($"; 1 with doubtful audio (first {path}: expected ", summary.ToString(), StringComparison.Ordinal);
    }

    private static FbankOptions Fbank => new() { Mel = new() { NumMelBins = 40 } };

    private FeatureDirectoryOptions Options(string output) =>
        new() { Input = _data, Output = _folder.At(output), Features = Fbank, MaxDropped = 0.5 };

    private string Noise() => _folder.WriteDirectory("noise", ("n1", Waves.Noise(3000, 8)), ("n2", Waves.Noise(30000, 9)));

    private string[] Lines(string name) => File.ReadAllLines(_folder.At(name));
}
