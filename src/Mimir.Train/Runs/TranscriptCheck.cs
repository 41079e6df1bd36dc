using Mimir.Base;
using Mimir.Config;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;

namespace Mimir.Train.Runs;

/// <summary>Reads the transcripts that decoding is scored with, before a run.</summary>
public static class TranscriptCheck
{
    /// <summary>Lists what is wrong, which stops a run, and the sets whose error rate will be left out.</summary>
    /// <param name="loaded">The recipe; a set whose folder is not there, or on another machine, is passed over.</param>
    public static (IReadOnlyList<Finding> Problems, IReadOnlyList<Finding> Warnings) Run(LoadedRecipe loaded)
    {
        var (problems, warnings) = (new List<Finding>(), new List<Finding>());
        if (loaded.Recipe.Decode is not { } decode || loaded.Recipe.Corpus is not { Source: null } corpus)
            return (problems, warnings);

        foreach (var (name, set) in corpus.AllSets.Where(set => set.Key is not ("train" or "cv") || set.Key == decode.TuneOn))
        {
            var key = $"{corpus.PathOf(name, set)}.dir";
            if (!(Directory.Exists(set.Dir) || File.Exists(set.Dir)) || (set.Utterances is { } list && !File.Exists(list)))
                continue;

            try
            {
                if (SetTranscripts.Read(decode.Score, set).Obstacle is { } obstacle)
                    warnings.Add(loaded.At(key, $"'{key}': {obstacle}; the set is decoded without an error rate{Untuned(name, decode)}"));
            }
            catch (Exception error) when (error is InputException or IOException)
            {
                problems.Add(loaded.At(key, $"'{key}': {error.Message}"));
            }
        }

        return (problems, warnings);
    }

    /// <summary>Refuses a recipe whose transcripts are damaged, and says which error rates will be left out.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="warn">Takes a line for each set without transcripts.</param>
    /// <exception cref="InputException">Transcripts are damaged; the message has a line for each set.</exception>
    public static void Demand(LoadedRecipe loaded, Action<string> warn)
    {
        var (problems, warnings) = Run(loaded);
        if (problems.Count > 0)
            throw new InputException(string.Join('\n', problems));

        foreach (var warning in warnings)
            warn(warning.ToString());
    }

    private static string Untuned(string set, DecodeRecipe decode) =>
        set == decode.TuneOn ? ", and no language-model weight is chosen ('decode.tune-on')" : "";
}
