using Mimir.Base;
using Mimir.Corpus;
using Mimir.Train.Recipes;

namespace Mimir.Cli.Recipes;

/// <summary>Lends the option names of the corpora that Mimir can make to the recipe reader.</summary>
internal static class SynthOptionCatalogue
{
    /// <summary>The one kind of corpus that can be made.</summary>
    internal const string MandarinDigits = "mandarin-digits";

    /// <summary>The options of a kind of corpus.</summary>
    /// <exception cref="InputException">There is no such kind.</exception>
    internal static IOptionNames? Find(string kind) => kind == MandarinDigits
        ? new Names()
        : throw new InputException($"'corpus.synth.kind': there is no corpus '{kind}' to make; Mimir makes '{MandarinDigits}'");

    /// <summary>The options of a recipe's corpus.</summary>
    internal static MandarinDigitsOptions OptionsOf(SynthRecipe synth) => synth.Options.Aggregate(
        new MandarinDigitsOptions { Folder = synth.Dir },
        (options, option) => MandarinDigitsOptionNames.Set(options, option.Key, option.Value));

    private sealed class Names : IOptionNames
    {
        IReadOnlyCollection<string> IOptionNames.Names { get; } = [.. MandarinDigitsOptionNames.All.Select(option => option.Name)];

        public string? Problem(string name, string value)
        {
            try
            {
                MandarinDigitsOptionNames.Set(new() { Folder = "." }, name, value).Validate();
                return null;
            }
            catch (Exception error) when (error is InputException or ArgumentException)
            {
                return error.Message;
            }
        }
    }
}
