using Mimir.Core.Optimisers;

namespace Mimir.Train.Recipes;

/// <summary>Warnings about a recipe that can run, but will not do what is wanted.</summary>
public static class RecipeAdvice
{
    /// <summary>A line for each warning: the key, what will happen, what to do.</summary>
    /// <param name="recipe">The recipe.</param>
    public static IEnumerable<string> Of(Recipe recipe)
    {
        var update = recipe.Distribute.Update;
        if (recipe.Train.Optimiser is AdamOptions && !update.SumsGradients)
        {
            yield return $"train.optimiser: adam learns badly, or nothing, in '{update.Name}' of several workers: its steps have the size "
                + "of the rate whatever the gradient, and the workers' steps do not add up to one of all; use sgd, with "
                + "max-gradient-norm for recurrent layers, or distribute.update: sync";
        }
    }
}
