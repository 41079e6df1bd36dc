using System.Text;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Gmmbin;

/// <summary>Alignment with Gaussian mixtures against Kaldi's own.</summary>
public sealed class GmmAlignToolTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // 1.boosted.mdl and 3.boosted.mdl are not among the goldens. A boost of 1.0 changes no more than the last digits of the text, which
    // move one boundary between two phones by a frame.
    [SharedDataTheory]
    [InlineData("mono/1.mdl", "mono/fsts.ark", "6", "24", "mono/ali.1.txt", "mono/ali.1.scores.txt", 2)]
    [InlineData("mono/2.boosted.mdl", "mono/fsts.ark", "10", "40", "mono/ali.2.txt", "mono/ali.2.scores.txt", 0)]
    [InlineData("mono/3.mdl", "mono/fsts.ark", "10", "40", "mono/ali.3.txt", "mono/ali.3.scores.txt", 0)]
    [InlineData("mono/final.mdl", "mono/fsts.ark", "10", "40", "mono/ali.final.txt", null, 0)]
    [InlineData("tri/2.mdl", "tri/fsts.ark", "10", "40", "tri/ali.2.txt", null, 0)]
    public void Gmm_align_compiled_gives_kaldis_alignments(
        string model, string graphs, string beam, string retryBeam, string golden, string? goldenScores, int other)
    {
        string At(string file) => SharedData.At($"goldens/kaldi-train/{file}");
        var features = ToolRun.Of("add-deltas", $"ark:{At("data/feats.ark")}", "ark:-").Output;
        var scores = _folder.At("scores");

        var run = ToolRun.Of(
            "gmm-align-compiled", new MemoryStream(features), "--transition-scale=1.0", "--acoustic-scale=0.1", "--self-loop-scale=0.1",
            $"--beam={beam}", $"--retry-beam={retryBeam}", At(model), $"ark:{At(graphs)}", "ark:-", "ark,t:-", $"ark,t:{scores}");

        Assert.True(run.Status == 0, run.Errors);
        var differing = Differing(At(golden), run.Output);
        Assert.True(differing <= other, $"{differing} frames differ");
        KaldiAgreement.Record(
            console.WriteLine, "gmm-align-compiled", $"goldens/kaldi-train/{golden}", 1, 11721, differing, $"{other} frames");
        Assert.Contains("over 11721 frames.", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Done 41, errors on 0", run.Errors, StringComparison.Ordinal);
        if (goldenScores is null)
            return;

        var expected = KaldiTables.FloatScalar.Read($"ark:{At(goldenScores)}");
        foreach (var (wanted, got) in expected.Zip(KaldiTables.FloatScalar.Read($"ark:{scores}")))
        {
            Assert.Equal(wanted.Key, got.Key);
            Assert.Equal(wanted.Value, got.Value, Math.Abs(wanted.Value) * 2e-6);
        }
    }

    private int Differing(string golden, byte[] output)
    {
        File.WriteAllBytes(_folder.At("got"), output);
        var pairs = KaldiTables.IntVector.Read($"ark:{golden}").Zip(KaldiTables.IntVector.Read($"ark:{_folder.At("got")}")).ToList();
        Assert.Equal(41, pairs.Count);
        Assert.All(pairs, pair => Assert.Equal((pair.First.Key, pair.First.Value.Length), (pair.Second.Key, pair.Second.Value.Length)));
        return pairs.Sum(pair => pair.First.Value.Zip(pair.Second.Value).Count(ids => ids.First != ids.Second));
    }

    [SharedDataFact]
    public void Gmm_align_compiled_gives_kaldis_alignments_of_the_digits_test()
    {
        string At(string file) => SharedData.At($"goldens/kaldi/exp/tri1/{file}");

        var run = ToolRun.Of(
            "gmm-align-compiled", "--transition-scale=1.0", "--acoustic-scale=0.1", "--self-loop-scale=0.1", "--beam=10",
            "--retry-beam=40", $"--write-per-frame-acoustic-loglikes=ark:{_folder.At("frames")}", At("final.mdl"),
            $"ark:{At("test3.graphs.fsts.gz")}", $"ark:{At("test3.feats.ark")}", "ark,t:-");

        Assert.Equal(File.ReadAllText(At("test3.ali.txt")), Encoding.UTF8.GetString(run.Output));
        Assert.Contains("Overall log-likelihood per frame is -87.557", run.Errors, StringComparison.Ordinal);
        Assert.Contains("over 972 frames.", run.Errors, StringComparison.Ordinal);
        Assert.Equal(972, KaldiTables.FloatVector.Read($"ark:{_folder.At("frames")}").Sum(frames => frames.Value.Length));
    }

    [SharedDataFact]
    public void Features_of_another_dimension_are_an_error_that_names_the_utterance()
    {
        var train = SharedData.At("goldens/kaldi-train");

        var run = ToolRun.Of(
            "gmm-align-compiled", $"{train}/mono/final.mdl", $"ark:{train}/mono/fsts.ark", $"ark:{train}/data/feats.ark", "ark,t:-");

        Assert.True(run.Status == 255, run.Errors);
        Assert.True(
            run.Errors.Contains("': The frames have 13 values, the model has 39 dimensions.", StringComparison.Ordinal), run.Errors);
    }
}
