using System.Globalization;
using Mimir.Base;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Language;
using Mimir.Decode.Language.Grammars;
using Mimir.Decode.Lexicons;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Train.Evaluation;

/// <summary>The parts and the place of a decoding graph to make.</summary>
public sealed record GraphMakingOptions
{
    /// <summary>The folder of the language, as Kaldi's prepare_lang.sh leaves it; or a lexicon or a dict folder, of which it is
    /// made.</summary>
    public required string Language { get; init; }

    /// <summary>The folder with <c>tree</c> and <c>final.mdl</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The folder of the graph.</summary>
    public required string Folder { get; init; }

    /// <summary>The table of the model's phones, for a lexicon; null takes <c>phones.txt</c> of the model's folder.</summary>
    public string? Phones { get; init; }

    /// <summary>An ARPA model, a grammar in text form, or a transducer of words; null takes <c>G.fst</c> of the language.</summary>
    public string? LanguageModel { get; init; }

    /// <summary>Leaves the word for unknown words out.</summary>
    public bool RemoveUnknown { get; init; }

    /// <summary>The scales.</summary>
    public GraphOptions Graph { get; init; } = new();
}

/// <summary>A decoding graph that was made.</summary>
/// <param name="File">The file.</param>
/// <param name="States">Its states.</param>
/// <param name="Arcs">Its arcs.</param>
/// <param name="Words">The words it can recognise.</param>
public sealed record MadeGraph(string File, int States, long Arcs, int Words);

/// <summary>Makes the folder of a decoding graph from files.</summary>
public static class GraphMaking
{
    private const int NamedWords = 5;

    /// <summary>Builds a graph and writes its folder.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">A file is damaged, the files do not belong together, or nothing can be recognised.</exception>
    public static MadeGraph Run(GraphMakingOptions options)
    {
        if (DictDirectory.IsOne(options.Language))
            options = options with { Language = WriteLanguage(options) };

        var model = TransitionModel.Read(Path.Combine(options.Model, "final.mdl"));
        var tree = ContextDependency.Read(Path.Combine(options.Model, "tree"));
        var words = SymbolTable.Read(Path.Combine(options.Language, "words.txt"));
        var lexicon = FstReader.ReadVector(Find(options.Language, "L_disambig.fst"));
        var grammar = ReadGrammar(options, words);
        Warn(options, words, GraphBuilder.LackingWords(lexicon, grammar));
        var removed = options.RemoveUnknown ? GraphFolder.UnknownWord(options.Language) : [];
        var disambiguation = GraphFolder.Disambiguation(options.Language);
        var language = GraphBuilder.ComposeLanguage(lexicon, grammar, options.Graph.Progress);
        lexicon.Clear();
        grammar.Clear();
        var graph = GraphBuilder.Build(language, disambiguation, tree, model, options.Graph with { RemovedWords = removed });
        var recognised = Decode.Algorithms.Labels.Outputs(graph).Length;
        if (recognised == 0)
        {
            throw new InputException(
                $"no word of the language model is in the lexicon of {options.Language}: there is nothing to recognise");
        }

        RequireDecodable(graph);
        GraphFolder.Write(options.Folder, graph, options.Language, model);
        return new MadeGraph(Path.Combine(options.Folder, "HCLG.fst"), graph.StateCount, graph.ArcCount, recognised);
    }

    // The phones have the numbers that the model knows them by.
    private static string WriteLanguage(GraphMakingOptions options)
    {
        var file = options.Phones ?? Path.Combine(options.Model, "phones.txt");
        if (!File.Exists(file))
            throw new FileNotFoundException($"{file}: no such file; a lexicon needs the table of the model's phones (--phones)", file);

        if (options.LanguageModel is null)
            throw new InputException("a lexicon needs a language model: --lm FILE");

        var phones = SymbolTable.Read(file);
        var positions = phones.Entries.Any(entry => entry.Key.EndsWith("_B", StringComparison.Ordinal));
        var dict = DictDirectory.Read(options.Language);
        var folder = Path.Combine(options.Folder, "lang");
        try
        {
            LangBuilder.Build(dict, new LangOptions { PositionDependentPhones = positions }, phones).Write(folder);
        }
        catch (InputException e)
        {
            throw new InputException($"{options.Language}: {e.Message}", e);
        }

        return folder;
    }

    private static VectorFst ReadGrammar(GraphMakingOptions options, SymbolTable words)
    {
        var file = options.LanguageModel ?? Find(options.Language, "G.fst");
        if (IsFst(file))
            return FstReader.ReadVector(file);

        return GrammarCompiler.IsGrammar(file)
            ? GrammarCompiler.Compile(file, words)
            : ArpaCompiler.Compile(file, words, new ArpaCompilerOptions
            {
                Disambiguation = "#0",
                Progress = options.Graph.Progress,
                Warn = options.Graph.Progress,
            });
    }

    // A transducer is told by its name.
    private static bool IsFst(string file) =>
        file.EndsWith(".fst", StringComparison.Ordinal) || file.EndsWith(".fst.gz", StringComparison.Ordinal);

    private static string Find(string language, string file) =>
        GraphFolder.Find(language, file) ?? throw new FileNotFoundException(
            Directory.Exists(language) ? $"{language}: no file {file}" : $"{language}: no such folder");

    private static void Warn(GraphMakingOptions options, SymbolTable words, IReadOnlyList<int> lacking)
    {
        if (lacking.Count == 0)
            return;

        var names = lacking.Take(NamedWords).Select(word => words.Has(word) ? words.SymbolOf(word) : $"number {word}");
        var more = lacking.Count > NamedWords ? " ..." : "";
        options.Graph.Progress?.Invoke(string.Create(
            CultureInfo.InvariantCulture,
            $"{lacking.Count:N0} words of the language model have no pronunciation and cannot be recognised: "
            + $"{string.Join(' ', names)}{more}"));
    }

    // What the decoder would refuse is refused here.
    private static void RequireDecodable(VectorFst graph) => _ = graph.ToFst();
}
