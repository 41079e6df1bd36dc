using Mimir.Decode.Algorithms;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Tests.Support;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Decode.Tests.Algorithms;

/// <summary>Each step of building a graph, from Kaldi's input of the step, against Kaldi's output (goldens/kaldi-train/graph).</summary>
public sealed class GraphGoldenTests
{
    private static readonly DeterminizeOptions LogSums = new() { LogSums = true };

    [SharedDataFact]
    public void Lexicon_and_grammar_composed_are_kaldis() =>
        Same("LG.1compose", new TableComposer(Read("../lang/L_disambig")).Compose(Read("G")));

    [SharedDataTheory]
    [InlineData("LG.1compose", "LG.2det")]
    [InlineData("mono/HCLGa.1compose", "mono/HCLGa.2det")]
    public void Determinized_graphs_are_kaldis(string input, string output)
    {
        var fst = Read(input);
        StarDeterminizer.Apply(fst, LogSums);
        Same(output, fst);
    }

    [SharedDataFact]
    public void Determinized_triphones_are_kaldis_but_for_the_last_digits()
    {
        var fst = Read("tri/HCLGa.1compose");
        StarDeterminizer.Apply(fst, LogSums);
        Transducers.AreIsomorphic(Read("tri/HCLGa.2det"), fst, 1e-4f);
    }

    [SharedDataTheory]
    [InlineData("LG.2det", "LG.3min")]
    [InlineData("mono/HCLGa.4rmeps", "mono/HCLGa")]
    [InlineData("tri/HCLGa.4rmeps", "tri/HCLGa")]
    public void Minimized_graphs_are_kaldis_but_for_the_numbers_of_states(string input, string output)
    {
        var fst = Read(input);
        EncodedMinimizer.Apply(fst);
        Transducers.AreBisimilar(Read(output), fst);
    }

    [SharedDataFact]
    public void Pushed_weights_are_kaldis()
    {
        var fst = Read("LG.3min");
        Assert.True(SpecialPusher.Push(fst));
        Same("LG", fst);
    }

    [SharedDataTheory]
    [InlineData("mono")]
    [InlineData("tri")]
    public void Symbols_and_epsilons_are_removed_as_kaldi_does(string model)
    {
        var fst = Read($"{model}/HCLGa.2det");
        Labels.RemoveInputs(fst, IntegerList.Read(At($"{model}/disambig_tid.int")));
        Same($"{model}/HCLGa.3rmsym", fst);
        LocalEpsilonRemoval.Apply(fst, EpsilonSums.OfGraphs);
        Same($"{model}/HCLGa.4rmeps", fst);
    }

    [SharedDataTheory]
    [InlineData("mono", 1, 0)]
    [InlineData("tri", 3, 1)]
    public void Phones_in_context_are_kaldis(string model, int width, int centre)
    {
        var (fst, labels) = ContextComposer.Compose(Read("LG"), IntegerList.Read(At("../lang/disambig.int")), width, centre);

        Same($"{model}/CLG.1compose", fst);
        Assert.Equal(ContextLabels.Read(At($"{model}/ilabels")).Windows, labels.Windows);
        Assert.Equal(IntegerList.Read(At($"{model}/disambig_ilabels.int")), labels.Disambiguation);
        using var folder = new TemporaryFolder();
        labels.Write(folder.At("ilabels"));
        Assert.Equal(File.ReadAllBytes(At($"{model}/ilabels")), File.ReadAllBytes(folder.At("ilabels")));
    }

    [SharedDataTheory]
    [InlineData("mono", "mono/final.mdl")]
    [InlineData("tri", "tri/2.mdl")]
    public void Hmms_and_self_loops_are_kaldis(string folder, string file)
    {
        var model = TransitionModel.Read(At($"../{file}"));
        var tree = ContextDependency.Read(At($"../{folder}/tree"));

        var (hmms, symbols) = HmmTransducer.Make(ContextLabels.Read(At($"{folder}/ilabels")), tree, model);

        Same($"{folder}/Ha", hmms);
        Assert.Equal(IntegerList.Read(At($"{folder}/disambig_tid.int")), symbols);
        Same($"{folder}/HCLGa.1compose", new TableComposer(Read($"{folder}/Ha")).Compose(Read($"{folder}/CLG")));
        foreach (var (name, reorder) in new[] { ("HCLG.vector", true), ("HCLG.noreorder", false) })
        {
            var fst = Read($"{folder}/HCLGa");
            SelfLoops.Add(fst, model, 0.1f, reorder);
            Same($"{folder}/{name}", fst);
        }
    }

    [SharedDataTheory]
    [InlineData("LG")]
    [InlineData("mono/CLG")]
    [InlineData("mono/HCLGa")]
    [InlineData("tri/CLG")]
    [InlineData("tri/HCLGa")]
    public void Sums_of_states_are_kaldis(string name)
    {
        var sums = Stochasticity.Check(Read(name));

        var expected = File.ReadAllText(At($"{name}.isstochastic.txt")).Split(' ').Select(float.Parse).ToArray();
        Assert.Equal(expected[0], sums.Minimum, 5);
        Assert.Equal(expected[1], sums.Maximum, 5);
    }

    [SharedDataTheory]
    [InlineData("mono", "mono/final.mdl")]
    [InlineData("tri", "tri/2.mdl")]
    public void Whole_graphs_are_kaldis(string folder, string file)
    {
        var language = GraphBuilder.ComposeLanguage(Read("../lang/L_disambig"), Read("G"));

        var graph = GraphBuilder.Build(
            language,
            IntegerList.Read(At("../lang/disambig.int")),
            ContextDependency.Read(At($"../{folder}/tree")),
            TransitionModel.Read(At($"../{file}")));

        var golden = Read($"{folder}/HCLG");
        Assert.Equal((golden.StateCount, golden.ArcCount), (graph.StateCount, graph.ArcCount));
    }

    [SharedDataTheory]
    [InlineData("mono", "CLG_1_0")]
    [InlineData("tri1", "CLG_3_1")]
    public void Graphs_of_digits_are_kaldis(string folder, string context)
    {
        var exp = SharedData.At("goldens/kaldi/exp");
        var disambiguation = IntegerList.Read($"{exp}/lang/disambig.int");
        var tree = ContextDependency.Read($"{exp}/{folder}/tree");
        var language = GraphBuilder.ComposeLanguage(
            FstReader.ReadVector($"{exp}/lang/L_disambig.fst"), FstReader.ReadVector($"{exp}/lang/G.fst"));
        Transducers.AreIsomorphic(FstReader.ReadVector($"{exp}/graph/LG.fst.gz"), language, 1e-3f);

        var (phones, _) = ContextComposer.Compose(language.Copy(), disambiguation, tree.ContextWidth, tree.CentralPosition);
        var golden = FstReader.ReadVector($"{exp}/graph/{context}.fst.gz");
        Assert.Equal((golden.StateCount, golden.ArcCount), (phones.StateCount, phones.ArcCount));

        var graph = GraphBuilder.Build(language, disambiguation, tree, TransitionModel.Read($"{exp}/{folder}/final.mdl"));
        golden = FstReader.ReadVector($"{exp}/{folder}/HCLG.fst.gz");
        Assert.Equal((golden.StateCount, golden.ArcCount), (graph.StateCount, graph.ArcCount));
    }

    private static string At(string name) => SharedData.At($"goldens/kaldi-train/graph/{name}");

    private static VectorFst Read(string name) => FstReader.ReadVector(At(name + ".fst"));

    private static void Same(string golden, VectorFst fst) => Assert.Equal(FstText.Write(Read(golden)), FstText.Write(fst));
}
