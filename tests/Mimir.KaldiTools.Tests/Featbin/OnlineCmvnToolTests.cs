using System.Text;

namespace Mimir.KaldiTools.Tests.Featbin;

public sealed class OnlineCmvnToolTests : IDisposable
{
    // Ten frames of mean 1 and variance 1.
    private const string Global = " [\n  10 10 \n  20 0 ]\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Frames_are_normalised_by_what_was_heard_and_by_all_data()
    {
        var features = _folder.Write("feats", "u  [\n  3 \n  3 ]\nv  [\n  5 ]\n");
        var global = _folder.Write("global", Global);
        var speakers = _folder.Write("spk2utt", "s u v missing\n");
        string[] window = ["--cmn-window=4", "--speaker-frames=3", "--global-frames=1"];

        var alone = ToolRun.Of("apply-cmvn-online", [.. window, global, $"ark:{features}", "ark,t:-"]);
        var together = ToolRun.Of("apply-cmvn-online", [.. window, $"--spk2utt=ark:{speakers}", global, $"ark:{features}", "ark,t:-"]);

        // (3 + 1) / 2, (3 + 3 + 1) / 3; then (5 + 3 + 3 + 1) / 4 with the speaker's two frames.
        Assert.Equal("u  [\n  1 \n  0.6666667 ]\nv  [\n  2 ]\n", Text(alone));
        Assert.Equal("u  [\n  1 \n  0.6666667 ]\nv  [\n  2 ]\n", Text(together));
        Assert.Contains("No features for utterance missing", together.Errors, StringComparison.Ordinal);
        Assert.Contains("Applied online CMVN to 2 files, or 3 frames.", together.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_choose_variances_dimensions_and_the_window()
    {
        var features = _folder.Write("feats", "u  [\n  3 \n  7 ]\n");
        var global = _folder.Write("global", Global);

        Assert.Equal("u  [\n  3 \n  7 ]\n", Text(Run("--norm-means=false")));
        Assert.Equal("u  [\n  3 \n  7 ]\n", Text(Run("--skip-dims=0")));
        Assert.Equal("u  [\n  0 \n  0 ]\n", Text(Run("--cmn-window=1", "--speaker-frames=0", "--global-frames=0")));

        // The mean is 2 and the mean square 5.5 with one frame of 3 and one of the global ones.
        Assert.StartsWith(
            "u  [\n  0.8164966 ",
            Text(Run("--norm-vars=true", "--cmn-window=3", "--speaker-frames=1", "--global-frames=1")),
            StringComparison.Ordinal);
        Assert.Equal(255, Run("--cmn-window=1").Status);
        Assert.Equal(255, Run("--norm-vars=true", "--norm-means=false").Status);

        ToolRun Run(params string[] options) => ToolRun.Of("apply-cmvn-online", [.. options, global, $"ark:{features}", "ark,t:-"]);
    }

    [Fact]
    public void Vectors_are_appended_to_every_frame()
    {
        var features = _folder.Write("feats", "u  [\n  3 \n  7 ]\nv  [\n  1 ]\n");
        var vectors = _folder.Write("vectors", "u  [ 8 9 ]\n");

        var run = ToolRun.Of("append-vector-to-feats", $"ark:{features}", $"ark:{vectors}", "ark,t:-");

        Assert.Equal("u  [\n  3 8 9 \n  7 8 9 ]\n", Text(run));
        Assert.Contains("Done 1 utts, errors on 1", run.Errors, StringComparison.Ordinal);
        var file = ToolRun.Of(
            "append-vector-to-feats", "--binary=false", _folder.Write("m", " [\n  3 ]\n"), _folder.Write("x", " [ 8 ]\n"), "-");
        Assert.Equal(" [\n  3 8 ]\n", Text(file));
    }

    private static string Text(ToolRun run) => Encoding.ASCII.GetString(run.Output);
}
