using System.Text.RegularExpressions;

namespace Mimir.KaldiTools.Tests.Bin;

/// <summary>The programs that build trees against what Kaldi's own gave.</summary>
public sealed partial class TreeBuildingToolTests : IDisposable
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
        Assert.InRange(Numbers.LargestDifference($"{train}/tri/treeacc.txt", _folder.At("treeacc.txt")), 0, 1e-5);
    }

    [SharedDataFact]
    public void Questions_are_Kaldis()
    {
        var train = SharedData.At("goldens/kaldi-train");

        var run = ToolRun.Of("cluster-phones", [.. Window, $"{train}/tri/treeacc", $"{train}/lang/sets.int", _folder.At("clustered")]);
        ToolRun.Of("compile-questions", [.. Window, $"{train}/lang/topo", $"{train}/tri/questions.int", _folder.At("questions.qst")]);
        ToolRun.Of("compile-questions", ["--binary=false", .. Window, $"{train}/lang/topo", $"{train}/tri/questions.int", _folder.At("text")]);

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

        Assert.Equal(File.ReadAllText($"{place}/{tree}"), File.ReadAllText(_folder.At("tree")));
        var log = Path.Combine(place, tree == "tree.small.txt" ? "build-tree.small.log" : "build-tree.log");
        Assert.Equal(Messages(File.ReadLines(log)), Messages(run.Errors.Split('\n')));
    }

    private static IEnumerable<string> Messages(IEnumerable<string> lines) =>
        lines.Select(line => Message().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value.Trim());

    [GeneratedRegex(@"^\S+ \(build-tree(?:\[.*\.cc:\d+)?\) (.*)$")]
    private static partial Regex Message();
}
