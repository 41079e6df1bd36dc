using System.IO.Compression;
using System.Text;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Bin;

/// <summary>The programs of Kaldi's bin against what Kaldi's own gave.</summary>
public sealed class BinToolTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("mono")]
    [InlineData("tri1")]
    public void Info_tools_print_what_Kaldis_print(string name)
    {
        string At(string file) => SharedData.At($"goldens/kaldi/exp/{name}/{file}");
        var phones = SharedData.At("goldens/kaldi/exp/lang/phones.txt");

        Prints(At("hmm-info.txt"), "hmm-info", At("final.mdl"));
        Prints(At("am-info.txt"), "am-info", At("final.mdl"));
        Prints(At("tree-info.txt"), "tree-info", At("tree"));
        Prints(At("show-transitions.txt"), "show-transitions", phones, At("final.mdl"));
        Prints(At("trans_mdl.txt"), "copy-transition-model", "--binary=false", At("final.mdl"), "-");
        Prints(At("tree.txt"), "copy-tree", "--binary=false", At("tree"), "-");
    }

    [SharedDataFact]
    public void Alignment_tools_print_what_Kaldis_print()
    {
        string At(string file) => SharedData.At($"goldens/kaldi/exp/tri1/{file}");
        var (model, all) = (At("final.mdl"), $"ark:{At("ali.txt.gz")}");

        Prints(At("ali-to-pdf.txt.gz"), "ali-to-pdf", model, all, "ark,t:-");
        Prints(At("ali-to-phones.txt.gz"), "ali-to-phones", model, all, "ark,t:-");
        Prints(At("ali-to-phones.perframe.txt.gz"), "ali-to-phones", "--per-frame=true", model, all, "ark,t:-");
        Prints(At("ali-to-phones.ctm.gz"), "ali-to-phones", "--ctm-output=true", model, all, "-");
        Prints(At("ali-to-phones.lengths.100utts.txt"), "ali-to-phones", "--write-lengths=true", model, First(100), "ark,t:-");
        Prints(At("ali-to-post.20utts.txt"), "ali-to-post", First(20), "ark,t:-");
        Prints(At("ali-to-post.5utts.bin.ark"), "ali-to-post", First(5), "ark:-");
        var phones = SharedData.At("goldens/kaldi/exp/lang/phones.txt");
        Prints(At("show-alignments.5utts.txt"), "show-alignments", phones, model, First(5));

        var parts = new[] { 1, 2 }.SelectMany(job => ToolRun.Of("copy-int-vector", $"ark:{At($"ali.{job}.gz")}", "ark,t:-").Output);
        Assert.Equal(Whole(At("ali.txt.gz")), parts.ToArray());
    }

    [SharedDataFact]
    public void Tools_make_the_targets_and_counts_of_nnet1_steps()
    {
        string At(string file) => SharedData.At($"goldens/kaldi/nnet1_steps/{file}");

        Prints(At("ali-pdf.txt"), "ali-to-pdf", SharedData.At("goldens/kaldi/exp/tri1/final.mdl"), $"ark:{At("ali.txt")}", "ark,t:-");
        Prints(At("post.txt"), "ali-to-post", $"ark:{At("ali-pdf.txt")}", "ark,t:-");
        Prints(At("post.txt"), "copy-post", $"ark:{At("post.txt")}", "ark,t:-");
        Prints(At("pdf.counts"), "analyze-counts", "--binary=false", "--counts-dim=128", $"ark:{At("ali-pdf.txt")}", "-");
    }

    [SharedDataFact]
    public void Analyze_counts_gives_the_counts_of_aishell()
    {
        var corpus = SharedData.At("corpora/aishell-sample");
        using var both = new MemoryStream();
        foreach (var job in new[] { 1, 2 })
            both.Write(ToolRun.Of("ali-to-pdf", $"{corpus}/gmm/final.mdl", $"ark:{corpus}/ali/train/ali.{job}.gz", "ark:-").Output);

        var counts = $"{corpus}/ali/ali_train_pdf.counts";
        Prints(counts, "analyze-counts", "--counts-dim=512", $"ark:{_folder.Write("pdfs", both.ToArray())}", "-");
    }

    [Theory]
    [InlineData("", "[ 1.5 2.5 0.5 2.5 ]")]
    [InlineData("--utt-weights=ark:U", "[ 1.25 2 0.5 1.5 ]")]
    [InlineData("--frame-weights=ark:F", "[ 2.5 0.5 0.5 0.5 ]")]
    public void Analyze_counts_weighs_frames_and_utterances(string option, string expected)
    {
        var labels = _folder.Write("ali", "a 0 1 1\nb 3 3\n");
        var utterances = _folder.Write("utt", "a 0.75\nb 0.5\n");
        var frames = _folder.Write("frm", "a  [ 2 0 0 ]\n");
        option = option.Replace(":U", $":{utterances}", StringComparison.Ordinal).Replace(":F", $":{frames}", StringComparison.Ordinal);
        string[] options = option.Length == 0 ? [] : [option];

        var run = ToolRun.Of("analyze-counts", [.. options, "--counts-dim=4", "--verbose=1", $"ark:{labels}", "-"]);

        Assert.Equal((0, expected), (run.Status, Encoding.UTF8.GetString(run.Output).Trim()));
        Assert.Contains("### The sorted count table,", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Zero count for label 2, this is suspicious.", run.Errors, StringComparison.Ordinal);
        var skipped = option.Contains("frame-weights", StringComparison.Ordinal) ? "b, missing per-frame weights" : "skipped 0 vectors";
        Assert.Contains(skipped, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Models_with_tuples_say_the_same_in_both_formats(bool binary)
    {
        SomeTransitionModel.Make(true).Write(_folder.At("m"), binary);
        var phones = _folder.Write("phones.txt", "<eps> 0\na 1\nb 2\n");

        var shown = Encoding.UTF8.GetString(ToolRun.Of("show-transitions", phones, _folder.At("m")).Output);
        var copied = ToolRun.Of("copy-transition-model", $"--binary={(binary ? "true" : "false")}", _folder.At("m"), "-").Output;
        var pdfs = ToolRun.Of("ali-to-pdf", _folder.At("m"), $"ark:{_folder.Write("ali", "u 2 1 4 6 5\n")}", "ark,t:-").Output;

        Assert.StartsWith(
            "Transition-state 1: phone = a hmm-state = 0 forward-pdf = 0 self-loop-pdf = 1\n"
            + " Transition-id = 1 p = 0.75 [self-loop]\n Transition-id = 2 p = 0.25 [0 -> 1]\n",
            shown, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder.At("m")), copied);
        Assert.Equal("u 0 1 2 4 5 \n", Encoding.UTF8.GetString(pdfs));
        Assert.Equal(binary, File.ReadAllBytes(_folder.At("m")).AsSpan().IndexOf("<Tuples>"u8) > 0 && copied[0] == 0);
    }

    [Fact]
    public void Write_lengths_in_binary_writes_pairs()
    {
        SomeTransitionModel.Make(false).Write(_folder.At("m"));
        var ali = _folder.Write("ali", "u 2 1 4 6\n");

        var run = ToolRun.Of("ali-to-phones", "--write-lengths", _folder.At("m"), $"ark:{ali}", "ark:-");

        Assert.Equal(
            "75200042" + "0402000000" + "0401000000" + "0403000000" + "0402000000" + "0401000000", Convert.ToHexString(run.Output));
    }

    [Theory]
    [InlineData("ali-to-pdf")]
    [InlineData("ali-to-phones")]
    public void Id_beyond_the_model_is_an_error_that_names_the_frame(string tool)
    {
        SomeTransitionModel.Make(false).Write(_folder.At("m"));
        var output = _folder.At("out");

        var run = ToolRun.Of(tool, _folder.At("m"), $"ark:{_folder.Write("ali", "u 2 1 7\n")}", $"ark:{output}");

        Assert.Equal(255, run.Status);
        Assert.Contains("utterance 'u', frame 2: expected a transition-id from 1 to 6, got 7", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(output));
    }

    private void Prints(string golden, string tool, params string[] arguments)
    {
        var run = ToolRun.Of(tool, arguments);

        Assert.True(run.Status == 0, run.Errors);
        Assert.True(Whole(golden).AsSpan().SequenceEqual(run.Output), $"{tool} {string.Join(' ', arguments)}: other bytes than {golden}");
        var place = Path.GetRelativePath(SharedData.At(""), golden).Replace('\\', '/');
        KaldiAgreement.Record(console.WriteLine, tool, place, 1, 0, 0, "the same bytes");
    }

    private static byte[] Whole(string golden)
    {
        if (!golden.EndsWith(".gz", StringComparison.Ordinal))
            return File.ReadAllBytes(golden);

        using var bytes = new MemoryStream();
        using var zip = new GZipStream(File.OpenRead(golden), CompressionMode.Decompress);
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private string First(int utterances)
    {
        var path = _folder.At($"first{utterances}");
        using var writer = KaldiTables.IntVector.Create($"ark:{path}");
        var alignments = KaldiTables.IntVector.Read($"ark:{SharedData.At("goldens/kaldi/exp/tri1/ali.txt.gz")}");
        foreach (var (key, value) in alignments.Take(utterances))
            writer.Write(key, value);

        return $"ark:{path}";
    }
}
