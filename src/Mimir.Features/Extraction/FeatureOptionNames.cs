using Mimir.Base;

namespace Mimir.Features.Extraction;

/// <summary>Sets any option by Kaldi's own name: one table for recipes and command lines.</summary>
public static class FeatureOptionNames
{
    /// <summary>The options of one kind of feature, in the order that help shows them.</summary>
    /// <param name="options">Any options of that kind.</param>
    public static IReadOnlyList<FeatureOption> Of(FeatureOptions options) => options switch
    {
        FbankOptions => [.. FeatureOptionTable.Frame, .. FeatureOptionTable.Mel, .. FeatureOptionTable.Fbank],
        MfccOptions => [.. FeatureOptionTable.Frame, .. FeatureOptionTable.Mel, .. FeatureOptionTable.Mfcc],
        PlpOptions => [.. FeatureOptionTable.Frame, .. FeatureOptionTable.Mel, .. FeatureOptionTable.Plp],
        _ => [.. FeatureOptionTable.Frame, .. FeatureOptionTable.Spectrogram],
    };

    /// <summary>Tells whether a kind of feature has an option.</summary>
    /// <param name="options">Any options of that kind.</param>
    /// <param name="name">Kaldi's name, without dashes in front.</param>
    public static bool Contains(FeatureOptions options, string name) => Of(options).Any(o => o.Name == name);

    /// <summary>Sets one option.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="name">Kaldi's name, without dashes in front.</param>
    /// <param name="value">The value as text.</param>
    /// <returns>The options with this one changed.</returns>
    /// <exception cref="InputException">There is no such option (the message names the nearest), or the text is no
    /// such value.</exception>
    public static FeatureOptions Set(FeatureOptions options, string name, string value)
    {
        var table = Of(options);
        var option = table.FirstOrDefault(o => o.Name == name)
            ?? throw new InputException(
                $"unknown {options.Kind} option '{name}'; the nearest is '{table.MinBy(o => Spelling.Distance(o.Name, name))?.Name}'");
        return option.Set(options, value);
    }
}
