using Mimir.Config;
using Mimir.Train.Recipes;
using Mimir.Train.Recipes.Tables;

namespace Mimir.Train.Tuning;

/// <summary>What of a recipe may change while its run goes on: nothing that a step already taken depends on.</summary>
public static class TunableKeys
{
    /// <summary>The name of the learning rate.</summary>
    public const string Rate = "rate";

    /// <summary>The short names of what may change, each with its path in the recipe.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="workers">The number of workers; one alone has no update mode.</param>
    public static IReadOnlyDictionary<string, string> Of(Recipe recipe, int workers)
    {
        var paths = new Dictionary<string, string> { [Rate] = RatePath(recipe) };
        switch (recipe.Train.Schedule)
        {
            case NewbobRecipe:
                Add("train.schedule.newbob", "start-halving", "end-halving", "halving-factor", "max-epochs", "min-epochs", "keep-rate-epochs");
                break;
            case ConstantRecipe:
                Add("train.schedule.constant", "epochs");
                break;
        }

        if (workers > 1)
        {
            // A key of a nested record goes by its last part.
            var mode = recipe.Distribute.Update.Mode;
            foreach (var key in mode.TunableKeys)
                paths[key[(key.LastIndexOf('.') + 1)..]] = $"distribute.update.{mode.Name}.{key}";
        }

        return paths;

        void Add(string section, params string[] keys)
        {
            foreach (var key in keys)
                paths[key] = $"{section}.{key}";
        }
    }

    /// <summary>The path of the learning rate at the start, which has the range of every other one.</summary>
    public static string RatePath(Recipe recipe) => $"train.optimiser.{(recipe.Train.Optimiser is AdamRecipe ? "adam" : "sgd")}.rate";

    /// <summary>A value of a recipe as text; <c>default</c> where it is left out.</summary>
    internal static string ValueOf(Recipe recipe, string path)
    {
        RecipeNode? node = RecipeTable.Root.Write(recipe, "", new Dictionary<string, ValueOrigin>());
        foreach (var part in path.Split('.'))
            node = (node as MapNode)?.Find(part);

        return node is ScalarNode { IsNull: false } scalar ? scalar.Text : "default";
    }
}
