namespace Mimir.KaldiTools.Tests.Latbin;

public sealed class LinearToNbestToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_nbest_to_linear_takes_apart_is_put_together_again()
    {
        string[] parts =
        [
            $"ark:{_folder.Write("ali", "u 2 4 6 5\nv 2\n")}", $"ark:{_folder.Write("words", "u 7 8\nv 7 8 9\n")}",
            $"ark:{_folder.Write("lm", "u 3.5\nv 1\n")}", $"ark:{_folder.Write("ac", "u 40\nv 2\n")}",
        ];

        Succeeds("linear-to-nbest", [.. parts, $"ark:{_folder.At("lats")}"]);
        Succeeds(
            "nbest-to-linear",
            [$"ark:{_folder.At("lats")}", .. new[] { "ali2", "words2", "lm2", "ac2" }.Select(name => $"ark,t:{_folder.At(name)}")]);

        foreach (var name in new[] { "ali", "words", "lm", "ac" })
        {
            Assert.Equal(
                File.ReadLines(_folder.At(name)).Select(line => line.TrimEnd()),
                File.ReadLines(_folder.At($"{name}2")).Select(line => line.TrimEnd()));
        }
    }

    [Fact]
    public void Costs_may_be_left_out_but_words_may_not()
    {
        var (ali, words) = ($"ark:{_folder.Write("ali", "u 2\n")}", $"ark:{_folder.Write("words", "v 7\n")}");

        Succeeds("linear-to-nbest", [ali, ali, "", "", $"ark,t:{_folder.At("lats")}"]);
        var refused = ToolRun.Of("linear-to-nbest", ali, words, "", "", $"ark:{_folder.At("none")}");

        Assert.Contains("0,0,2", File.ReadAllText(_folder.At("lats")), StringComparison.Ordinal);
        Assert.Equal(255, refused.Status);
        Assert.Contains("no transcription for key 'u'", refused.Errors, StringComparison.Ordinal);
    }

    private static void Succeeds(string tool, string[] arguments)
    {
        var run = ToolRun.Of(tool, arguments);
        Assert.True(run.Status == 0, run.Errors);
    }
}
