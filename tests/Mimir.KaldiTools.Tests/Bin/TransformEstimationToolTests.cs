using System.Globalization;
using System.Text;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Bin;

/// <summary>The programs of LDA and MLLT against what Kaldi's own gave.</summary>
public sealed class TransformEstimationToolTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    public void Statistics_of_lda_are_Kaldis()
    {
        var train = SharedData.At("goldens/kaldi-train");
        Splice(train);

        var run = ToolRun.Of(
            "acc-lda", "--rand-prune=0", $"{train}/tri/2.mdl", $"ark:{_folder.At("spliced")}", $"ark:{train}/lda/post.txt",
            _folder.At("acc"));

        Assert.Contains("Done 41 files, failed for 0", run.Errors, StringComparison.Ordinal);
        ToolRun.Of("sum-lda-accs", "--binary=false", _folder.At("text"), _folder.At("acc"));
        ToolRun.Of("sum-lda-accs", "--binary=false", _folder.At("kaldi"), $"{train}/lda/lda.acc");
        Close("acc-lda", "lda.acc", _folder.At("kaldi"), _folder.At("text"), 2e-4);
        ToolRun.Of("sum-lda-accs", _folder.At("binary"), $"{train}/lda/lda.acc");
        Assert.Equal(new FileInfo($"{train}/lda/lda.acc").Length, new FileInfo(_folder.At("binary")).Length);
    }

    [SharedDataFact]
    public void Transforms_of_lda_are_Kaldis_up_to_signs()
    {
        var lda = SharedData.At("goldens/kaldi-train/lda");

        var run = ToolRun.Of(
            "est-lda", "--binary=false", $"--write-full-matrix={_folder.At("full")}", "--dim=20", _folder.At("mat"), $"{lda}/lda.acc");

        foreach (var line in File.ReadLines($"{lda}/est-lda.log").Where(line => line.Contains("values is", StringComparison.Ordinal)))
            Assert.Contains(line.Split(") ")[^1], run.Errors, StringComparison.Ordinal);

        Assert.Contains("LDA singular values are  [ 3.9946 2.7536 2.0835 1.80384 1.32502", run.Errors, StringComparison.Ordinal);
        CompareRows("0.mat", _folder.At("mat"), 20);

        // Beyond the 59 directions in which the classes differ the rows are arbitrary.
        CompareRows("full.mat", _folder.At("full"), 40);
    }

    [SharedDataFact]
    public void Statistics_of_mllt_are_Kaldis()
    {
        var train = SharedData.At("goldens/kaldi-train");
        Splice(train);
        ToolRun.Of("transform-feats", $"{train}/lda/0.mat", $"ark:{_folder.At("spliced")}", $"ark:{_folder.At("feats")}");

        var run = ToolRun.Of(
            "gmm-acc-mllt", "--rand-prune=0", $"{train}/lda/2.mdl", $"ark:{_folder.At("feats")}", $"ark:{train}/lda/post.mllt.ark",
            _folder.At("macc"));

        Assert.Contains("Overall avg like per frame (Gaussian only) = -27.373", run.Errors, StringComparison.Ordinal);
        Assert.Contains("over 8887 frames.", run.Errors, StringComparison.Ordinal);
        ToolRun.Of("sum-mllt-accs", "--binary=false", _folder.At("text"), _folder.At("macc"));
        ToolRun.Of("sum-mllt-accs", "--binary=false", _folder.At("kaldi"), $"{train}/lda/2.macc");
        var (count, largest) = RelativeToScale(_folder.At("kaldi"), _folder.At("text"));
        KaldiAgreement.Record(
            console.WriteLine, "gmm-acc-mllt", "goldens/kaldi-train/lda/2.macc", 1, count, largest, "1e-5 of the largest number");
        Assert.InRange(largest, 0, 1e-5);
    }

    [SharedDataFact]
    public void Transforms_of_mllt_are_Kaldis_and_are_composed_with_lda()
    {
        var lda = SharedData.At("goldens/kaldi-train/lda");

        var run = ToolRun.Of("est-mllt", "--binary=false", _folder.At("mllt"), $"{lda}/2.macc");
        ToolRun.Of("compose-transforms", "--print-args=false", "--binary=false", $"{lda}/2.mat.new", $"{lda}/0.mat", _folder.At("mat"));

        Close("est-mllt", "2.mat.new", $"{lda}/2.mat.new", _folder.At("mllt"), 1e-5);
        Close("compose-transforms", "2.mat", $"{lda}/2.mat", _folder.At("mat"), 1e-5);
        Assert.Contains("is 0.262349 over 8887 frames, logdet is 0.279951", run.Errors, StringComparison.Ordinal);
        Assert.Contains("by 10'th iteration is 0.257704 per frame over 8887 frames.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Composed_and_extended_transforms_of_tables_and_files()
    {
        var last = _folder.Write("last", " [\n  2 0 1 \n  0 2 -1 ]\n");
        var first = _folder.Write("first", "u  [\n  1 3 \n  0 1 ]\n");

        var composed = ToolRun.Of("compose-transforms", last, $"ark:{first}", "ark,t:-");
        var extended = ToolRun.Of("extend-transform-dim", "--binary=false", "--new-dimension=3", last, "-");
        var wrong = ToolRun.Of("compose-transforms", last, $"ark:{first}", _folder.At("file"));
        var sum = ToolRun.Of("sum-matrices", "--binary=false", "-", last, last);

        Assert.Equal("u  [\n  2 6 1 \n  0 2 -1 ]\n", Text(composed));
        Assert.Equal(" [\n  2 0 0 1 \n  0 2 0 -1 \n  0 0 1 0 ]\n", Text(extended));
        Assert.Equal(255, wrong.Status);
        Assert.Equal(" [\n  4 0 2 \n  0 4 -2 ]\n", Text(sum));

        static string Text(ToolRun run) => Encoding.ASCII.GetString(run.Output);
    }

    private void Splice(string train) => ToolRun.Of(
        "splice-feats", "--left-context=3", "--right-context=3", $"ark:{train}/data/feats.ark", $"ark:{_folder.At("spliced")}");

    private void Close(string tool, string golden, string expected, string actual, double allowed)
    {
        var (count, largest) = Numbers.Compare(File.ReadAllText(expected), File.ReadAllText(actual));
        KaldiAgreement.Record(
            console.WriteLine, tool, $"goldens/kaldi-train/lda/{golden}", 1, count, largest, $"{allowed:0e-0} + {allowed:0e-0} |x|");
        Assert.InRange(largest, 0, allowed);
    }

    private void CompareRows(string golden, string actual, int rows)
    {
        var wanted = KaldiTables.Matrix.ReadOne(SharedData.At($"goldens/kaldi-train/lda/{golden}"));
        var got = KaldiTables.Matrix.ReadOne(actual);
        Assert.Equal((wanted.Rows, wanted.Columns), (got.Rows, got.Columns));
        var largest = 0f;
        for (var row = 0; row < rows; row++)
        {
            var sign = wanted.Row(row).ToArray().Zip(got.Row(row).ToArray()).Sum(pair => pair.First * pair.Second) < 0 ? -1 : 1;
            var scale = wanted.Row(row).ToArray().Max(Math.Abs);
            for (var column = 0; column < wanted.Columns; column++)
                largest = Math.Max(largest, Math.Abs(wanted[row, column] - (sign * got[row, column])) / scale);
        }

        KaldiAgreement.Record(
            console.WriteLine, "est-lda", $"goldens/kaldi-train/lda/{golden}, {rows} rows up to sign", 1, rows * wanted.Columns, largest,
            "1e-3 of the largest number of a row");
        Assert.InRange(largest, 0, 1e-3);
    }

    // Sums of positive and negative values: what counts is the size of the largest.
    private static (int Count, double Largest) RelativeToScale(string expected, string actual)
    {
        var (wanted, got) = (NumbersOf(expected), NumbersOf(actual));
        Assert.Equal(wanted.Length, got.Length);
        return (wanted.Length, wanted.Zip(got).Max(pair => Math.Abs(pair.First - pair.Second)) / wanted.Max(Math.Abs));

        static double[] NumbersOf(string path) => [.. File.ReadAllText(path)
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => char.IsDigit(word[^1])).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
    }
}
