using System.Text;

namespace Mimir.KaldiTools.Tests.Ivectorbin;

public sealed class ComputeVadToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--vad-energy-threshold=0 --vad-energy-mean-scale=1 --omit-unvoiced-utts=true", "a  [ 0 0 1 ]\n", 1)]
    [InlineData(
        "--vad-energy-threshold=3 --vad-energy-mean-scale=0 --vad-frames-context=1 --vad-proportion-threshold=0.5",
        "a  [ 1 1 1 ]\nb  [ 0 ]\n",
        3)]
    public void Run_decides_by_threshold_and_context(string options, string expected, int voiced)
    {
        var features = _folder.Write("f", "a  [\n  1 2 3\n  4 5 6\n  7 8 9 ]\nb  [\n  1 1 1 ]\nc  [ ]\n");

        var run = ToolRun.Of("compute-vad", [.. options.Split(' '), $"ark:{features}", "ark,t:-"]);

        Assert.Equal((0, expected), (run.Status, Encoding.ASCII.GetString(run.Output)));
        Assert.Contains("Empty feature matrix for utterance c", run.Errors, StringComparison.Ordinal);
        Assert.Contains("No frames were judged voiced for utterance b", run.Errors, StringComparison.Ordinal);
        Assert.Contains($"Proportion of voiced frames was {voiced / 4.0} over 4 frames.", run.Errors, StringComparison.Ordinal);
    }
}
