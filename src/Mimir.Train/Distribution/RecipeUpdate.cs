using Mimir.Dist.Collectives;
using Mimir.Dist.Updates;
using Mimir.Train.Recipes;

namespace Mimir.Train.Distribution;

/// <summary>The update mode that a recipe names.</summary>
internal static class RecipeUpdate
{
    private const int CollectiveChannel = 0;

    /// <summary>Joins a worker's graph with the others', or gives null for one that is alone.</summary>
    /// <param name="recipe">The kind of update and its numbers.</param>
    /// <param name="graph">The network.</param>
    /// <param name="team">Who trains together.</param>
    public static GraphExchange? Exchange(UpdateRecipe recipe, Core.Graph.LayerGraph graph, WorkerTeam team)
    {
        if (team.IsAlone)
            return null;

        var context = team.Context(CollectiveChannel) with { Machine = Machine(recipe, team.Rank, team.Group.Size) };
        return new(
            graph, UpdateModes.Create(recipe.Mode, context), team,
            bearsLosses: recipe.Mode is ModelAveragingOptions or BmufOptions or AsynchronousOptions,
            hears: recipe.Mode is SyncOptions or ModelAveragingOptions or BmufOptions);
    }

    /// <summary>The machine that a worker counts as on; null: its own.</summary>
    /// <remarks>The machine's own name is part of it, since workers on different ones share no memory.</remarks>
    internal static string? Machine(UpdateRecipe recipe, int rank, int workers) => recipe is TwoTierRecipe { Machines: { } machines }
        ? FormattableString.Invariant($"{MachineMap.ThisMachine()} part {(long)rank * machines / workers}")
        : null;
}
