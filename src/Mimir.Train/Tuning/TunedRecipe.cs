using System.Globalization;
using Mimir.Base;
using Mimir.Config;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tuning;

/// <summary>A recipe with what was tuned since, checked as every recipe is.</summary>
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
    /// <param name="request">What is asked.</param>
    /// <param name="tuned">What was tuned before, by path.</param>
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
