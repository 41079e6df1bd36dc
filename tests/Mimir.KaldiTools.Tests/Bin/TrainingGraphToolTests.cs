using System.Text;
using Mimir.Decode.Graphs;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Bin;

/// <summary>The programs that make training graphs against what Kaldi's own gave.</summary>
public sealed class TrainingGraphToolTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("kaldi-train/lang", "kaldi-train/mono", "0.mdl", "kaldi-train/data/text.int", "kaldi-train/mono/fsts.ark")]
    [InlineData("kaldi-train/lang", "kaldi-train/tri", "1.mdl", "kaldi-train/data/text.int", "kaldi-train/tri/fsts.ark")]
    [InlineData("kaldi/exp/lang", "kaldi/exp/tri1", "final.mdl", "kaldi-train/nnetali/text.int", "kaldi-train/nnetali/fsts.ark")]
    public void Compile_train_graphs_gives_kaldis_graphs(string lang, string folder, string model, string text, string golden)
    {
        string At(string file) => SharedData.At($"goldens/{file}");

        var run = ToolRun.Of(
            "compile-train-graphs", $"--read-disambig-syms={At(lang)}/disambig.int", $"{At(folder)}/tree", $"{At(folder)}/{model}",
            $"{At(lang)}/L.fst", $"ark:{At(text)}", $"ark:{_folder.At("fsts")}");

        Assert.True(run.Status == 0, run.Errors);
        var expected = FstTables.Vector.Read($"ark:{At(golden)}").ToList();
        var got = FstTables.Vector.Read($"ark:{_folder.At("fsts")}").ToList();
        Assert.Equal(expected.Select(graph => graph.Key), got.Select(graph => graph.Key));
        foreach (var (wanted, made) in expected.Zip(got))
            Assert.Null(SameGraph.But(wanted.Value, made.Value, 2e-6f));

        Assert.Contains($"succeeded for {got.Count} graphs, failed for 0", run.Errors, StringComparison.Ordinal);
        const string Allowed = "the same graphs but for the numbers of states";
        KaldiAgreement.Record(console.WriteLine, "compile-train-graphs", $"goldens/{golden}", got.Count, 0, 0, Allowed);
    }

    [SharedDataFact]
    public void Align_equal_and_gmm_align_give_what_their_parts_give_one_after_another()
    {
        string At(string file) => SharedData.At($"goldens/kaldi-train/{file}");
        var features = _folder.Write("feats", ToolRun.Of("add-deltas", $"ark:{At("data/feats.ark")}", "ark:-").Output);
        string[] inputs = [$"--read-disambig-syms={At("lang/disambig.int")}", At("mono/tree"), At("mono/final.mdl"), At("lang/L.fst")];

        var equal = ToolRun.Of("align-equal", [.. inputs, $"ark:{features}", $"ark:{At("data/text.int")}", "ark,t:-"]);
        var aligned = ToolRun.Of(
            "gmm-align", ["--transition-scale=1.0", "--acoustic-scale=0.1", "--self-loop-scale=0.1", "--beam=10", "--retry-beam=40",
                .. inputs, $"ark:{features}", $"ark:{At("data/text.int")}", "ark,t:-"]);

        Assert.Contains("Success: done 41 utterances.", equal.Errors, StringComparison.Ordinal);
        Assert.Equal(41, Encoding.UTF8.GetString(equal.Output).Count(character => character == '\n'));
        Assert.Equal(File.ReadAllText(At("mono/ali.final.txt")), Encoding.UTF8.GetString(aligned.Output));
        KaldiAgreement.Record(console.WriteLine, "gmm-align", "goldens/kaldi-train/mono/ali.final.txt", 1, 0, 0, "the same bytes");
    }

    [SharedDataFact]
    public void Align_mapped_gives_the_alignments_of_graphs_made_before()
    {
        string At(string file) => SharedData.At($"goldens/kaldi/exp/tri1/{file}");
        var lang = SharedData.At("goldens/kaldi/exp/lang");
        var likes = $"ark:{At("test3.gmm-likes.txt.gz")}";
        var text = _folder.Write("text", "george-te0000 3\ngeorge-te0001 4 99\n");

        var run = ToolRun.Of(
            "align-mapped", "--transition-scale=1.0", "--acoustic-scale=0.1", "--self-loop-scale=0.1", "--beam=200",
            $"--read-disambig-syms={lang}/disambig.int", At("tree"), At("final.mdl"), $"{lang}/L.fst", likes, $"ark:{text}", "ark,t:-");

        Assert.True(run.Status == 0, run.Errors);
        Assert.StartsWith("george-te0000 ", Encoding.UTF8.GetString(run.Output), StringComparison.Ordinal);
        Assert.Contains("Empty decoding graph for utterance george-te0001", run.Errors, StringComparison.Ordinal);
        Assert.Contains("No transcript found for utterance george-te0002", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Done 1, errors on 2", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_train_graphs_of_texts_and_of_grammars_agree_and_say_which_words_are_missing()
    {
        SomeTransitionModel.Make(chain: false).Write(_folder.At("mdl"));
        var tree = _folder.Write(
            "tree",
            "ContextDependency 1 0 ToPdf TE 0 3 ( NULL TE -1 2 ( CE 0 CE 1 ) TE -1 1 ( CE 2 ) ) EndContextDependency \n");
        var lexicon = new VectorFst { Start = 0 };
        lexicon.AddState(0);
        lexicon.AddState();
        lexicon.AddArc(0, new FstArc(2, 8, 0.5f, 0));
        lexicon.AddArc(0, new FstArc(1, 7, 0, 1));
        lexicon.AddArc(1, new FstArc(2, 0, 0, 0));
        FstWriter.Write(_folder.At("L.fst"), lexicon);
        var texts = _folder.Write("text", "u 7 8\nlacks 7 9\n");
        var grammars = _folder.Write("fsts", "u \n0 1 7 7\n1 2 8 8\n2\n\n");

        var compiled = ToolRun.Of("compile-train-graphs", tree, _folder.At("mdl"), _folder.At("L.fst"), $"ark:{texts}", "ark,t:-");
        var grammar = ToolRun.Of("compile-train-graphs-fsts", tree, _folder.At("mdl"), _folder.At("L.fst"), $"ark:{grammars}", "ark,t:-");

        Assert.Equal(
            "u \n0\t1\t2\t7\n1\t2\t4\t0\n1\t1\t1\t0\n2\t3\t6\t0\n2\t2\t3\t0\n3\t4\t6\t8\t0.5\n3\t3\t5\t0\n4\t4\t5\t0\n4\n\n",
            Encoding.UTF8.GetString(compiled.Output));
        Assert.Equal(compiled.Output, grammar.Output);
        Assert.Contains("Empty decoding graph for utterance lacks", compiled.Errors, StringComparison.Ordinal);
        Assert.Contains("succeeded for 1 graphs, failed for 1", compiled.Errors, StringComparison.Ordinal);
        Assert.Contains("You supplied no disambiguation symbols", grammar.Errors, StringComparison.Ordinal);
    }
}
