using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Core.Optimisers;
using Mimir.Dist.Updates;

namespace Mimir.Train.Recipes;

/// <summary>The keys of <c>distribute</c> that contradict each other.</summary>
internal static class DistributeRules
{
    private const string Rate = "distribute.rate";

    /// <summary>Lists every contradiction.</summary>
    /// <param name="loaded">The recipe.</param>
    public static IEnumerable<Finding> Check(LoadedRecipe loaded)
    {
        var distribute = loaded.Recipe.Distribute;
        foreach (var conflict in distribute.Update.Conflicts(distribute.Workers))
        {
            var path = $"distribute.update.{distribute.Update.Name}.{conflict.Key}";
            yield return loaded.At(path, $"'{path}': {conflict.Message}");
        }

        foreach (var finding in Scaling(loaded))
            yield return finding;

        if (loaded.Recipe.Train.Optimiser is NaturalGradientOptions
            && distribute.Update.CompressesGradients)
        {
            var key = $"distribute.update.{distribute.Update.Name}.compression";
            yield return loaded.At(
                key, $"'{key}': natural-gradient sums statistics whose range is too large to be compressed; leave it out, or use sgd");
        }
    }

    private static IEnumerable<Finding> Scaling(LoadedRecipe loaded)
    {
        var (rate, update) = (loaded.Recipe.Distribute.Rate, loaded.Recipe.Distribute.Update);
        if (rate != new RateRecipe() && !update.SumsGradients)
        {
            var ownKey = rate.WarmUpFrames > 0 && Option.Of(update.GetType()).Any(option => option.Name == "warm-up-frames");
            yield return loaded.At(
                Rate,
                $"'{Rate}': in {update.Name} a step is taken with a worker's own batch, so nothing is to be scaled; leave it out"
                + (ownKey ? $", and use 'distribute.update.{update.Name}.warm-up-frames'" : ""));
            yield break;
        }

        var optimiser = loaded.Recipe.Train.Optimiser;
        var rule = rate.Scaling ?? (optimiser is AdamOptions ? RateScalingRule.None : RateScalingRule.Linear);
        if (rate.WarmUpFrames > 0 && rule == RateScalingRule.None)
        {
            yield return loaded.At(
                $"{Rate}.warm-up-frames",
                $"'{Rate}.warm-up-frames': the step does not grow with the number of workers; set '{Rate}.scaling' to linear or "
                + "square-root");
        }

        if (rate.Momentum == MomentumRule.OfBatch && optimiser is AdamOptions)
        {
            yield return loaded.At(
                $"{Rate}.momentum", $"'{Rate}.momentum': adam has no momentum to correct; leave it out, or use sgd");
        }
    }
}
