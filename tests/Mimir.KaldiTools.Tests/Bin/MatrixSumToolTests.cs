using System.Text;

namespace Mimir.KaldiTools.Tests.Bin;

public sealed class MatrixSumToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tables_are_added_entry_by_entry_and_what_is_missing_is_said()
    {
        var first = _folder.Write("first", "a  [\n  1 2 ]\nb  [\n  3 4 ]\nc  [\n  5 6 ]\n");
        var second = _folder.Write("second", "a  [\n  10 20 ]\nb  [\n  1 ]\n");

        var sum = ToolRun.Of("matrix-sum", "--scale1=2", "--scale2=-1", $"ark:{first}", $"ark:{second}", "ark,t:-");
        var average = ToolRun.Of("matrix-sum", "--average=true", $"ark:{first}", $"ark:{first}", "ark,t:-");

        Assert.Equal("a  [\n  -8 -16 ]\nb  [\n  6 8 ]\nc  [\n  10 12 ]\n", Text(sum));
        Assert.Contains("Dimension mismatch for utterance b", sum.Errors, StringComparison.Ordinal);
        Assert.Contains("No matrix found for utterance c", sum.Errors, StringComparison.Ordinal);
        Assert.Equal(0, sum.Status);
        Assert.Equal(File.ReadAllText(first), Text(average));
    }

    [Fact]
    public void A_table_and_files_are_added_to_one_matrix()
    {
        var table = _folder.Write("table", "a  [\n  1 2 ]\nb  [\n  3 4 ]\n");
        var file = _folder.Write("file", " [\n  1 1 1 \n  1 1 1 ]\n");
        var small = _folder.Write("small", " [\n  1 ]\n");

        Assert.Equal(" [\n  4 6 ]\n", Text(ToolRun.Of("matrix-sum", "--binary=false", $"ark:{table}", "-")));
        Assert.Equal(
            " [\n  1 0.5 0.5 \n  0.5 0.5 0.5 ]\n",
            Text(ToolRun.Of("matrix-sum", "--binary=false", "--average", file, small, "-")));
        Assert.Equal(255, ToolRun.Of("matrix-sum", file, $"ark:{table}", "-").Status);
        Assert.Equal(255, ToolRun.Of("matrix-sum", "--scale1=2", file, "-").Status);
        Assert.Equal(255, ToolRun.Of("matrix-sum", "--average", $"ark:{table}", "-").Status);
    }

    private static string Text(ToolRun run) => Encoding.ASCII.GetString(run.Output);
}
