using System.Text;
using Mimir.Decode.Graphs;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Lmbin;

/// <summary>arpa2fst against what Kaldi's gave.</summary>
public sealed class Arpa2fstToolTests(ITestOutputHelper console) : IDisposable
{
    private const string Model = """
        \data\
        ngram 1=5
        ngram 2=4

        \1-grams:
        -99 <s> -0.5
        -0.5 </s>
        -0.6 a -0.25
        -0.7 b
        -0.8 c

        \2-grams:
        -0.1 <s> a
        -0.2 a b
        -0.3 a </s>
        -0.4 a c

        \end\
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("G", "--disambig-symbol=#0", "--read-symbol-table=WORDS")]
    [InlineData("G.keepsyms", "--disambig-symbol=#0", "--max-arpa-warnings=-1", "--write-symbol-table=OUT.words.txt")]
    [InlineData("G.nodisambig")]
    public void Arpa2fst_gives_Kaldis_acceptor(string golden, params string[] options)
    {
        string At(string file) => SharedData.At($"goldens/kaldi-train/{file}");
        var result = _folder.At(golden);
        options = [.. options.Select(option => option
            .Replace("WORDS", At("lang/words.txt"), StringComparison.Ordinal).Replace("OUT", result, StringComparison.Ordinal))];

        var run = ToolRun.Of("arpa2fst", [.. options, At("graph/G.arpa"), result]);

        Assert.True(run.Status == 0, run.Errors);
        var expected = FstReader.ReadVector(At($"graph/{golden}.fst"));
        var actual = FstReader.ReadVector(result);
        AssertSame(expected, actual);
        Assert.Equal(expected.InputSymbols?.Entries.OrderBy(entry => entry.Value), actual.InputSymbols?.Entries);
        if (golden == "G.keepsyms")
            Assert.Equal(File.ReadAllText(At("graph/G.keepsyms.words.txt")), File.ReadAllText($"{result}.words.txt"));

        KaldiAgreement.Record(
            console.WriteLine, "arpa2fst", $"goldens/kaldi-train/graph/{golden}.fst", 1, expected.ArcCount, 0, "the same states and arcs");
    }

    [SharedDataFact]
    public void Arpa2fst_gives_Kaldis_acceptor_of_aishell()
    {
        string At(string file) => SharedData.At($"corpora/aishell-sample/lang/{file}");
        var result = _folder.At("G.fst");

        var run = ToolRun.Of("arpa2fst", "--disambig-symbol=#0", $"--read-symbol-table={At("words.txt")}", At("G.arpa.gz"), result);

        Assert.True(run.Status == 0, run.Errors);
        var (expected, actual) = (FstReader.ReadVector(At("G.fst.gz")), FstReader.ReadVector(result));
        AssertSame(expected, actual);
        KaldiAgreement.Record(
            console.WriteLine, "arpa2fst", "corpora/aishell-sample/lang/G.fst.gz", 1, expected.ArcCount, 0, "the same states and arcs");
    }

    [Fact]
    public void Arpa2fst_makes_final_costs_of_the_end_and_bypasses_states_that_only_back_off()
    {
        var words = _folder.Write("words.txt", "<eps> 0\na 1\nb 2\nc 3\n#0 4\n<s> 5\n</s> 6\n");

        var run = ToolRun.Of(
            "arpa2fst", "--disambig-symbol=#0", $"--read-symbol-table={words}", _folder.Write("lm.arpa", Model), _folder.At("G.fst"));

        Assert.True(run.Status == 0, run.Errors);
        Assert.Contains("Reduced num-states from 5 to 3", run.Errors, StringComparison.Ordinal);
        Assert.Equal(
            "1\t2\t1\t1\t0.230259\n1\t0\t4\t0\t1.15129\n"
            + "0\t2\t1\t1\t1.38155\n0\t0\t2\t2\t1.61181\n0\t0\t3\t3\t1.84207\n0\t1.15129\n"
            + "2\t0\t2\t2\t0.460517\n2\t0\t3\t3\t0.921034\n2\t0\t4\t0\t0.575646\n2\t0.690776\n",
            FstText.Write(FstReader.ReadVector(_folder.At("G.fst"))));
    }

    [Fact]
    public void Arpa2fst_passes_over_words_that_the_table_lacks_with_a_limit_to_warnings()
    {
        var words = _folder.Write("words.txt", "<eps> 0\na 1\n#0 4\n<s> 5\n</s> 6\n");

        var run = ToolRun.Of(
            "arpa2fst",
            "--disambig-symbol=#0",
            "--max-arpa-warnings=1",
            $"--read-symbol-table={words}",
            _folder.Write("lm.arpa", Model),
            "-");

        Assert.Equal(0, run.Status);
        Assert.Contains("skipped: word 'b' not in symbol table", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("word 'c'", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Of 4 parse warnings, 1 were reported.", run.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(run.Output);
    }

    [Theory]
    [InlineData("ngram 2=4", "ngram 2=3", ":16: expected 3 n-grams of order 2, as the header says, and no more, got '-0.4 a c'")]
    [InlineData("-0.2 a b", "-0.2 a", ":14: expected a probability and 2 words, got '-0.2 a'")]
    [InlineData("-0.2 a b", "x a b", ":14: expected logarithms of probabilities, not 'x', got 'x a b'")]
    [InlineData("-99 <s> -0.5", "", ": expected an n-gram of '<s>', which begins sentences")]
    [InlineData("-0.7 b", "-0.7 #0", ":9: expected words, not '#0', which stands on backoff arcs, got '-0.7 #0'")]
    [InlineData("-0.7 b", "-0.7 <eps>", ":9: expected words, not '<eps>', which stands for no word, got '-0.7 <eps>'")]
    [InlineData(@"\end\", "", ":18: expected '\\end\\', got the end of the file: is it cut?")]
    [InlineData(@"\data\", "", ":19: expected a language model in ARPA's format with a line '\\data\\', got the end of the file")]
    public void Arpa2fst_refuses_damaged_models_with_the_line(string text, string replacement, string message)
    {
        var model = _folder.Write("lm.arpa", Model.Replace(text, replacement, StringComparison.Ordinal));

        var run = ToolRun.Of("arpa2fst", "--disambig-symbol=#0", model, _folder.At("G.fst"));

        Assert.Equal(255, run.Status);
        Assert.Contains($"{model}{message}", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("G.fst")));
    }

    [Fact]
    public void Arpa2fst_reads_the_standard_input_of_a_script()
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(Model));

        var run = ToolRun.Of("arpa2fst", input, "--disambig-symbol=#0", "-", _folder.At("G.fst"));

        Assert.True(run.Status == 0, run.Errors);
        var symbols = FstReader.ReadVector(_folder.At("G.fst")).InputSymbols!;
        Assert.Equal(["<eps>", "#0", "<s>", "</s>", "a", "b", "c"], symbols.Entries.Select(entry => entry.Key));
    }

    private static void AssertSame(VectorFst expected, VectorFst actual)
    {
        Assert.Equal((expected.Start, expected.StateCount, expected.ArcCount), (actual.Start, actual.StateCount, actual.ArcCount));
        for (var state = 0; state < expected.StateCount; state++)
        {
            Assert.Equal(expected.Arcs(state).ToArray(), actual.Arcs(state).ToArray());
            Assert.Equal(expected.Final(state), actual.Final(state));
        }
    }
}
