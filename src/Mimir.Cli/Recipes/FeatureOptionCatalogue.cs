using Mimir.Features.Extraction;
using Mimir.Train.Recipes;

namespace Mimir.Cli.Recipes;

/// <summary>Lends the option names of the feature extractors to the recipe reader.</summary>
internal static class FeatureOptionCatalogue
{
    /// <summary>The options of a feature type, or null when it has none to check.</summary>
    internal static IOptionNames? Find(string type) => type switch
    {
        "fbank" => new Names(new FbankOptions()),
        "mfcc" => new Names(new MfccOptions()),
        _ => null,
    };

    private sealed class Names(FeatureOptions options) : IOptionNames
    {
        IReadOnlyCollection<string> IOptionNames.Names { get; } = [.. FeatureOptionNames.Of(options).Select(option => option.Name)];

        public string? Problem(string name, string value)
        {
            try
            {
                FeatureOptionNames.Set(options, name, value);
                return null;
            }
            catch (FormatException error)
            {
                return error.Message;
            }
        }
    }
}
