using Mimir.Config;
using Mimir.Dist.Updates;

namespace Mimir.Train.Recipes;

/// <summary>What must hold between the keys of <c>distribute</c>.</summary>
internal static class DistributeRules
{
    private const string Update = "distribute.update";
    private const string Rate = "distribute.rate";
    private static readonly AsynchronousOptions Defaults = new();

    /// <summary>Everything that cannot be.</summary>
    public static IEnumerable<RecipeFinding> Check(LoadedRecipe loaded)
    {
        var distribute = loaded.Recipe.Distribute;
        var findings = distribute.Update switch
        {
            BmufRecipe bmuf => Gain(loaded, $"{Update}.bmuf", bmuf.Options),
            AsgdRecipe asgd => Asynchronous(loaded, $"{Update}.asgd", asgd.Options),
            TwoTierRecipe tiers => Tiers(loaded, $"{Update}.two-tier", tiers),
            _ => [],
        };
        return findings.Concat(Scaling(loaded));
    }

    private static IEnumerable<RecipeFinding> Gain(LoadedRecipe loaded, string path, BmufOptions options)
    {
        if (options is { GainFromMomentum: true, BlockMomentum: 0 })
        {
            yield return RecipeRules.At(
                loaded,
                $"{path}.gain-from-momentum",
                $"'{path}.gain-from-momentum': without momentum a block would move the model by what all workers did together, "
                + "workers times too far; leave the key out, or leave 'block-momentum' out for 1 - 1 / workers");
        }
    }

    private static IEnumerable<RecipeFinding> Asynchronous(LoadedRecipe loaded, string path, AsynchronousOptions options)
    {
        if (options.Elasticity is not null && (options.Compensation != DelayCompensation.None || options.ScaleByStaleness))
        {
            yield return RecipeRules.At(
                loaded,
                $"{path}.elasticity",
                $"'{path}.elasticity': elastic averaging has no delays to correct; leave out 'delay-compensation' and "
                + "'scale-by-staleness', or 'elasticity'");
        }

        if (options.Compensation == DelayCompensation.None && options.CompensationStrength != Defaults.CompensationStrength)
        {
            yield return RecipeRules.At(
                loaded,
                $"{path}.compensation-strength",
                $"'{path}.compensation-strength': nothing is compensated; set 'delay-compensation' to constant or adaptive as well");
        }

        if (options.Compensation != DelayCompensation.Adaptive && options.MeanSquareDecay != Defaults.MeanSquareDecay)
        {
            yield return RecipeRules.At(
                loaded,
                $"{path}.mean-square-decay",
                $"'{path}.mean-square-decay': only adaptive compensation has a mean square; set 'delay-compensation' to adaptive as well");
        }
    }

    private static IEnumerable<RecipeFinding> Tiers(LoadedRecipe loaded, string path, TwoTierRecipe recipe)
    {
        var workers = loaded.Recipe.Distribute.Workers;
        if (recipe.Machines > workers && workers > 1)
        {
            yield return RecipeRules.At(
                loaded, $"{path}.machines", $"'{path}.machines': expected at most distribute.workers, {workers}, got {recipe.Machines}");
        }

        foreach (var finding in Gain(loaded, $"{path}.across", recipe.Options.Across))
            yield return finding;
    }

    private static IEnumerable<RecipeFinding> Scaling(LoadedRecipe loaded)
    {
        var (rate, update) = (loaded.Recipe.Distribute.Rate, loaded.Recipe.Distribute.Update);
        var asks = rate.Scaling is not null || rate.WarmUpFrames > 0 || rate.Momentum != MomentumRule.AsIs;
        if (asks && update is not (SyncRecipe or TwoTierRecipe))
        {
            yield return RecipeRules.At(
                loaded,
                Rate,
                $"'{Rate}': in ma, bmuf and asgd a step is taken with a worker's own batch, so nothing is to be scaled; leave it out"
                + (update is BmufRecipe && rate.WarmUpFrames > 0 ? $", and use '{Update}.bmuf.warm-up-frames'" : ""));
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
