namespace Mimir.KaldiTools.Tests;

/// <summary>What a program leaves out is said, and an option that would do nothing is refused.</summary>
public sealed class SilentLossTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_entry_that_the_option_p_passes_over_is_named()
    {
        var file = _folder.Write("a.mat", " [ 1 2 ]\n");
        var script = _folder.Write("m.scp", $"a {file}\nb {_folder.At("nowhere.mat")}\n");

        var run = ToolRun.Of("copy-feats", $"scp,p:{script}", $"ark:{_folder.At("o.ark")}");

        Assert.Equal(0, run.Status);
        Assert.Matches("WARNING .*m.scp:2: .*nowhere.mat: no such file. 'b' is passed over", run.Errors);
    }

    [Fact]
    public void An_utterance_without_frames_does_not_end_the_statistics_and_is_named()
    {
        var features = _folder.Write("f.txt", "a  [\n 1 2 ]\nb  [ ]\nc  [\n 3 4 ]\n");
        var speakers = _folder.Write("spk2utt", "s1 a b\ns2 c\ns3 b\n");

        var run = ToolRun.Of("compute-cmvn-stats", $"--spk2utt=ark:{speakers}", $"ark:{features}", "ark,t:-");
        var each = ToolRun.Of("compute-cmvn-stats", $"ark:{features}", "ark,t:-");

        Assert.Equal((0, 0), (run.Status, each.Status));
        Assert.Contains("Utterance b has no frames", run.Errors, StringComparison.Ordinal);
        Assert.Contains("No stats accumulated for speaker s3", run.Errors, StringComparison.Ordinal);
        Assert.Equal("s1  [\n  1 2 1 \n  1 4 0 ]\ns2  [\n  3 4 1 \n  9 16 0 ]\n", System.Text.Encoding.ASCII.GetString(run.Output));
        Assert.StartsWith("a  [", System.Text.Encoding.ASCII.GetString(each.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("copy-feats", "--compression-method=2", "ark:f", "ark:o")]
    [InlineData("compute-fbank-feats", "--utt2spk=ark:u", "scp:f", "ark:o")]
    [InlineData("nnet-forward", "--prior-scale=0.5", "m", "ark:f", "ark:o")]
    [InlineData("wav-reverberate", "--snrs=10", "a.wav", "b.wav")]
    [InlineData("ali-to-phones", "--frame-shift=0.02", "m", "ark:a", "ark:o")]
    public void An_option_without_the_one_that_it_belongs_to_is_refused(params string[] command)
    {
        var run = ToolRun.Of(command[0], command[1..]);

        Assert.Equal(255, run.Status);
        Assert.Contains("has no effect without --", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_that_are_all_0_are_refused()
    {
        var proto = _folder.Write("p", "<NnetProto>\n<Softmax> <InputDim> 2 <OutputDim> 2\n</NnetProto>\n");
        var features = _folder.Write("f.txt", "a  [\n 1 2 ]\n");
        ToolRun.Of("nnet-initialize", proto, _folder.At("n"));

        var run = ToolRun.Of(
            "nnet-forward", $"--class-frame-counts={_folder.Write("c", " [ 0 0 ]\n")}", "--use-gpu=no", _folder.At("n"),
            $"ark:{features}", "ark:-");

        Assert.Equal(255, run.Status);
        Assert.Contains("all of them are 0", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_target_is_named_by_utterance_and_frame()
    {
        var proto = _folder.Write(
            "p", "<NnetProto>\n<AffineTransform> <InputDim> 2 <OutputDim> 2\n<Softmax> <InputDim> 2 <OutputDim> 2\n</NnetProto>\n");
        var features = _folder.Write("f.txt", "u7  [\n 1 2\n 2 1 ]\n");
        var targets = _folder.Write("t.txt", "u7 [ 0 1 ] [ 1 -0.5 ]\n");
        ToolRun.Of("nnet-initialize", proto, _folder.At("n"));

        var run = ToolRun.Of(
            "nnet-train-frmshuff", "--use-gpu=no", "--minibatch-size=1", $"ark:{features}", $"ark:{targets}", _folder.At("n"),
            _folder.At("o"));

        Assert.Contains("'u7', frame 1: expected a weight of 0 or more for target 1, got -0.5", run.Errors, StringComparison.Ordinal);
    }
}
