using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Featbin;

public sealed class CmvnToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SharedDataFact]
    public void Statistics_by_speaker_by_utterance_and_over_all_agree_with_Kaldi()
    {
        var features = $"ark:{Shared("out/compute-mfcc-feats.base.wav8k.ark")}";

        var speaker = ToolRun.Of("compute-cmvn-stats", $"--spk2utt=ark:{Shared("spk2utt")}", features, $"ark:{_folder.At("spk.ark")}");
        var utterance = ToolRun.Of("compute-cmvn-stats", features, $"ark,t:{_folder.At("utt.txt")}");
        var global = ToolRun.Of("compute-cmvn-stats", "--binary=false", features, _folder.At("global.txt"));

        Assert.Equal([0, 0, 0], new[] { speaker.Status, utterance.Status, global.Status });
        Assert.Contains("Done accumulating CMVN stats for 3 utterances; 0 had errors.", speaker.Errors, StringComparison.Ordinal);
        Equal(KaldiTables.DoubleMatrix.Read($"ark:{Shared("post/cmvn.perspk.ark")}"), $"ark:{_folder.At("spk.ark")}", 1e-12);
        Equal(KaldiTables.DoubleMatrix.Read($"ark:{Shared("post/cmvn.perutt.txt")}"), $"ark:{_folder.At("utt.txt")}", 1e-6);
        Equal(
            [new("", KaldiTables.DoubleMatrix.ReadOne(Shared("post/cmvn.global.txt")))],
            KaldiTables.DoubleMatrix.ReadOne(_folder.At("global.txt")), 1e-6);
    }

    [Fact]
    public void Apply_after_compute_gives_mean_0_and_variance_1()
    {
        var features = _folder.Write("f.txt", "a  [\n 1 2\n 3 6\n 8 1 ]\nb  [\n 5 5 ]\n");
        ToolRun.Of("compute-cmvn-stats", $"ark:{features}", $"ark:{_folder.At("s.ark")}");

        var run = ToolRun.Of("apply-cmvn", "--norm-vars=true", $"ark:{_folder.At("s.ark")}", $"ark:{features}", "ark:-");

        var a = KaldiTables.Matrix.Read($"ark:{_folder.Write("out.ark", run.Output)}").First().Value;
        for (var d = 0; d < 2; d++)
        {
            var column = Enumerable.Range(0, 3).Select(t => (double)a[t, d]).ToArray();
            Assert.Equal(0, column.Average(), 1e-6);
            Assert.Equal(1, column.Average(x => x * x), 1e-5);
        }
    }

    [Fact]
    public void Apply_without_statistics_for_a_key_warns_and_goes_on()
    {
        var features = _folder.Write("f.txt", "a  [\n 1 2 ]\nb  [\n 5 5 ]\n");
        var stats = _folder.Write("s.txt", "a  [\n 1 2 1\n 1 4 0 ]\n");

        var run = ToolRun.Of("apply-cmvn", $"ark:{stats}", $"ark:{features}", $"ark:{_folder.At("o.ark")}");

        Assert.Equal(0, run.Status);
        Assert.Contains("No normalization statistics available for key b", run.Errors, StringComparison.Ordinal);
        Assert.Equal(["a"], KaldiTables.Matrix.Read($"ark:{_folder.At("o.ark")}").Select(p => p.Key));
    }

    [Fact]
    public void Compute_of_a_NaN_names_the_utterance_and_leaves_no_file()
    {
        var features = _folder.Write("f.txt", "a  [\n 1 nan ]\n");

        var run = ToolRun.Of("compute-cmvn-stats", $"ark:{features}", $"ark:{_folder.At("s.ark")}");

        Assert.Equal(255, run.Status);
        Assert.Contains("utterance 'a': frame 0, value 1: expected a finite number", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("s.ark")));
    }

    public void Dispose() => _folder.Dispose();

    private static string Shared(string name) => SharedData.At($"goldens/kaldi/features/{name}");

    private static void Equal(IEnumerable<KeyValuePair<string, double[,]>> want, string got, double relative)
    {
        var table = KaldiTables.DoubleMatrix.Read(got).ToDictionary();
        foreach (var pair in want)
            Equal([pair], table[pair.Key], relative);
    }

    private static void Equal(IEnumerable<KeyValuePair<string, double[,]>> want, double[,] got, double relative) =>
        Assert.All(want.Single().Value.Cast<double>().Zip(got.Cast<double>()), p =>
            Assert.True(Math.Abs(p.First - p.Second) <= relative * (1 + Math.Abs(p.First)), $"{p.First} and {p.Second}"));
}
