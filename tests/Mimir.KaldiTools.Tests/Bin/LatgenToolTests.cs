using System.Globalization;
using System.IO.Compression;
using System.Text;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Tests.Latbin;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Bin;

/// <summary>The programs that search graphs, against what Kaldi's own gave.</summary>
public sealed class LatgenToolTests(ITestOutputHelper console) : IDisposable
{
    private const string Kaldi = "goldens/kaldi/exp";
    private const string Sequence = "goldens/kaldi-sequence";
    private const string Train = "goldens/kaldi-train";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("latgen-faster-mapped")]
    [InlineData("latgen-faster-mapped-parallel --num-threads=3")]
    public void Network_lattices_words_and_alignments_are_kaldis(string tool)
    {
        var scores = _folder.At("llk");
        using (var file = File.OpenRead(SharedData.At($"{Kaldi}/dnn3x512/test2.llk.txt.gz")))
        using (var packed = new GZipStream(file, CompressionMode.Decompress))
        using (var plain = File.Create(scores))
            packed.CopyTo(plain);

        var run = Run(
            $"{tool} --min-active=200 --max-active=7000 --max-mem=50000000 --beam=13.0 --lattice-beam=8.0 --acoustic-scale=0.1 "
            + $"--allow-partial=true --word-symbol-table={SharedData.At($"{Kaldi}/tri1/words.txt")}",
            $"{Kaldi}/tri1/final.mdl", $"{Kaldi}/tri1/HCLG.fst.gz", $"ark:{scores}");

        SameLattices(tool, WordLattice.Table, $"{Kaldi}/decode/dnn.test2.lat.ark.gz", LatticeDistance.Of);
        SameText($"{Kaldi}/decode/dnn.test2.tra", "words");
        SameText($"{Kaldi}/decode/dnn.test2.ali", "alignments");
        Assert.Contains("Log-like per frame for utterance george-te0001 is 2.35462 over 415 frames.", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Done 2 utterances, failed for 0", run.Errors, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void Mixtures_lattices_words_and_log_are_kaldis()
    {
        var run = Run(
            "gmm-latgen-faster --max-active=7000 --beam=13.0 --lattice-beam=6.0 --acoustic-scale=0.083333 --allow-partial=true "
            + $"--word-symbol-table={SharedData.At($"{Kaldi}/tri1/words.txt")}",
            $"{Kaldi}/tri1/final.mdl", $"{Kaldi}/tri1/HCLG.fst.gz", $"ark:{SharedData.At($"{Kaldi}/tri1/test3.feats.ark")}");

        SameLattices("gmm-latgen-faster", WordLattice.Table, $"{Kaldi}/decode/test3.lat.ark.gz", LatticeDistance.Of);
        SameText($"{Kaldi}/decode/test3.tra", "words");
        SameText($"{Kaldi}/decode/test3.decali.txt", "alignments");
        SameLog($"{Kaldi}/decode/test3.latgen.log", run);
    }

    [SharedDataFact]
    public void Lattices_rescored_by_the_mixtures_that_made_them_keep_their_costs()
    {
        string[] inputs =
        [
            SharedData.At($"{Kaldi}/tri1/final.mdl"), $"ark:{SharedData.At($"{Kaldi}/decode/test3.lat.ark.gz")}",
            $"ark:{SharedData.At($"{Kaldi}/tri1/test3.feats.ark")}",
        ];

        var run = ToolRun.Of("gmm-rescore-lattice", [.. inputs, $"ark:{_folder.At("rescored")}"]);
        var half = ToolRun.Of("gmm-rescore-lattice", ["--old-acoustic-scale=1", .. inputs, $"ark:{_folder.At("twice")}"]);

        Assert.True(run.Status == 0 && half.Status == 0, run.Errors + half.Errors);
        Assert.Contains("Done 3 lattices with errors on 0", run.Errors, StringComparison.Ordinal);
        var costs = Costs(inputs[1]);
        foreach (var (cost, once, twice) in costs.Zip(Costs($"ark:{_folder.At("rescored")}"), Costs($"ark:{_folder.At("twice")}")))
        {
            Assert.Equal(cost, once, 0.05);
            Assert.Equal(2 * cost, twice, 0.1);
        }

        // Determinization moves costs along a path, not from it.
        static List<double> Costs(string table) =>
            [.. WordLattice.Table.Read(table).Select(entry => (double)BestPath.Find(entry.Value, 0.083333f)!.Weight.Acoustic)];
    }

    [SharedDataTheory]
    [InlineData("mono", "mono/final.mdl", "latgen-faster-mapped")]
    [InlineData("tri", "tri/2.mdl", "latgen-faster-mapped")]
    [InlineData("tri", "tri/2.mdl", "gmm-latgen-faster-parallel --num-threads=2")]
    public void Small_mixtures_lattices_and_log_are_kaldis(string name, string model, string tool)
    {
        var feats = $"ark:{SharedData.At($"{Train}/lat/feats.ark")}";
        var likes = ToolRun.Of("gmm-compute-likes", SharedData.At($"{Train}/{model}"), feats, $"ark:{_folder.At("likes")}");
        Assert.Equal(0, likes.Status);

        var run = Run(
            $"{tool} --max-active=7000 --beam=13 --lattice-beam=6 --acoustic-scale=0.083333 --allow-partial=true "
            + $"--word-symbol-table={SharedData.At($"{Train}/lang/words.txt")}",
            $"{Train}/{model}", $"{Train}/graph/{name}/HCLG.fst",
            tool.StartsWith("gmm", StringComparison.Ordinal) ? feats : $"ark:{_folder.At("likes")}");

        SameLattices(tool, WordLattice.Table, $"{Train}/lat/{name}.ark", LatticeDistance.Of);
        SameLog($"{Train}/lat/{name}.log", run);
    }

    [SharedDataTheory]
    [InlineData("--beam=13.0 --lattice-beam=7.0 --max-mem=20000000", "den.ark", "den.log")]
    [InlineData("--beam=11.0 --lattice-beam=1.0 --max-mem=20000000", "den.narrow.ark.gz", "den.narrow.log")]
    [InlineData(
        "--determinize-lattice=false --beam=9.0 --lattice-beam=3.0", "den.statelevel.ark.gz", "den.statelevel.log")]
    public void Training_lattices_are_kaldis(string options, string golden, string log)
    {
        var (folder, steps) = (SharedData.At(Sequence), SharedData.At("goldens/kaldi/nnet1_steps"));
        var forward = ToolRun.Of(
            "nnet-forward", "--no-softmax=true", "--prior-scale=1.0", $"--feature-transform={steps}/transf.nnet",
            $"--class-frame-counts={steps}/pdf.counts", "--use-gpu=no", $"{folder}/tiny.nnet", $"ark:{steps}/feats.ark",
            $"ark:{_folder.At("llk")}");
        Assert.True(forward.Status == 0, forward.Errors);

        // Only the first command of the goldens has the words' names.
        var names = golden == "den.ark" ? $" --word-symbol-table={SharedData.At($"{Kaldi}/lang/words.txt")}" : "";
        var run = Run(
            $"latgen-faster-mapped {options} --acoustic-scale=0.1 --max-active=5000{names}",
            $"{Kaldi}/tri1/final.mdl", $"{Sequence}/HCLG.fst", $"ark:{_folder.At("llk")}");

        if (golden.StartsWith("den.statelevel", StringComparison.Ordinal))
            SameLattices("latgen-faster-mapped", Lattice.Table, $"{Sequence}/{golden}", ArcDistance);
        else
            SameLattices("latgen-faster-mapped", WordLattice.Table, $"{Sequence}/{golden}", LatticeDistance.Of, BeyondMemory(log));
        SameLog($"{Sequence}/{log}", run);
        if (golden != "den.ark")
            return;

        SameText($"{Sequence}/den.words.tra", "words");
        SameText($"{Sequence}/den.ali.txt", "alignments");
    }

    [Theory]
    [InlineData("latgen-faster-mapped")]
    [InlineData("latgen-faster-mapped-parallel --num-threads=2")]
    public void Utterances_that_fail_are_named_and_counted(string tool)
    {
        SomeTransitionModel.Make(chain: false).Write(_folder.At("mdl"));
        var graphs = _folder.Write(
            "fsts",
            "a \n0 1 2 7\n1 1 1 0\n1 2 4 0\n2\n\nnone \n0 1 2 7\n1\n\nother \n0 1 2 7\n1\n\nshort \n0 1 2 7\n1 2 4 0\n2\n\n");
        var matrix = " [\n 0 -1 -2\n 0 -1 -2\n -2 0 -3 ]\n";
        var feats = _folder.Write("feats", $"a {matrix}none [ ]\nshort [\n 0 -1 -2 ]\n");
        var words = _folder.Write("words.txt", "<eps> 0\nyes 7\n");

        var strict = ToolRun.Of(
            tool.Split(' ')[0],
            [
                .. tool.Split(' ')[1..], $"--word-symbol-table={words}", _folder.At("mdl"), $"ark:{graphs}", $"ark:{feats}",
                $"ark:{_folder.At("lat")}", "ark,t:-",
            ]);
        var partial = ToolRun.Of(
            tool.Split(' ')[0],
            [.. tool.Split(' ')[1..], "--allow-partial", _folder.At("mdl"), $"ark:{graphs}", $"ark:{feats}", "ark,t:-"]);

        Assert.Equal((0, "a 7 \n"), (strict.Status, Encoding.UTF8.GetString(strict.Output)));
        foreach (var line in (string[])
        [
            "a yes", "Zero-length utterance: none", "Not decoding utterance other because no loglikes available.",
            "Not producing output for utterance short since no final-state reached and --allow-partial=false.",
            "Done 1 utterances, failed for 3",
        ])
            Assert.Contains(line, strict.Errors, StringComparison.Ordinal);

        Assert.Contains("Outputting partial output for utterance short", partial.Errors, StringComparison.Ordinal);
        Assert.Contains("Done 2 utterances, failed for 2", partial.Errors, StringComparison.Ordinal);
        Assert.Contains("short \n0\t1\t7", Encoding.UTF8.GetString(partial.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_that_do_not_fit_are_an_error_and_leave_no_archive()
    {
        SomeTransitionModel.Make(chain: false).Write(_folder.At("mdl"));
        var graphs = _folder.Write("fsts", "a \n0 1 2 7\n1\n\n");
        var feats = _folder.Write("feats", "a [\n 0 ]\n");

        var run = ToolRun.Of("latgen-faster-mapped", _folder.At("mdl"), $"ark:{graphs}", $"ark:{feats}", $"ark:{_folder.At("lat")}");

        Assert.Equal(255, run.Status);
        Assert.Contains("utterance a: expected scores of", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("lat")));
    }

    private ToolRun Run(string command, string model, string graph, string input)
    {
        var words = command.Split(' ');
        var run = ToolRun.Of(
            words[0],
            [
                .. words[1..], SharedData.At(model), SharedData.At(graph), input, $"ark:{_folder.At("lat")}",
                $"ark,t:{_folder.At("words")}", $"ark,t:{_folder.At("alignments")}",
            ]);
        Assert.True(run.Status == 0, run.Errors);
        return run;
    }

    // Kaldi's determinization gave up before the beam where its memory was full.
    private static HashSet<string> BeyondMemory(string log) =>
    [
        .. File.ReadLines(SharedData.At($"{Sequence}/{log}"))
            .Where(line => line.Contains("finished earlier", StringComparison.Ordinal)).Select(line => line.Split(' ')[^1]),
    ];

    // States of equal paths may be numbered in another order, so that only all arcs together are compared.
    private static double ArcDistance(Lattice expected, Lattice actual)
    {
        var (theirs, ours) = (Arcs(expected), Arcs(actual));
        Assert.Equal(expected.StateCount, actual.StateCount);
        Assert.Equal(theirs.Select(arc => (arc.Input, arc.Word)), ours.Select(arc => (arc.Input, arc.Word)));
        return theirs.Zip(ours).Max(pair => Math.Max(
            Math.Abs(pair.First.Weight.Graph - pair.Second.Weight.Graph),
            Math.Abs(pair.First.Weight.Acoustic - pair.Second.Weight.Acoustic)));
    }

    private static List<LatticeArc> Arcs(Lattice lattice) =>
    [
        .. Enumerable.Range(0, lattice.StateCount).SelectMany(state => lattice.Arcs(state).ToArray())
            .OrderBy(arc => arc.Input).ThenBy(arc => arc.Word).ThenBy(arc => arc.Weight.Graph).ThenBy(arc => arc.Weight.Acoustic),
    ];

    private void SameLattices<T>(
        string tool, Table<T> table, string golden, Func<T, T, double> distance, HashSet<string>? except = null)
    {
        var theirs = table.Read($"ark:{SharedData.At(golden)}").Where(entry => except?.Contains(entry.Key) != true).ToList();
        var ours = table.Read($"ark:{_folder.At("lat")}").Where(entry => except?.Contains(entry.Key) != true).ToList();

        Assert.Equal(theirs.Select(entry => entry.Key), ours.Select(entry => entry.Key));
        var largest = theirs.Zip(ours).Max(pair => distance(pair.First.Value, pair.Second.Value));
        KaldiAgreement.Record(console.WriteLine, tool.Split(' ')[0], golden, 1, ours.Count, largest, "0.01 + 6e-6 |x|");
        Assert.True(largest < 0.01, $"{largest}");
    }

    private void SameText(string golden, string ours) =>
        Assert.Equal(File.ReadAllText(SharedData.At(golden)), File.ReadAllText(_folder.At(ours)));

    // The lines of words, likelihoods and counts; of six digits the last may differ.
    private static void SameLog(string golden, ToolRun run)
    {
        var (theirs, ours) = (Lines(File.ReadAllText(SharedData.At(golden))), Lines(run.Errors));

        Assert.Equal(theirs.Count, ours.Count);
        foreach (var (their, our) in theirs.Zip(ours).SelectMany(pair => pair.First.Split(' ').Zip(pair.Second.Split(' '))))
        {
            if (double.TryParse(their, CultureInfo.InvariantCulture, out var number))
                Assert.InRange(double.Parse(our, CultureInfo.InvariantCulture) - number, -1e-5 * Math.Abs(number), 1e-5 * Math.Abs(number));
            else
                Assert.Equal(their, our);
        }
    }

    private static List<string> Lines(string log) =>
    [
        .. log.Split('\n').Select(Message).Where(IsCompared).Select(line => line.TrimEnd('.')),
    ];

    private static string Message(string line) =>
        line.StartsWith("LOG", StringComparison.Ordinal) ? line[(line.IndexOf(") ", StringComparison.Ordinal) + 2)..] : line;

    private static bool IsCompared(string line) =>
        (line.EndsWith(' ') && !line.Contains("ark:", StringComparison.Ordinal))
        || ((string[])["Log-like", "Done ", "Overall"]).Any(start => line.StartsWith(start, StringComparison.Ordinal));
}
