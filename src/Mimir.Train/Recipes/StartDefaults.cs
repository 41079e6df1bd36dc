namespace Mimir.Train.Recipes;

/// <summary>The places in the folder of a start, and the keys of a recipe that lead there unless it has its own.</summary>
internal static class StartDefaults
{
    /// <summary>The folder of the alignments of a set.</summary>
    /// <param name="folder">The folder of the start.</param>
    /// <param name="set">The set: train or cv.</param>
    public static string Alignments(string folder, string set) => Path.Combine(folder, "ali", set);

    /// <summary>The transition model of the alignments.</summary>
    /// <param name="folder">The folder of the start.</param>
    public static string Model(string folder) => Path.Combine(folder, "final.mdl");

    /// <summary>The decoding graph.</summary>
    /// <param name="folder">The folder of the start.</param>
    public static string Graph(string folder) => Path.Combine(folder, "graph");

    /// <summary>Names alignments, transition model and graph where a recipe with a start leaves them out.</summary>
    /// <param name="recipe">The recipe.</param>
    public static Recipe Fill(Recipe recipe)
    {
        if (recipe.Start is not { } start)
            return recipe;

        var folder = start.FolderOf(recipe.OutputFolder);
        return recipe with
        {
            Corpus = recipe.Corpus with { Train = Set("train", recipe.Corpus.Train), Cv = Set("cv", recipe.Corpus.Cv) },
            Decode = recipe.Decode is { Graph: "" } decode ? decode with { Graph = Graph(folder) } : recipe.Decode,
        };

        CorpusSet? Set(string name, CorpusSet? set) => set is not { Alignments: null, Targets: null }
            ? set
            : set with { Alignments = Alignments(folder, name), TransitionModel = Model(folder) };
    }
}
