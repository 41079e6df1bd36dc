using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Bin;

/// <summary>The programs that build trees against what Kaldi's own gave.</summary>
public sealed partial class TreeBuildingToolTests(ITestOutputHelper console) : IDisposable
{
    private const string IndependentPhones = "--ci-phones=1:2:3:4:5:6:7:8:9:10";
    private static readonly string[] Window = ["--context-width=3", "--central-position=1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    public void Statistics_are_Kaldis()
    {
        var train = SharedData.At("goldens/kaldi-train");
        ToolRun.Of("add-deltas", $"ark:{train}/data/feats.ark", $"ark:{_folder.At("feats")}");

        foreach (var (part, missing, states) in (ReadOnlySpan<(int, int, int)>)[(1, 21, 156), (2, 20, 189)])
        {
            var run = ToolRun.Of("acc-tree-stats", [.. Window, IndependentPhones, $"{train}/mono/final.mdl", $"ark:{_folder.At("feats")}",
                $"ark:{train}/tri/ali.mono.{part}.txt", _folder.At($"{part}.treeacc")]);

            Assert.Contains($"{missing} failed due to no alignment, 0 failed for other reasons", run.Errors, StringComparison.Ordinal);
            Assert.Contains($"states) is {states}", run.Errors, StringComparison.Ordinal);
        }

        ToolRun.Of("sum-tree-stats", _folder.At("treeacc"), _folder.At("1.treeacc"), _folder.At("2.treeacc"));
        ToolRun.Of("sum-tree-stats", "--binary=false", _folder.At("treeacc.txt"), _folder.At("treeacc"));
        ToolRun.Of("sum-tree-stats", "--binary=false", _folder.At("kaldi.txt"), $"{train}/tri/treeacc");

        Assert.Equal(File.ReadAllText($"{train}/tri/treeacc.txt"), File.ReadAllText(_folder.At("kaldi.txt")));
        var (count, largest) = Numbers.Compare(File.ReadAllText($"{train}/tri/treeacc.txt"), File.ReadAllText(_folder.At("treeacc.txt")));
        KaldiAgreement.Record(
            console.WriteLine, "acc-tree-stats, sum-tree-stats", "goldens/kaldi-train/tri/treeacc", 3, count, largest, "1e-5 |x|");
        Assert.InRange(largest, 0, 1e-5);
    }

    [SharedDataFact]
    public void Questions_are_Kaldis()
    {
        var train = SharedData.At("goldens/kaldi-train");

        var run = ToolRun.Of("cluster-phones", [.. Window, $"{train}/tri/treeacc", $"{train}/lang/sets.int", _folder.At("clustered")]);
        ToolRun.Of("compile-questions", [.. Window, $"{train}/lang/topo", $"{train}/tri/questions.int", _folder.At("questions.qst")]);
        ToolRun.Of(
            "compile-questions",
            ["--binary=false", .. Window, $"{train}/lang/topo", $"{train}/tri/questions.int", _folder.At("text")]);

        KaldiAgreement.Record(
            console.WriteLine, "cluster-phones", "goldens/kaldi-train/tri/questions.clustered.int", 1, 0, 0, "the same bytes");
        KaldiAgreement.Record(console.WriteLine, "compile-questions", "goldens/kaldi-train/tri/questions.qst", 2, 0, 0, "the same bytes");
        Assert.Equal(File.ReadAllText($"{train}/tri/questions.clustered.int"), File.ReadAllText(_folder.At("clustered")));
        Assert.Contains("no stats available for phone set: 6 7 8 9 10", run.Errors, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes($"{train}/tri/questions.qst"), File.ReadAllBytes(_folder.At("questions.qst")));
        Assert.Equal(File.ReadAllText($"{train}/tri/questions.qst.txt"), File.ReadAllText(_folder.At("text")));
    }

    [SharedDataTheory]
    [InlineData("tri", "tree.txt", "questions.qst", "--max-leaves=80 --cluster-thresh=-1", 3)]
    [InlineData("tri", "tree.small.txt", "questions.qst", "--max-leaves=40 --cluster-thresh=200 --thresh=50", 3)]
    [InlineData("chain", "tree.txt", "questions.qst", "--max-leaves=40 --thresh=20 --cluster-thresh=0", 2)]
    public void Trees_are_Kaldis(string folder, string tree, string questions, string options, int width)
    {
        var chain = folder == "chain";
        var place = SharedData.At(chain ? "goldens/kaldi-chain/tree" : "goldens/kaldi-train/tri");
        var topology = SharedData.At(chain ? "goldens/kaldi-chain/topo" : "goldens/kaldi-train/lang/topo");
        var roots = SharedData.At(chain ? "goldens/kaldi/exp/lang/roots.int" : "goldens/kaldi-train/lang/roots.int");

        var run = ToolRun.Of("build-tree", [.. options.Split(' '), "--binary=false", "--verbose=1", $"--context-width={width}",
            "--central-position=1", $"{place}/treeacc", roots, $"{place}/{questions}", topology, _folder.At("tree")]);

        KaldiAgreement.Record(
            console.WriteLine, "build-tree", $"goldens/kaldi-{(chain ? "chain/tree" : "train/tri")}/{tree}", 1, 0, 0, "the same bytes");
        Assert.Equal(File.ReadAllText($"{place}/{tree}"), File.ReadAllText(_folder.At("tree")));
        var log = Path.Combine(place, tree == "tree.small.txt" ? "build-tree.small.log" : "build-tree.log");
        Assert.Equal(Messages(File.ReadLines(log)), Messages(run.Errors.Split('\n')));
    }

    [SharedDataTheory]
    [InlineData("kaldi-train/mono/final.mdl", "kaldi-train/tri/1.mdl", "kaldi-train/tri/tree", "kaldi-train/mono/ali.final.txt",
        "kaldi-train/tri/ali.1.txt", "")]
    [InlineData("kaldi/exp/tri1/final.mdl", "kaldi-chain/tree/1.mdl", "kaldi-chain/tree/tree", "kaldi/nnet1_steps/ali.txt",
        "kaldi-chain/tree/ali.txt", "--frame-subsampling-factor=3")]
    [InlineData("kaldi/exp/tri1/final.mdl", "kaldi-chain/tree/1.mdl", "kaldi-chain/tree/tree", "kaldi/nnet1_steps/ali.txt",
        "kaldi-chain/tree/ali.repeat.txt", "--frame-subsampling-factor=3 --repeat-frames=true")]
    public void Converted_alignments_are_Kaldis(string from, string to, string tree, string alignments, string expected, string options)
    {
        var run = ToolRun.Of("convert-ali", [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), Golden(from), Golden(to),
            Golden(tree), $"ark:{Golden(alignments)}", $"ark,t:{_folder.At("ali")}"]);

        KaldiAgreement.Record(console.WriteLine, "convert-ali", "goldens/" + expected, 1, 0, 0, "the same bytes");
        Assert.Equal(File.ReadAllText(Golden(expected)), File.ReadAllText(_folder.At("ali")));
        Assert.Contains("failed for 0", run.Errors, StringComparison.Ordinal);

        static string Golden(string name) => SharedData.At("goldens/" + name);
    }

    private static IEnumerable<string> Messages(IEnumerable<string> lines) =>
        lines.Select(line => Message().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value.Trim());

    [GeneratedRegex(@"^\S+ \(build-tree(?:\[.*\.cc:\d+)?\) (.*)$")]
    private static partial Regex Message();
}
