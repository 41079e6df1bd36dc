using Mimir.Base.Options;
using Mimir.Base;
using Mimir.Features.Extraction;

namespace Mimir.Train.Recipes;

/// <summary>The options of the feature extractors by Kaldi's names.</summary>
internal sealed class FeatureNames(FeatureOptions start) : IOptionNames
{
    public IReadOnlyCollection<string> Names { get; } = [.. Option.Of(start.GetType()).Select(option => option.Name)];

    /// <summary>The options of a kind of feature, such as <c>fbank</c>.</summary>
    public static FeatureNames Of(string kind) => new(FeatureOptions.ForKind(kind));

    /// <summary>What the extractors call a type of feature that is computed.</summary>
    public static string KindOf(FeatureType type) => type.ToString().ToLowerInvariant();

    public string? Problem(string name, string value)
    {
        try
        {
            _ = start.With(name, value);
            return null;
        }
        catch (InputException error)
        {
            return error.Message;
        }
    }
}
