using System.Text;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Fstbin;

/// <summary>The programs that build graphs, each on Kaldi's input of the step against Kaldi's output.</summary>
public sealed class FstToolTests(ITestOutputHelper console) : IDisposable
{
    private const string Graphs = "goldens/kaldi-train/graph";
    private const string Context = "--read-disambig-syms=@lang/disambig.int $ilabels @graph/LG.fst";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("fsttablecompose", "LG.1compose.fst", "@lang/L_disambig.fst @graph/G.fst")]
    [InlineData("fstdeterminizestar", "LG.2det.fst", "--use-log=true @graph/LG.1compose.fst")]
    [InlineData("fstpushspecial", "LG.fst", "@graph/LG.3min.fst")]
    [InlineData("fstcomposecontext", "mono/CLG.1compose.fst", "--context-size=1 --central-position=0 " + Context)]
    [InlineData("fstcomposecontext", "tri/CLG.1compose.fst", "--context-size=3 --central-position=1 " + Context)]
    [InlineData("make-h-transducer", "mono/Ha.fst", "--transition-scale=1.0 @graph/mono/ilabels @mono/tree @mono/final.mdl")]
    [InlineData("make-h-transducer", "tri/Ha.fst", "--transition-scale=1.0 @graph/tri/ilabels @tri/tree @tri/2.mdl")]
    [InlineData("fsttablecompose", "tri/HCLGa.1compose.fst", "@graph/tri/Ha.fst @graph/tri/CLG.fst")]
    [InlineData("fstdeterminizestar", "mono/HCLGa.2det.fst", "--use-log=true @graph/mono/HCLGa.1compose.fst")]
    [InlineData("fstrmsymbols", "tri/HCLGa.3rmsym.fst", "@graph/tri/disambig_tid.int @graph/tri/HCLGa.2det.fst")]
    [InlineData("fstrmepslocal", "tri/HCLGa.4rmeps.fst", "@graph/tri/HCLGa.3rmsym.fst")]
    [InlineData("add-self-loops", "mono/HCLG.vector.fst", "--self-loop-scale=0.1 --reorder=true @mono/final.mdl @graph/mono/HCLGa.fst")]
    [InlineData("add-self-loops", "tri/HCLG.vector.fst", "--self-loop-scale=0.1 --reorder=true @tri/2.mdl @graph/tri/HCLGa.fst")]
    [InlineData("add-self-loops", "tri/HCLG.noreorder.fst", "--self-loop-scale=0.1 --reorder=false @tri/2.mdl @graph/tri/HCLGa.fst")]
    public void Programs_write_kaldis_graphs(string tool, string golden, string arguments)
    {
        var train = SharedData.At("goldens/kaldi-train/");

        var run = ToolRun.Of(tool, [.. arguments.Replace("@", train).Replace("$", _folder.Path + "/").Split(' ')]);

        Assert.True(run.Status == 0, run.Errors);
        Assert.Equal(FstText.Write(FstReader.ReadVector(SharedData.At($"{Graphs}/{golden}"))), FstText.Write(Read(run)));
        KaldiAgreement.Record(console.WriteLine, tool, $"{Graphs}/{golden}", 1, 0, 0, "the same text");
    }

    [SharedDataTheory]
    [InlineData("LG.2det.fst", "LG.3min.fst")]
    [InlineData("mono/HCLGa.4rmeps.fst", "mono/HCLGa.fst")]
    [InlineData("tri/HCLGa.4rmeps.fst", "tri/HCLGa.fst")]
    public void Minimized_graphs_have_the_size_of_kaldis(string input, string golden)
    {
        var run = ToolRun.Of("fstminimizeencoded", SharedData.At($"{Graphs}/{input}"));

        var (expected, got) = (FstReader.ReadVector(SharedData.At($"{Graphs}/{golden}")), Read(run));
        Assert.Equal((expected.StateCount, expected.ArcCount), (got.StateCount, got.ArcCount));
        KaldiAgreement.Record(
            console.WriteLine, "fstminimizeencoded", $"{Graphs}/{golden}", 1, 0, 0, "as many states and arcs, equivalent");
    }

    [SharedDataTheory]
    [InlineData("LG")]
    [InlineData("mono/CLG")]
    [InlineData("mono/HCLGa")]
    [InlineData("tri/CLG")]
    [InlineData("tri/HCLGa")]
    public void Fstisstochastic_prints_kaldis_sums(string name)
    {
        var run = ToolRun.Of("fstisstochastic", SharedData.At($"{Graphs}/{name}.fst"));

        Assert.Equal(1, run.Status);
        Assert.Equal(File.ReadAllText(SharedData.At($"{Graphs}/{name}.isstochastic.txt")), Text(run));
        KaldiAgreement.Record(console.WriteLine, "fstisstochastic", $"{Graphs}/{name}.isstochastic.txt", 1, 0, 0, "the same bytes");
    }

    [Fact]
    public void A_small_graph_is_built_step_by_step()
    {
        // Phones a = 1 and b = 2, #0 = 3; words 1 and 2, #0 = 3.
        var lexicon = Write("L", "0 0 1 1\n0 0 2 2\n0\n");
        var grammar = Write("G", "0 0 1 1 0.5\n0 1 3 0 0.5\n1 1 2 2 1\n0 2\n1 1\n");
        var symbols = _folder.Write("disambig", "3\n");
        SomeTransitionModel.Make(chain: false).Write(_folder.At("mdl"));
        new ContextDependency(1, 0, new TableEventMap(0,
        [
            null,
            new TableEventMap(ContextDependency.PdfClassKey, [new ConstantEventMap(0), new ConstantEventMap(1)]),
            new ConstantEventMap(2),
        ])).Write(_folder.At("tree"));

        Run("fstaddselfloops", symbols, symbols, lexicon, At("L.loops"));
        Run("fsttablecompose", At("L.loops"), grammar, At("1"));
        Run("fstdeterminizestar", "--use-log=true", At("1"), At("2"));
        Run("fstminimizeencoded", At("2"), At("3"));
        Run("fstpushspecial", At("3"), At("4"));
        Run(
            "fstcomposecontext", "--context-size=1", "--central-position=0", $"--read-disambig-syms={symbols}",
            $"--write-disambig-syms={At("left")}", At("ilabels"), At("4"), At("5"));
        Run("make-h-transducer", $"--disambig-syms-out={At("tid")}", At("ilabels"), At("tree"), At("mdl"), At("H"));
        Run("fsttablecompose", At("H"), At("5"), At("6"));
        Run("fstdeterminizestar", "--use-log=true", At("6"), At("7"));
        Run("fstrmsymbols", At("tid"), At("7"), At("8"));
        Run("fstrmepslocal", At("8"), At("9"));
        Run("add-self-loops", "--self-loop-scale=0.1", At("mdl"), At("9"), At("HCLG"));

        var graph = FstReader.Read(At("HCLG"));
        Assert.Equal(6, graph.MaxInput());
        Assert.Equal("7\n", File.ReadAllText(At("tid")));
        Assert.Single(IntegerList.Read(At("left")));
    }

    [Fact]
    public void Tables_of_graphs_are_copied_composed_determinized_and_read_out()
    {
        var fsts = _folder.Write("fsts", "a \n0 1 1 4 0.5\n0 1 1 5 0.25\n1\n\nb \n0 1 2 6\n1\n\nempty \n\n");
        var left = Write("left", "0 1 9 1\n1\n");

        var copied = ToolRun.Of("fstcopy", $"ark:{fsts}", "ark,t:-");
        var words = ToolRun.Of("fsts-to-transcripts", $"ark:{fsts}", "ark,t:-");
        var phones = ToolRun.Of("fsts-to-transcripts", "--output-side=false", $"ark:{fsts}", "ark,t:-");
        var composed = ToolRun.Of("fsttablecompose", left, $"ark:{fsts}", "ark,t:-");
        var pairs = ToolRun.Of("fsttablecompose", $"ark:{fsts}", $"ark:{fsts}", "ark,t:-");
        var determinized = ToolRun.Of("fstdeterminizestar", $"ark:{fsts}", "ark,t:-");

        Assert.Contains("Copied 3 FSTs.", copied.Errors, StringComparison.Ordinal);
        Assert.Equal("a 5 \nb 6 \n", Text(words));
        Assert.Equal("a 1 \nb 2 \n", Text(phones));
        Assert.Contains("Converted 2 FSTs, 1 with errors", words.Errors, StringComparison.Ordinal);
        Assert.Contains("0\t1\t9\t5\t0.25", Text(composed), StringComparison.Ordinal);
        Assert.Contains("Successfully composed 0 FSTs, errors or empty output on 3", pairs.Errors, StringComparison.Ordinal);
        Assert.Contains("Error during determinization for key a", determinized.Errors, StringComparison.Ordinal);
        Assert.StartsWith("b \n0\t1\t2\t6\n1\n\n", Text(determinized), StringComparison.Ordinal);
    }

    [Fact]
    public void Fstphicompose_backs_off_only_where_nothing_matches()
    {
        var model = Write("model", "0 0 1 1 1\n0 1 9 0 0.5\n1 0 1 1 0.1\n1 0 2 2 2\n1 3\n");

        var run = ToolRun.Of("fstphicompose", "9", Write("word", "0 1 1 1\n1\n"), model);

        Assert.Equal("0\t1\t1\t1\t1\n1\t3.5\n", FstText.Write(Read(run)));
    }

    [Fact]
    public void Fstrmsymbols_removes_arcs_penalizes_them_and_takes_the_output_side()
    {
        var fst = Write("fst", "0 0 1 1\n0 0 3 2\n0\n");
        var list = _folder.Write("list", "3\n2\n");

        Assert.Equal("0\t0\t1\t1\n0\n", FstText.Write(Read(ToolRun.Of("fstrmsymbols", "--remove-arcs=true", list, fst))));
        Assert.Equal("0\t0\t1\t1\n0\t0\t3\t2\t2\n0\n", FstText.Write(Read(ToolRun.Of("fstrmsymbols", "--penalty=2", list, fst))));
        Assert.Equal("0\t0\t1\t1\n0\t0\t3\t0\n0\n", FstText.Write(Read(ToolRun.Of("fstrmsymbols", "--apply-to-output=true", list, fst))));
        Assert.Equal(255, ToolRun.Of("fstrmsymbols", "--remove-arcs=true", "--penalty=1", list, fst).Status);
    }

    [Fact]
    public void Fstmakecontextfst_makes_the_context_of_all_phones()
    {
        var phones = _folder.Write("phones.txt", "<eps> 0\na 1\nb 2\n");

        var run = ToolRun.Of("fstmakecontextfst", "--context-size=2", "--central-position=1", phones, "3", At("ilabels"));

        // The state is the phone before: none, a or b; from each, an arc for each phone.
        var fst = Read(run);
        Assert.Equal((3, 6), (fst.StateCount, fst.ArcCount));
    }

    [Fact]
    public void Make_ilabel_transducer_makes_one_of_labels_with_the_same_distributions()
    {
        SomeTransitionModel.Make(chain: false).Write(At("mdl"));
        new ContextDependency(2, 1, new TableEventMap(1,
        [
            null,
            new TableEventMap(ContextDependency.PdfClassKey, [new ConstantEventMap(0), new ConstantEventMap(1)]),
            new ConstantEventMap(2),
        ])).Write(At("tree"));
        var labels = _folder.Write("ilabels", "5 [ ]\n[ 0 1 ]\n[ 2 1 ]\n[ -3 ]\n[ 1 2 ]\n");

        var run = ToolRun.Of(
            "make-ilabel-transducer", $"--write-disambig-syms={At("symbols")}", $"--old-to-new-mapping={At("map")}", labels,
            At("tree"), At("mdl"), At("left"));

        Assert.True(run.Status == 0, run.Errors);
        Assert.Equal([0, 1, 1, 2, 3], IntegerList.Read(At("map")));
        Assert.Equal([2], IntegerList.Read(At("symbols")));
        Assert.Equal("0\t0\t1\t1\n0\t0\t1\t2\n0\t0\t2\t3\n0\t0\t3\t4\n0\n", FstText.Write(Read(run)));
    }

    [Theory]
    [InlineData("0 1 1 5\n0 1 1 6\n1\n", "fstdeterminizestar", "two outputs for one input")]
    [InlineData("0 1 1 5\n0 1 1 4\n1\n", "fsttablecompose", "not sorted by output label")]
    [InlineData("", "add-self-loops", "the graph is empty")]
    public void What_cannot_be_done_is_one_line(string text, string tool, string message)
    {
        SomeTransitionModel.Make(chain: false).Write(At("mdl"));
        var fst = Write("fst", text);

        var run = tool switch
        {
            "fsttablecompose" => ToolRun.Of(tool, fst, fst),
            "add-self-loops" => ToolRun.Of(tool, At("mdl"), fst),
            _ => ToolRun.Of(tool, fst),
        };

        Assert.Equal((255, 0), (run.Status, run.Output.Length));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    private static VectorFst Read(ToolRun run) => FstReader.ReadVector(
        "-", new KaldiIoOptions { StandardInput = new MemoryStream(run.Output) });

    private static string Text(ToolRun run) => Encoding.UTF8.GetString(run.Output);

    private static void Run(string tool, params string[] arguments)
    {
        var run = ToolRun.Of(tool, arguments);
        Assert.True(run.Status == 0, run.Errors);
    }

    private string At(string name) => _folder.At(name);

    private string Write(string name, string text)
    {
        using var reader = new KaldiReader(new MemoryStream(Encoding.UTF8.GetBytes(text + "\n")), name);
        FstWriter.Write(At(name), FstText.Read(reader));
        return At(name);
    }
}
