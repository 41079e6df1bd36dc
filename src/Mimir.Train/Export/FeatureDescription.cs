using System.Globalization;
using Mimir.Train.Recipes;

namespace Mimir.Train.Export;

/// <summary>How the features of a model are made, for those who feed it elsewhere.</summary>
/// <param name="Type">The kind of features and their options as Kaldi's programs take them.</param>
/// <param name="FrameShift">The milliseconds from one frame to the next.</param>
/// <param name="Cmvn">The options of apply-cmvn, or null without normalisation.</param>
/// <param name="CmvnScope">What the statistics are taken over: speaker, utterance or global.</param>
/// <param name="Deltas">The options of add-deltas, or null without derivatives.</param>
public sealed record FeatureDescription(string Type, double FrameShift, string? Cmvn, string CmvnScope, string? Deltas)
{
    private const double KaldiFrameShift = 10;

    /// <summary>Describes the features of a recipe.</summary>
    public static FeatureDescription Of(FeaturesRecipe recipe)
    {
        var options = recipe.Options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => $"--{option.Key}={option.Value}");
        var shift = recipe.Options.TryGetValue("frame-shift", out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var given) ? given : KaldiFrameShift;
        var cmvn = recipe.Cmvn.Per == Recipes.CmvnScope.None
            ? null
            : $"--norm-means={Word(recipe.Cmvn.NormMeans)} --norm-vars={Word(recipe.Cmvn.NormVars)}";
        var deltas = recipe.Deltas is { } d
            ? string.Create(CultureInfo.InvariantCulture, $"--delta-order={d.Order} --delta-window={d.Window}")
            : null;
        return new(
            string.Join(' ', [recipe.Type.ToString().ToLowerInvariant(), .. options]), shift, cmvn, recipe.Cmvn.Per.ToString().ToLowerInvariant(), deltas);
    }

    private static string Word(bool value) => value ? "true" : "false";
}
