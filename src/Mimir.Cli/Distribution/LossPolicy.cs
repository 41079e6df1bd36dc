using Mimir.Base;
using Mimir.Cli.Commands;
using Mimir.Cli.Recipes;
using Mimir.Train.Recipes;

namespace Mimir.Cli.Distribution;

/// <summary>Whether the other workers of a job go on when one is lost.</summary>
internal static class LossPolicy
{
    /// <summary>As a recipe's update mode says: they do where each worker has a model of its own between two exchanges.</summary>
    internal static bool OthersGoOn(Recipe recipe) => recipe.Distribute.Update is MaRecipe or BmufRecipe or AsgdRecipe;

    /// <summary>As the recipe of a command line of this program says; those that train nothing end together.</summary>
    /// <exception cref="InputException">The recipe cannot be used.</exception>
    internal static bool OthersGoOn(IReadOnlyList<string> command)
    {
        if (command is not [TrainCommand.Name, ..])
            return false;

        // What is wrong with the command line itself, the workers say.
        var parsed = TrainCommand.Create().Parse([.. command.Skip(1)]);
        return parsed.Errors.Count == 0 && parsed.GetValue<string>(RecipeArguments.FileName) is { } file
            && OthersGoOn(RecipeReader.Read(file, RecipeArguments.Options(parsed.GetValue<string[]>(RecipeArguments.SetName))).Recipe);
    }
}
