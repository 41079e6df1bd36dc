using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Dist.Updates;

namespace Mimir.Train.Recipes;

/// <summary>What must hold between the keys of <c>distribute</c>.</summary>
internal static class DistributeRules
{
    private const string Update = "distribute.update";
    private const string Rate = "distribute.rate";

    /// <summary>Everything that cannot be.</summary>
    public static IEnumerable<RecipeFinding> Check(LoadedRecipe loaded)
    {
        var distribute = loaded.Recipe.Distribute;
        var mode = distribute.Update.Mode;
        foreach (var (key, message) in mode.Conflicts(distribute.Workers))
        {
            var path = $"{Update}.{mode.Name}.{key}";
            yield return RecipeRules.At(loaded, path, $"'{path}': {message}");
        }

        foreach (var finding in Scaling(loaded))
            yield return finding;
    }

    private static IEnumerable<RecipeFinding> Scaling(LoadedRecipe loaded)
    {
        var (rate, mode) = (loaded.Recipe.Distribute.Rate, loaded.Recipe.Distribute.Update.Mode);
        var asks = rate.Scaling is not null || rate.WarmUpFrames > 0 || rate.Momentum != MomentumRule.AsIs;
        if (asks && !mode.SumsGradients)
        {
            yield return RecipeRules.At(
                loaded,
                Rate,
                $"'{Rate}': in ma, bmuf and asgd a step is taken with a worker's own batch, so nothing is to be scaled; leave it out"
                + (rate.WarmUpFrames > 0 && Option.Of(mode.GetType()).Any(option => option.Name == "warm-up-frames")
                    ? $", and use '{Update}.{mode.Name}.warm-up-frames'"
                    : ""));
            yield break;
        }

        var optimiser = loaded.Recipe.Train.Optimiser;
        var rule = rate.Scaling ?? (optimiser is AdamRecipe ? RateScalingRule.None : RateScalingRule.Linear);
        if (rate.WarmUpFrames > 0 && rule == RateScalingRule.None)
        {
            yield return RecipeRules.At(
                loaded,
                $"{Rate}.warm-up-frames",
                $"'{Rate}.warm-up-frames': the step does not grow with the number of workers; set '{Rate}.scaling' to linear or square-root");
        }

        if (rate.Momentum == MomentumRule.OfBatch && optimiser is AdamRecipe)
        {
            yield return RecipeRules.At(
                loaded, $"{Rate}.momentum", $"'{Rate}.momentum': adam has no momentum to correct; leave it out, or use sgd");
        }
    }
}
