using System.Globalization;
using System.Text;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Featbin;

/// <summary>The programs that copy, join and transform tables of features.</summary>
public sealed class FeatureTableToolTests : IDisposable
{
    private const string Features = "a  [\n  1 2 3\n  4 5 6\n  7 8 9 ]\nb  [\n  1 1 1 ]\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[ 1 0 0\n 0 1 0\n 0 0 1 ]", "a  [\n 1 2 3\n 4 5 6\n 7 8 9 ]\nb  [\n 1 1 1 ]\n", "logdet is 0 over 4 frames")]
    [InlineData("[ 2 0 0 10\n 0 1 1 -1 ]", "a  [\n 12 4\n 18 10\n 24 16 ]\nb  [\n 12 1 ]\n", "[pseudo-]logdet is 1.03972 over 4 frames")]
    public void Transform_of_all_is_linear_or_affine(string matrix, string text, string message)
    {
        var run = ToolRun.Of("transform-feats", _folder.Write("m", matrix), $"ark:{_folder.Write("f", Features)}", "ark,t:-");

        Assert.Equal(Numbers(text), Numbers(Encoding.ASCII.GetString(run.Output)));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_by_speaker_leaves_out_who_has_none_or_one_that_does_not_fit()
    {
        var transforms = _folder.Write("t", "s1  [\n 1 1 1 ]\ns2  [\n 1 1 1 1 1 ]\n");
        var features = _folder.Write("f", Features + "c  [\n 1 2 3 ]\n");
        var map = _folder.Write("m", "a s1\nb s2\nc s3\n");

        var run = ToolRun.Of("transform-feats", $"--utt2spk=ark:{map}", $"ark:{transforms}", $"ark:{features}", "ark,t:-");

        Assert.Equal(["a", "6", "15", "24"], Numbers(Encoding.ASCII.GetString(run.Output)));
        Assert.Contains("Transform matrix for utterance b has bad dimension 1x5", run.Errors, StringComparison.Ordinal);
        Assert.Contains("[perhaps the transform was created by compose-transforms", run.Errors, StringComparison.Ordinal);
        Assert.Contains("No fMLLR transform available for utterance c", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Applied transform to 1 utterances; 2 had errors.", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", 255, "Length mismatch 3 vs. 2 for utt a exceeds tolerance 0")]
    [InlineData("1", 0, "Done 1 utts, errors on 1")]
    public void Paste_keeps_to_the_tolerance(string tolerance, int status, string message)
    {
        var other = _folder.Write("g", "a  [\n 10\n 20 ]\n");
        var features = _folder.Write("f", Features);

        var run = ToolRun.Of("paste-feats", $"--length-tolerance={tolerance}", $"ark:{features}", $"ark:{other}", "ark,t:-");

        Assert.Equal(status, run.Status);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Contains($"Missing utt b from input ark:{other}", run.Errors, StringComparison.Ordinal);
        if (status == 0)
            Assert.Equal("a 1 2 3 10 4 5 6 20".Split(' '), Numbers(Encoding.ASCII.GetString(run.Output)));
    }

    [Fact]
    public void Single_files_are_copied_pasted_shifted_and_joined()
    {
        var one = _folder.Write("1.mat", "[ 1 2\n 3 4 ]");
        var two = _folder.Write("2.mat", "[ 5\n 6\n 7 ]");

        Assert.Equal(0, ToolRun.Of("paste-feats", "--length-tolerance=1", one, two, _folder.At("p.mat")).Status);
        Assert.Equal(0, ToolRun.Of("shift-feats", "--shift=1", _folder.At("p.mat"), _folder.At("s.mat")).Status);
        Assert.Equal(0, ToolRun.Of("concat-feats", _folder.At("p.mat"), _folder.At("s.mat"), _folder.At("c.mat")).Status);
        Assert.Equal(0, ToolRun.Of("copy-feats", "--binary=false", _folder.At("c.mat"), _folder.At("t.mat")).Status);
        Assert.Equal(255, ToolRun.Of("copy-feats", "--compress=true", one, _folder.At("x.mat")).Status);
        Assert.Equal(255, ToolRun.Of("copy-feats", one, $"ark:{_folder.At("x.mat")}").Status);

        Assert.Equal(" [\n  1 2 5 \n  3 4 6 \n  1 2 5 \n  1 2 5 ]\n", File.ReadAllText(_folder.At("t.mat")));
    }

    [Fact]
    public void Copy_writes_the_number_of_frames()
    {
        var run = ToolRun.Of("copy-feats", $"--write-num-frames=ark,t:{_folder.At("n")}", $"ark:{_folder.Write("f", Features)}", "ark:-");

        Assert.Equal(0, run.Status);
        Assert.Equal("a 3 \nb 1 \n", File.ReadAllText(_folder.At("n")));
    }

    [Fact]
    public void Statistics_weigh_frames()
    {
        var weights = _folder.Write("w", "a [ 1 0 0.5 ]\nb [ 1 1 ]\n");

        var run = ToolRun.Of("compute-cmvn-stats", $"--weights=ark:{weights}", $"ark:{_folder.Write("f", Features)}", "ark,t:-");

        Assert.Equal("a 4.5 6 7.5 1.5 25.5 36 49.5 0".Split(' '), Numbers(Encoding.ASCII.GetString(run.Output)));
        Assert.Contains("Weights for utterance b have wrong dimension 2 vs. 1", run.Errors, StringComparison.Ordinal);
        Assert.Contains("for 1 utterances; 1 had errors", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ark")]
    [InlineData("scp")]
    public void Statistics_of_a_speaker_are_those_of_its_utterances(string kind)
    {
        ToolRun.Of("copy-feats", $"ark:{_folder.Write("f", Features)}", $"ark,scp:{_folder.At("x.ark")},{_folder.At("x.scp")}");
        var map = _folder.Write("m", "s b a none\nt none\n");

        var run = ToolRun.Of("compute-cmvn-stats", $"--spk2utt=ark:{map}", $"{kind}:{_folder.At($"x.{kind}")}", "ark,t:-");

        Assert.Equal("s 13 16 19 4 67 94 127 0".Split(' '), Numbers(Encoding.ASCII.GetString(run.Output)));
        Assert.Contains("Did not find features for utterance none", run.Errors, StringComparison.Ordinal);
        Assert.Contains("No stats accumulated for speaker t", run.Errors, StringComparison.Ordinal);
        Assert.Contains("for 2 utterances; 2 had errors", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Sliding_variance_that_is_floored_is_told_only_so_often()
    {
        var flat = _folder.Write("f", "a  [\n 1\n 1\n 1\n 1 ]\n");

        var run = ToolRun.Of("apply-cmvn-sliding", "--norm-vars=true", "--max-warnings=2", $"ark:{flat}", $"ark:{_folder.At("o")}");

        Assert.Equal(2, run.Errors.Split("Flooring when normalizing variance, floored 1 elements; num-frames was 4").Length - 1);
        Assert.Contains("Suppressing the remaining", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_compression_method_goes_round()
    {
        var rows = Enumerable.Range(0, 20).Select(i => $"{i % 2} {(i + 1) % 2}");
        var features = _folder.Write("f", $"a  [\n {string.Join("\n ", rows)} ]\n");
        for (var method = 1; method <= 7; method++)
        {
            string[] options = ["--compress=true", $"--compression-method={method}"];
            var run = ToolRun.Of("copy-feats", [.. options, $"ark:{features}", $"ark:{_folder.At("c")}"]);
            var again = ToolRun.Of("copy-feats", [.. options, $"ark:{_folder.At("c")}", "ark:-"]);
            var values = KaldiTables.Matrix.Read($"ark:{_folder.At("c")}").Single().Value.Data;

            Assert.Equal(0, run.Status);
            Assert.Equal(File.ReadAllBytes(_folder.At("c")), again.Output);
            Assert.All(values, (value, i) => Assert.Equal((i + (i / 2)) % 2, value, 0.01));
        }
    }

    private static string[] Numbers(string text) =>
    [
        .. text.Split([' ', '\n', '[', ']'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => double.TryParse(word, CultureInfo.InvariantCulture, out var number)
                ? number.ToString("g6", CultureInfo.InvariantCulture)
                : word),
    ];
}
