using Mimir.Gmm.Gaussians;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Gmmbin;

/// <summary>The programs of Kaldi's gmmbin against what Kaldi's own gave, each from Kaldi's own input.</summary>
public sealed class GmmGoldenTests(ITestOutputHelper console) : IDisposable
{
    private const string Goldens = "goldens/kaldi-train";

    private const double Models = 1e-5;

    // Sums of single-precision posteriors, in which values of both signs cancel.
    private const double Statistics = 5e-4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    public void Init_mono_makes_Kaldis_model_and_tree()
    {
        Run("subset-feats", "--n=10", Features(), $"ark:{_folder.At("ten")}");

        Run("gmm-init-mono", "--binary=false", $"--shared-phones={At("lang/sets.int")}", $"--train-feats=ark:{_folder.At("ten")}",
            At("lang/topo"), "39", _folder.At("mdl"), _folder.At("tree"));

        Compare("gmm-init-mono", "mono/0.mdl", _folder.At("mdl"));
        Compare("gmm-init-mono", "mono/tree.txt", _folder.At("tree"));
    }

    [SharedDataTheory]
    [InlineData("mono/0.mdl", "mono/ali.0.txt", "mono/0.acc", "mono/acc.0.log")]
    [InlineData("mono/1.mdl", "mono/ali.1.txt", "mono/1.acc", "mono/acc.1.log")]
    [InlineData("mono/3.mdl", "mono/ali.3.txt", "mono/3.acc", "mono/acc.3.log")]
    public void Acc_stats_ali_adds_up_Kaldis_statistics(string model, string alignments, string statistics, string log)
    {
        var run = Run("gmm-acc-stats-ali", "--binary=false", At(model), Features(), $"ark:{At(alignments)}", _folder.At("acc"));

        AssertSameLines(log, run);
        Compare("gmm-acc-stats-ali", statistics, _folder.At("acc"), Statistics);
    }

    [SharedDataTheory]
    [InlineData("tri/1.mdl", "tri/ali.1.txt", "tri/1.acc", false)]
    [InlineData("lda/1.mdl", "tri/ali.2.txt", "lda/1.acc", true)]
    public void Acc_stats_ali_adds_up_Kaldis_binary_statistics(string model, string alignments, string statistics, bool lda)
    {
        Run("gmm-acc-stats-ali", At(model), lda ? LdaFeatures() : Features(), $"ark:{At(alignments)}", _folder.At("acc"));

        GmmStatistics.Read(At(statistics)).Write(_folder.At("want"), binary: false);
        GmmStatistics.Read(_folder.At("acc")).Write(_folder.At("got"), binary: false);
        CompareFiles("gmm-acc-stats-ali", statistics, _folder.At("want"), _folder.At("got"), Statistics);
        Assert.Equal(new FileInfo(At(statistics)).Length, new FileInfo(_folder.At("acc")).Length);
    }

    [SharedDataFact]
    public void Acc_stats_of_posteriors_adds_up_what_the_alignments_give()
    {
        Run("ali-to-post", $"ark:{At("mono/ali.2.txt")}", $"ark:{_folder.At("post")}");

        Run("gmm-acc-stats", "--binary=false", At("mono/2.mdl"), Features(), $"ark:{_folder.At("post")}", _folder.At("acc"));

        Compare("gmm-acc-stats", "mono/2.acc", _folder.At("acc"), Statistics);
    }

    [SharedDataTheory]
    [InlineData("mono/0.mdl", "mono/0.acc", "mono/1.mdl", "mono/update.0.log", "--min-gaussian-occupancy=3", "--mix-up=63", "--power=0.25")]
    [InlineData("mono/1.mdl", "mono/1.acc", "mono/2.nomix.mdl", "", "--power=0.25")]
    [InlineData("mono/2.mdl", "mono/2.acc", "mono/3.nomix.mdl", "", "--power=0.25")]
    [InlineData("mono/3.mdl", "mono/3.acc", "mono/4.nomix.mdl", "", "--power=0.25")]
    [InlineData("mono/1.mdl", "mono/1.acc", "mono/2.mdl", "mono/update.1.log", "--mix-up=78", "--power=0.25")]
    [InlineData("mono/2.mdl", "mono/2.acc", "mono/3.mdl", "mono/update.2.log", "--mix-up=93", "--power=0.25")]
    [InlineData("mono/3.mdl", "mono/3.acc", "mono/4.mdl", "mono/update.3.log", "--mix-up=108", "--power=0.25")]
    [InlineData("tri/1.mdl", "tri/1.acc", "tri/2.mdl", "tri/update.1.log", "--power=0.25")]
    [InlineData("lda/1.mdl", "lda/1.acc", "lda/2.mdl", "lda/update.1.log", "--power=0.25")]
    public void Est_makes_Kaldis_model(string model, string statistics, string result, string log, params string[] options)
    {
        var run = Run(
            "gmm-est",
            ["--binary=false", $"--write-occs={_folder.At("occs")}", .. options, At(model), At(statistics), _folder.At("mdl")]);

        Compare("gmm-est", result, _folder.At("mdl"));
        if (File.Exists(At(Path.ChangeExtension(result, ".occs"))))
            Compare("gmm-est", Path.ChangeExtension(result, ".occs"), _folder.At("occs"));
        if (log.Length > 0)
            AssertSameLines(log, run);
    }

    [SharedDataTheory]
    [InlineData("tri")]
    [InlineData("lda")]
    public void Mixup_splits_as_Kaldi_does(string stage)
    {
        var run = Run("gmm-mixup", "--binary=false", "--mix-up=150", At($"{stage}/1.0.mdl"), At($"{stage}/1.occs"), _folder.At("mdl"));

        Compare("gmm-mixup", $"{stage}/1.mdl", _folder.At("mdl"));
        AssertSameLines($"{stage}/mixup.log", run);
    }

    [SharedDataTheory]
    [InlineData("tri", "tri/treeacc")]
    [InlineData("lda", "lda/treeacc")]
    public void Init_model_makes_Kaldis_model(string stage, string statistics)
    {
        var run = Run("gmm-init-model", "--binary=false", $"--write-occs={_folder.At("occs")}", At("tri/tree"), At(statistics),
            At("lang/topo"), _folder.At("mdl"));

        Compare("gmm-init-model", $"{stage}/1.0.mdl", _folder.At("mdl"));
        Compare("gmm-init-model", $"{stage}/1.occs", _folder.At("occs"));
        AssertSameLines($"{stage}/init-model.log", run);
    }

    [SharedDataFact]
    public void Boost_silence_makes_Kaldis_model()
    {
        Run("gmm-boost-silence", "--binary=false", "--boost=1.25", "1", At("mono/2.mdl"), _folder.At("mdl"));

        Compare("gmm-boost-silence", "mono/2.boosted.mdl", _folder.At("mdl"));
    }

    [SharedDataFact]
    public void Transform_means_makes_Kaldis_model()
    {
        Run("gmm-transform-means", "--binary=false", At("lda/2.mat.new"), At("lda/2.mdl"), _folder.At("mdl"));

        Compare("gmm-transform-means", "lda/2.transformed.mdl", _folder.At("mdl"));
    }

    [SharedDataFact]
    public void Copy_and_info_of_Kaldis_model()
    {
        Run("gmm-copy", "--binary=true", At("mono/4.mdl"), _folder.At("mdl"));

        Assert.Equal(new FileInfo(At("mono/final.mdl")).Length, new FileInfo(_folder.At("mdl")).Length);
        Run("gmm-copy", "--binary=false", At("mono/final.mdl"), _folder.At("txt"));
        Compare("gmm-copy", "mono/4.mdl", _folder.At("txt"));
        var info = ToolRun.Of("gmm-info", At("mono/final.mdl"));
        Assert.Equal(File.ReadAllBytes(At("mono/final.info")), info.Output);
        KaldiAgreement.Record(console.WriteLine, "gmm-info", $"{Goldens}/mono/final.info", 1, 0, 0, "the same bytes");
    }

    private static string At(string file) => SharedData.At($"{Goldens}/{file}");

    private string Features()
    {
        Run("add-deltas", $"ark:{At("data/feats.ark")}", $"ark:{_folder.At("feats")}");
        return $"ark:{_folder.At("feats")}";
    }

    private string LdaFeatures()
    {
        Run("splice-feats", "--left-context=3", "--right-context=3", $"ark:{At("data/feats.ark")}", $"ark:{_folder.At("spliced")}");
        Run("transform-feats", At("lda/0.mat"), $"ark:{_folder.At("spliced")}", $"ark:{_folder.At("feats")}");
        return $"ark:{_folder.At("feats")}";
    }

    private static ToolRun Run(string tool, params string[] arguments)
    {
        var run = ToolRun.Of(tool, arguments);
        Assert.True(run.Status == 0, run.Errors);
        return run;
    }

    private void Compare(string tool, string golden, string file, double allowed = Models) =>
        CompareFiles(tool, golden, At(golden), file, allowed);

    private void CompareFiles(string tool, string golden, string expected, string actual, double allowed)
    {
        var (count, largest) = Numbers.Compare(File.ReadAllText(expected), File.ReadAllText(actual));

        KaldiAgreement.Record(
            console.WriteLine, tool, $"{Goldens}/{golden}", 1, count, largest,
            FormattableString.Invariant($"{allowed:0e-0} of the number, from 1 on"));
        Assert.InRange(largest, 0, allowed);
    }

    // The lines of Kaldi's log without the places in its sources.
    private static void AssertSameLines(string log, ToolRun run)
    {
        static string[] Lines(string text) => [.. text.Split('\n')
            .Where(line => line.StartsWith("LOG", StringComparison.Ordinal) || line.StartsWith("WARNING", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(") ", StringComparison.Ordinal) + 2)..])
            .Where(line => !line.Contains("Written model to", StringComparison.Ordinal))];
        var (_, largest) = Numbers.Compare(
            string.Join('\n', Lines(File.ReadAllText(At(log)))), string.Join('\n', Lines(run.Errors)));
        Assert.InRange(largest, 0, 1e-5);
    }
}
