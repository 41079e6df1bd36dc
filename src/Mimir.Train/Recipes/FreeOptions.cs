using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>Checks the options that a section holds as text: those of feature extractors and of corpora that are made.</summary>
internal static class FreeOptions
{
    /// <summary>Lists the options that are unknown, or whose values are wrong.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="path">The section.</param>
    /// <param name="given">The options in the recipe.</param>
    /// <param name="defaults">The record that they belong to, with its defaults; null for a section that has none.</param>
    /// <param name="section">The section's record, whose own keys are near ones too.</param>
    public static IEnumerable<Finding> Check(
        LoadedRecipe loaded, string path, IReadOnlyDictionary<string, string> given, object? defaults, Type section)
    {
        IReadOnlyList<Option> known = defaults is null ? [] : Option.Of(defaults.GetType());
        foreach (var (name, value) in given)
        {
            if (known.FirstOrDefault(option => option.Name == name) is not { } option)
            {
                var hint = NearestKey.Hint(name, [.. Option.Of(section).Select(key => key.Name), .. known.Select(key => key.Name)]);
                yield return loaded.At($"{path}.{name}", $"unknown key '{name}' in '{path}'; {hint}");
            }
            else if (Problem(option, defaults!, value) is { } problem)
            {
                yield return loaded.At($"{path}.{name}", $"'{path}.{name}': {problem}");
            }
        }
    }

    private static string? Problem(Option option, object defaults, string value)
    {
        try
        {
            _ = option.With(defaults, value);
            return null;
        }
        catch (InputException error)
        {
            return error.Message;
        }
    }
}
