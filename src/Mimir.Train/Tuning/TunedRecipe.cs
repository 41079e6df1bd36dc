using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tuning;

/// <summary>A recipe with its tuned values, checked as every recipe is.</summary>
/// <param name="loaded">The recipe that the run began with.</param>
/// <param name="workers">The number of workers.</param>
public sealed class TunedRecipe(LoadedRecipe loaded, int workers)
{
    private readonly string _yaml = loaded.ToYaml();

    /// <summary>The recipe with other values.</summary>
    /// <param name="tuned">The values by their paths.</param>
    /// <exception cref="InputException">A value is out of range, or contradicts another one.</exception>
    public Recipe With(IReadOnlyDictionary<string, string> tuned)
    {
        if (tuned.Count == 0)
            return loaded.Recipe;

        try
        {
            string[] overrides = [.. tuned.Select(value => $"{value.Key}={value.Value}")];
            return RecipeReader.Parse(_yaml, "recipe.yaml", new() { Overrides = overrides, Environment = _ => null }).Recipe;
        }
        catch (InputException error)
        {
            throw new InputException(error.Message.Replace("--set ", "", StringComparison.Ordinal).Split('\n')[0], error);
        }
    }

    /// <summary>Decides on a request.</summary>
    /// <param name="number">The request's number.</param>
    /// <param name="request">The request.</param>
    /// <param name="tuned">The values tuned before, by path.</param>
    /// <exception cref="InputException">It cannot be; the message says why.</exception>
    public TuneDecision Decide(int number, TuneRequest request, IReadOnlyDictionary<string, string> tuned)
    {
        var known = TunableKeys.Of(loaded.Recipe, workers);
        var changes = new Dictionary<string, string>();
        foreach (var change in request.Changes)
        {
            var (key, value) = Split(change);
            if (!known.TryGetValue(key, out var path))
                path = known.Values.Contains(key) ? key : throw Unknown(key, known);
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                throw new InputException($"{change}: expected a number, got '{value}'");
            if (!changes.TryAdd(path, value))
                throw new InputException($"{change}: '{key}' is there twice");
        }

        if (changes.Count == 0)
            throw new InputException("expected key=value, such as rate=0.002");

        var all = new Dictionary<string, string>(tuned);
        foreach (var (path, value) in changes)
            all[path] = value;

        With(all);
        return new(number, changes);
    }

    private static (string Key, string Value) Split(string change) => change.IndexOf('=') is > 0 and var at
        ? (change[..at].Trim(), change[(at + 1)..].Trim())
        : throw new InputException($"{change}: expected key=value, such as rate=0.002");

    private static InputException Unknown(string key, IReadOnlyDictionary<string, string> known) =>
        new($"'{key}' cannot be changed while this run goes on; {NearestKey.Hint(key, [.. known.Keys])}");
}

/// <summary>The recipe keys that <c>mimir tune</c> may change during a run: no step already taken depends on them.</summary>
public static class TunableKeys
{
    /// <summary>The name of the learning rate.</summary>
    public const string Rate = "rate";

    /// <summary>The short names of the keys, each with its path in the recipe.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="workers">The number of workers; one alone has no update mode.</param>
    public static IReadOnlyDictionary<string, string> Of(Recipe recipe, int workers)
    {
        var paths = new Dictionary<string, string> { [Rate] = RatePath(recipe) };
        switch (recipe.Train.Schedule)
        {
            case NewbobRecipe:
                Add(
                    "train.schedule.newbob", "start-halving", "end-halving", "halving-factor", "max-epochs", "min-epochs",
                    "keep-rate-epochs");
                break;
            case ConstantRecipe:
                Add("train.schedule.constant", "epochs");
                break;
        }

        if (workers > 1)
        {
            // A key of a nested record goes by its last part.
            var mode = recipe.Distribute.Update;
            foreach (var key in mode.TunableKeys)
                paths[key[(key.LastIndexOf('.') + 1)..]] = $"distribute.update.{mode.Name}.{key}";
        }

        return paths;

        void Add(string section, params string[] keys)
        {
            foreach (var key in keys)
                paths[key] = $"{section}.{key}";
        }
    }

    /// <summary>The path of the learning rate at the start, which has the range of every other one.</summary>
    public static string RatePath(Recipe recipe) => $"train.optimiser.{KindAttribute.NameOf(recipe.Train.Optimiser)}.rate";

    /// <summary>A value of a recipe as text; <c>default</c> where it is left out.</summary>
    internal static string ValueOf(Recipe recipe, string path) => RecipeFormat.ValueOf(recipe, path) ?? "default";
}
