using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;
using Mimir.Decode.Tests.Support;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Decode.Tests.Building;

public sealed class GraphBuilderTests
{
    // Phones a = 1 and b = 2, symbols of disambiguation #0 = 3 and #1 = 4. Words: 1 = a b, 2 = b, 3 = b #1, a homophone; #0 = 4.
    private const string Lexicon = "0 1 1 1\n1 0 2 0\n0 0 2 2\n0 2 2 3\n2 0 4 0\n0 0 3 4\n0";
    private const string Grammar = "0 0 1 1 0.5\n0 0 2 2 1\n0 0 3 3 1.5\n0 0.25";

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 1)]
    [InlineData(2, 1)]
    public void Built_graph_recognises_the_words_at_their_costs(int width, int centre)
    {
        var model = Model();
        var graph = Build(width, centre, model).ToFst();
        Assert.Equal(6, model.TransitionCount);

        // Phone a has the distributions 0 and 1, phone b has 2.
        Assert.Equal("1", Decode(graph, model, [0, 0, 1, 2, 2]));
        Assert.Equal("2", Decode(graph, model, [2, 2]));
    }

    [Fact]
    public void Built_graph_without_a_word_does_not_recognise_it()
    {
        var model = Model();
        var graph = Build(1, 0, model, new GraphOptions { RemovedWords = [2] });

        Assert.Equal([1, 3], Labels.Outputs(graph));
        Assert.Equal("3", Decode(graph.ToFst(), model, [2, 2]));
    }

    [Fact]
    public void Build_reports_its_steps()
    {
        var lines = new List<string>();

        Build(1, 0, Model(), new GraphOptions { Progress = lines.Add });

        Assert.Contains(lines, line => line.StartsWith("self-loops added: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_language_without_common_words_is_refused()
    {
        var error = Assert.Throws<InputException>(
            () => GraphBuilder.ComposeLanguage(Transducers.Parse(Lexicon), Transducers.Parse("0 1 9 9\n1")));

        Assert.Contains("no sentence in common", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compose_language_with_homophones_without_symbols_is_refused()
    {
        var lexicon = Transducers.Parse("0 0 2 2\n0 0 2 3\n0");

        var error = Assert.Throws<InputException>(() => GraphBuilder.ComposeLanguage(lexicon, Transducers.Parse(Grammar)));

        Assert.StartsWith("lexicon and language model: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lacking_words_are_those_without_pronunciation() =>
        Assert.Equal([7], GraphBuilder.LackingWords(Transducers.Parse(Lexicon), Transducers.Parse("0 0 1 1\n0 0 7 7\n0")));

    [Fact]
    public void Build_with_a_phone_that_the_model_lacks_is_refused()
    {
        var language = GraphBuilder.ComposeLanguage(Transducers.Parse("0 0 9 1\n0"), Transducers.Parse("0 0 1 1\n0"));

        var error = Assert.Throws<InputException>(() => GraphBuilder.Build(language, [], Tree(1, 0), Model()));

        Assert.Contains("phone 9", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Self_loops_added_twice_are_refused(bool reorder)
    {
        var fst = Transducers.Parse("0 1 2 1\n1");
        SelfLoops.Add(fst, Model(), 0.1f, reorder);

        Assert.Throws<InputException>(() => SelfLoops.Add(fst, Model(), 0.1f, reorder));
        Assert.Throws<InputException>(() => SelfLoops.Add(new VectorFst(), Model()));
        Assert.Throws<InputException>(() => SelfLoops.Add(Transducers.Parse("0 1 99 1\n1"), Model()));
    }

    [Fact]
    public void Context_outside_the_window_and_damaged_labels_are_refused()
    {
        Assert.Throws<InputException>(() => ContextComposer.Compose(Transducers.Parse("0 1 1 1\n1"), [], 3, 3));
        using var folder = new TemporaryFolder();
        var file = folder.Write("ilabels", "2 [ 1 ]\n[ 2 ]\n");

        Assert.Contains("label 0", Assert.Throws<InputException>(() => ContextLabels.Read(file)).Message, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void Built_graph_of_aishell_has_the_size_of_kaldis()
    {
        var folder = SharedData.At("corpora/aishell-sample");
        var language = GraphBuilder.ComposeLanguage(
            FstReader.ReadVector($"{folder}/lang/L_disambig.fst"), FstReader.ReadVector($"{folder}/lang/G.fst.gz"));

        var graph = GraphBuilder.Build(
            language,
            GraphFolder.Disambiguation($"{folder}/lang"),
            ContextDependency.Read($"{folder}/gmm/tree"),
            TransitionModel.Read($"{folder}/gmm/final.mdl"));

        Assert.Equal((152_667, 418_123), (graph.StateCount, graph.ArcCount));
    }

    [SharedDataFact]
    public void Graph_folder_has_what_decoding_needs()
    {
        var language = SharedData.At("corpora/aishell-sample/lang");
        using var folder = new TemporaryFolder();
        var fst = Transducers.Parse("0 1 2 1\n1");

        GraphFolder.Write(folder.At("graph"), fst, language, Model());

        Assert.Equal(FstText.Write(fst), FstText.Write(FstReader.ReadVector(folder.At("graph/HCLG.fst"))));
        Assert.Equal(File.ReadAllText($"{language}/words.txt"), File.ReadAllText(folder.At("graph/words.txt")));
        Assert.True(File.Exists(folder.At("graph/phones/silence.csl")));
        Assert.Equal("3\n", File.ReadAllText(folder.At("graph/num_pdfs")));
        Assert.NotEmpty(GraphFolder.UnknownWord(language));
    }

    private static TransitionModel Model() => SomeTransitionModel.Make(chain: false);

    // Each state of a phone has its own distribution, whatever the neighbours.
    private static ContextDependency Tree(int width, int centre) => new(width, centre, new TableEventMap(centre,
    [
        null,
        new TableEventMap(ContextDependency.PdfClassKey, [new ConstantEventMap(0), new ConstantEventMap(1)]),
        new ConstantEventMap(2),
    ]));

    private static VectorFst Build(int width, int centre, TransitionModel model, GraphOptions? options = null)
    {
        var language = GraphBuilder.ComposeLanguage(Transducers.Parse(Lexicon), Transducers.Parse(Grammar));
        return GraphBuilder.Build(language, [3, 4], Tree(width, centre), model, options);
    }

    // All paths are tried.
    private static string Decode(Fst graph, TransitionModel model, int[] pdfs)
    {
        var scores = new float[3 * pdfs.Length];
        for (var frame = 0; frame < pdfs.Length; frame++)
        {
            for (var pdf = 0; pdf < 3; pdf++)
                scores[(3 * frame) + pdf] = pdf == pdfs[frame] ? 0 : -20;
        }

        return RandomGraphs.Solve(graph, new MatrixScores(scores, pdfs.Length, 3), model.ToPdfMap(), 1).MinBy(path => path.Value).Key;
    }
}
