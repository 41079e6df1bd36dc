using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Trees;
using Mimir.Train.Evaluation;

namespace Mimir.Train.Tests.Evaluation;

public sealed class GraphMakingTests : IDisposable
{
    private const string Model = "\\data\\\nngram 1=4\n\n\\1-grams:\n-1 <s>\n-0.5 </s>\n-0.3 one\n-0.4 two\n\n\\end\\\n";

    private readonly TemporaryFolder _folder = new();

    public GraphMakingTests()
    {
        SomeTransitionModel.Make(chain: false).Write(_folder.At("final.mdl"));
        new ContextDependency(1, 0, new TableEventMap(0,
        [
            null,
            new TableEventMap(ContextDependency.PdfClassKey, [new ConstantEventMap(0), new ConstantEventMap(1)]),
            new ConstantEventMap(2),
        ])).Write(_folder.At("tree"));
        _folder.Write("phones.txt", "<eps> 0\nSIL 1\na 2\n#0 3\n");
        _folder.Write("lm.arpa", Model);
        _folder.Write("lexicon.txt", "one a\nunused a a\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_with_a_lexicon_keeps_the_numbers_of_the_models_phones()
    {
        var lines = new List<string>();

        var graph = GraphMaking.Run(Options("lexicon.txt", lines));

        // Phone SIL has the transition-ids 1 to 4, phone a 5 and 6.
        var fst = FstReader.Read(graph.File);
        Assert.Equal(6, fst.MaxInput());
        Assert.Equal(1, graph.Words);
        Assert.Equal("one", SymbolTable.Read(_folder.At("graph/words.txt")).SymbolOf(1));
        Assert.Contains(lines, line => line.Contains("self-loops added", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_with_a_language_folder_takes_its_grammar()
    {
        GraphMaking.Run(Options("lexicon.txt", []));
        var language = _folder.At("graph/lang");
        File.Copy(_folder.At("graph/HCLG.fst"), _folder.At("first.fst"));
        Assert.Throws<FileNotFoundException>(() => GraphMaking.Run(Options("graph/lang", []) with { LanguageModel = null }));

        var again = GraphMaking.Run(Options("graph/lang", []) with { Folder = _folder.At("again") });

        Assert.Equal(File.ReadAllBytes(_folder.At("first.fst")), File.ReadAllBytes(again.File));
        Assert.True(File.Exists(Path.Combine(language, "L_disambig.fst")));
    }

    [SharedDataFact]
    public void Graph_of_a_lexicon_and_a_list_of_digits_has_the_size_of_Kaldis()
    {
        var golden = SharedData.At("goldens/kaldi/exp");
        foreach (var file in (string[])["tri1/tree", "tri1/final.mdl", "lang/phones.txt"])
            File.Copy($"{golden}/{file}", _folder.At(Path.GetFileName(file)), overwrite: true);

        var made = GraphMaking.Run(new()
        {
            Language = $"{golden}/lang/lexicon.txt",
            Model = _folder.Path,
            Folder = _folder.At("graph"),
            LanguageModel = _folder.Write("digits", "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n"),
        });

        var expected = FstReader.Read($"{golden}/tri1/HCLG.fst.gz");
        Assert.Equal((expected.StateCount, expected.ArcCount, 10), (made.States, made.Arcs, made.Words));
        Assert.Equal(File.ReadAllText($"{golden}/lang/words.txt"), File.ReadAllText(_folder.At("graph/words.txt")));
    }

    [Theory]
    [InlineData("one b\n", "has the phone 'b', which the model does not know")]
    [InlineData("three a\n", "no word of the language model is in the lexicon")]
    public void Run_with_a_lexicon_that_does_not_fit_is_refused(string lexicon, string message)
    {
        _folder.Write("other.txt", lexicon);

        var error = Assert.Throws<InputException>(() => GraphMaking.Run(Options("other.txt", [])));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private GraphMakingOptions Options(string language, List<string> lines) => new()
    {
        Language = _folder.At(language),
        Model = _folder.Path,
        Folder = _folder.At("graph"),
        LanguageModel = _folder.At("lm.arpa"),
        Graph = new() { Progress = lines.Add },
    };
}
