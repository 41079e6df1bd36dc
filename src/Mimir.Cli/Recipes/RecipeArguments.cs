using System.CommandLine;
using Mimir.Train.Recipes;

namespace Mimir.Cli.Recipes;

/// <summary>The recipe file and its <c>--set</c> overrides, which all commands that take a recipe share.</summary>
internal static class RecipeArguments
{
    /// <summary>The name of the argument.</summary>
    internal const string FileName = "recipe";

    /// <summary>The name of the option.</summary>
    internal const string SetName = "--set";

    /// <summary>The option that allows a spoken corpus to be replaced.</summary>
    internal const string RemakeName = "--remake";

    /// <summary>Creates the option that allows a spoken corpus to be replaced.</summary>
    internal static Option<bool> Remake() => new(RemakeName)
    {
        Description = "Make a spoken corpus, or a start, anew that is there with other options or changed files.",
    };

    /// <summary>Creates the argument and the option.</summary>
    internal static (Argument<string> File, Option<string[]> Set) Create() => (
        new Argument<string>(FileName) { Description = "The recipe, a YAML file." },
        new Option<string[]>(SetName)
        {
            Description = "Change a value, or give a variable: --set train.optimiser.sgd.rate=0.004 (may be repeated).",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        });

    /// <summary>Options for reading recipes: the overrides, and the option names of corpora that can be synthesised.</summary>
    internal static RecipeReaderOptions Options(string[]? overrides) => new()
    {
        Overrides = overrides ?? [],
        SynthOptions = SynthOptions.Find,
    };
}
