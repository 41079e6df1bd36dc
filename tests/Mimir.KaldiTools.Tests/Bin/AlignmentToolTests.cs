using System.Text;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Bin;

/// <summary>The programs of alignment against what Kaldi's own gave.</summary>
public sealed class AlignmentToolTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    public void Align_equal_compiled_draws_kaldis_paths()
    {
        var train = SharedData.At("goldens/kaldi-train");

        var run = ToolRun.Of(
            "align-equal-compiled", $"ark:{train}/mono/fsts.ark", $"ark:{train}/data/feats.ark", "ark,t:-");

        Same($"{train}/mono/ali.0.txt", run, "align-equal-compiled");
        Assert.Contains("Success: done 41 utterances.", run.Errors, StringComparison.Ordinal);
    }

    [SharedDataTheory]
    [InlineData("10", "40", "ali.txt")]
    [InlineData("0.2", "6", "ali.beam0.2.txt")]
    public void Align_compiled_mapped_gives_kaldis_alignments_of_a_network(string beam, string retryBeam, string golden)
    {
        var (folder, kaldi) = (SharedData.At("goldens/kaldi-train/nnetali"), SharedData.At("goldens/kaldi"));
        var forward = ToolRun.Of(
            "nnet-forward", "--no-softmax=true", "--prior-scale=1.0", $"--feature-transform={kaldi}/nnet1_steps/transf.nnet",
            $"--class-frame-counts={kaldi}/nnet1_steps/pdf.counts", "--use-gpu=no", $"{folder}/tiny.nnet",
            $"ark:{kaldi}/nnet1_steps/feats.ark", "ark:-");
        var scores = _folder.At("scores");

        var run = ToolRun.Of(
            "align-compiled-mapped", new MemoryStream(forward.Output), "--transition-scale=1.0", "--self-loop-scale=0.1",
            "--acoustic-scale=0.1", $"--beam={beam}", $"--retry-beam={retryBeam}", $"{kaldi}/exp/tri1/final.mdl",
            $"ark:{folder}/fsts.ark", "ark:-", "ark,t:-", $"ark,t:{scores}");

        Same($"{folder}/{golden}", run, "align-compiled-mapped");
        Assert.Contains("Overall log-likelihood per frame is 8.9803", run.Errors, StringComparison.Ordinal);
        Assert.Contains("over 3572 frames.", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Retried 0 out of 12 utterances.", run.Errors, StringComparison.Ordinal);
        var expected = KaldiTables.FloatScalar.Read($"ark:{folder}/scores.txt").ToList();
        var got = KaldiTables.FloatScalar.Read($"ark:{scores}").ToList();
        Assert.Equal(expected.Select(score => score.Key), got.Select(score => score.Key));
        var worst = expected.Zip(got).Max(pair => Math.Abs(pair.First.Value - pair.Second.Value) / Math.Abs(pair.First.Value));
        Assert.True(worst < 1e-5, $"{worst}");
    }

    [Fact]
    public void Alignment_skips_what_cannot_be_aligned_and_says_why()
    {
        SomeTransitionModel.Make(chain: false).Write(_folder.At("mdl"));
        var graphs = _folder.Write("fsts", "a \n0 1 2 7\n1 1 1 0\n1 2 4 0\n2 2 3 0\n2\n\nshort \n0 1 2 7\n1 2 4 0\n2\n\nempty \n\n");
        var matrix = " [\n 0 -1 -2\n 0 -1 -2\n -2 0 -3 ]\n";
        var feats = _folder.Write("feats", $"a {matrix}empty {matrix}none [ ]\nother {matrix}short {matrix}");

        var aligned = ToolRun.Of(
            "align-compiled-mapped", "--beam=10", "--retry-beam=20", _folder.At("mdl"), $"ark:{graphs}", $"ark:{feats}", "ark,t:-");
        var equal = ToolRun.Of("align-equal-compiled", $"ark:{graphs}", $"ark:{feats}", "ark,t:-");

        Assert.Equal((0, "a 2 1 4 \n"), (aligned.Status, Encoding.UTF8.GetString(aligned.Output)));
        foreach (var line in (string[])
        [
            "Empty decoding graph for empty", "No fst for utterance other", "Retrying utterance short with beam 20",
            "Did not successfully decode file short, len = 3", "Retried 1 out of 5 utterances.", "Done 1, errors on 4",
        ])
            Assert.Contains(line, aligned.Errors, StringComparison.Ordinal);

        Assert.Equal((0, "a 2 1 4 \n"), (equal.Status, Encoding.UTF8.GetString(equal.Output)));
        Assert.Contains("did not align utterance short: the path has no self-loops", equal.Errors, StringComparison.Ordinal);
        Assert.Contains("did not align utterance empty: the graph is empty", equal.Errors, StringComparison.Ordinal);
        Assert.Contains("Computed 1 alignments; 0 lacked features, 2 had other errors.", equal.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_of_another_model_is_an_error_and_leaves_no_archive()
    {
        SomeTransitionModel.Make(chain: false).Write(_folder.At("mdl"));
        var graphs = _folder.Write("fsts", "a \n0 1 99 7\n1\n\n");
        var feats = _folder.Write("feats", "a [\n 0 -1 -2 ]\n");

        var run = ToolRun.Of("align-compiled-mapped", _folder.At("mdl"), $"ark:{graphs}", $"ark:{feats}", $"ark:{_folder.At("ali")}");

        Assert.Equal(255, run.Status);
        Assert.Contains("input label 99", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("ali")));
    }

    [Fact]
    public void Get_post_on_ali_looks_up_the_weight_of_each_label()
    {
        var posts = _folder.Write("post", "a [ 1 0.25 2 0.75 ] [ 3 1 ] [ 1 0.5 ]\nb [ 1 1 ]\n");
        var ali = _folder.Write("ali", "a 2 3 4\n");

        var run = ToolRun.Of("get-post-on-ali", $"ark:{posts}", $"ark:{ali}", "ark,t:-");

        Assert.Equal("a  [ 0.75 1 0 ]\n", Encoding.UTF8.GetString(run.Output));
        Assert.Contains("for 1 utterances. 1 with missing alignments.", run.Errors, StringComparison.Ordinal);
    }

    private void Same(string golden, ToolRun run, string tool)
    {
        Assert.True(run.Status == 0, run.Errors);
        Assert.Equal(File.ReadAllText(golden), Encoding.UTF8.GetString(run.Output));
        var place = Path.GetRelativePath(SharedData.At(""), golden).Replace('\\', '/');
        KaldiAgreement.Record(console.WriteLine, tool, place, 1, 0, 0, "the same bytes");
    }
}
