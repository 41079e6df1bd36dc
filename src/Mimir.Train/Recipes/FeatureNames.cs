using Mimir.Features.Extraction;

namespace Mimir.Train.Recipes;

/// <summary>The options of the feature extractors by Kaldi's names.</summary>
internal sealed class FeatureNames(FeatureOptions start) : IOptionNames
{
    public IReadOnlyCollection<string> Names { get; } = [.. FeatureOptionNames.Of(start).Select(option => option.Name)];

    /// <summary>The options of <c>fbank</c> or <c>mfcc</c>.</summary>
    public static FeatureNames Of(string type) => new(type == "mfcc" ? new MfccOptions() : new FbankOptions());

    public string? Problem(string name, string value)
    {
        try
        {
            _ = FeatureOptionNames.Set(start, name, value);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }
}
