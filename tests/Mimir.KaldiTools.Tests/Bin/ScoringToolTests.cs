using System.Text;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Bin;

/// <summary>The programs of scoring against what Kaldi's own printed.</summary>
public sealed class ScoringToolTests(ITestOutputHelper console)
{
    private const string Goldens = "goldens/kaldi-sequence/wer";

    [SharedDataTheory]
    [InlineData("compute-wer --text --mode=present {ref.txt} {hyp.txt}", "compute-wer.hyp.present.txt")]
    [InlineData("compute-wer --text --mode=all {ref.txt} {hyp.txt}", "compute-wer.hyp.all.txt")]
    [InlineData("compute-wer --text --mode=present {ref.txt} {hyp2.txt}", "compute-wer.hyp2.present.txt")]
    [InlineData("compute-wer --mode=present {../lat3/ref.int} {../lat3/best-path.tra}", "compute-wer.int.txt")]
    [InlineData("compute-wer-bootci --mode=present {ref.txt} {hyp.txt}", "bootci.hyp.present.txt")]
    [InlineData("compute-wer-bootci --mode=all {ref.txt} {hyp.txt}", "bootci.hyp.all.txt")]
    [InlineData("compute-wer-bootci --replications=500 {ref.txt} {hyp2.txt}", "bootci.hyp2.rep500.txt")]
    [InlineData("compute-wer-bootci --mode=all {ref.txt} {hyp.txt} {hyp2.txt}", "bootci.hyp-hyp2.txt")]
    [InlineData("align-text {ref.txt} {hyp.txt} ark,t:-", "align.hyp.txt")]
    [InlineData("align-text --special-symbol=*** --separator=| {ref.txt} {hyp2.txt} ark,t:-", "align.hyp2.special.txt")]
    public void Output_is_kaldis(string command, string golden)
    {
        var words = command.Split(' ')
            .Select(word => word[0] == '{' ? "ark:" + SharedData.At($"{Goldens}/{word[1..^1]}") : word)
            .ToArray();

        var run = ToolRun.Of(words[0], words[1..]);

        Assert.Equal(0, run.Status);
        var expected = File.ReadAllText(SharedData.At($"{Goldens}/{golden}")).Split('\n').Select(line => line.TrimEnd());
        Assert.Equal(expected, Encoding.UTF8.GetString(run.Output).Split('\n').Select(line => line.TrimEnd()));
        KaldiAgreement.Record(console.WriteLine, words[0], $"{Goldens}/{golden}", 1, 0, 0, "the same bytes");
    }

    [SharedDataTheory]
    [InlineData("test")]
    [InlineData("test_noisy")]
    public void Error_rates_of_digits_are_kaldis(string set)
    {
        var folder = SharedData.At("goldens/kaldi/exp/decode");
        var hypotheses = Directory.GetFiles(folder, $"*.{set}.hyp.*");
        foreach (var hypothesis in hypotheses)
        {
            var run = ToolRun.Of(
                "compute-wer", "--text", "--mode=present", $"ark:{SharedData.At($"corpora/digits/data/{set}/text")}", $"ark:{hypothesis}");
            var system = Path.GetFileName(hypothesis).Split('.')[0];

            Assert.Equal(File.ReadAllText($"{folder}/{system}.{set}.compute-wer.txt"), Encoding.UTF8.GetString(run.Output));
        }

        Assert.Equal(5, hypotheses.Length);
        KaldiAgreement.Record(
            console.WriteLine, "compute-wer", $"goldens/kaldi/exp/decode, {set}", hypotheses.Length, 0, 0, "the same bytes");
    }

    [Fact]
    public void Strict_scoring_ends_where_a_hypothesis_is_missing()
    {
        using var folder = new TemporaryFolder();
        var (reference, hypothesis) = (folder.Write("ref", "a one\nb two\n"), folder.Write("hyp", "a one\n"));

        var run = ToolRun.Of("compute-wer", $"ark:{reference}", $"ark:{hypothesis}");

        Assert.Equal(255, run.Status);
        Assert.Contains("No hypothesis for key b and strict mode specifier.", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }
}
