using Mimir.Dist.Collectives;
using Mimir.Dist.Updates;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Distribution;

/// <summary>The update mode that a recipe names, and the shares of the data that go with it.</summary>
internal static class RecipeUpdate
{
    private const int CollectiveChannel = 0;

    /// <summary>Joins a worker's graph with the others', or gives null for one that is alone.</summary>
    /// <param name="recipe">The kind of update and its numbers.</param>
    /// <param name="graph">The network.</param>
    /// <param name="team">Who trains together.</param>
    public static GraphExchange? Exchange(UpdateRecipe recipe, Core.Graph.LayerGraph graph, WorkerTeam team)
    {
        if (team.Size == 1)
            return null;

        var context = team.Context(CollectiveChannel);
        return new(graph, UpdateModes.Create(recipe.Mode, context with { Machine = Machine(recipe, team.Rank, team.Size) }), team.Size);
    }

    /// <summary>The machine that a worker counts as on; null: its own.</summary>
    /// <remarks>The machine's own name is part of it, since workers on different ones share no memory.</remarks>
    internal static string? Machine(UpdateRecipe recipe, int rank, int workers) => recipe is TwoTierRecipe { Machines: { } machines }
        ? FormattableString.Invariant($"{MachineMap.ThisMachine()} part {(long)rank * machines / workers}")
        : null;

    /// <summary>
    /// This worker's share of the training batches: of each batch where all step together or streams carry a state, else
    /// every N-th batch.
    /// </summary>
    /// <param name="whole">Deals the batches of all workers.</param>
    /// <param name="recipe">The mode and the unit of a batch.</param>
    /// <param name="team">Who trains together.</param>
    public static IBatchDealer Share(IBatchDealer whole, Recipe recipe, WorkerTeam team)
    {
        if (team.Size == 1)
            return whole;

        return recipe.Distribute.Update is SyncRecipe || recipe.Train.Batch.Unit == BatchUnit.Chunks
            ? new ShareDealer(whole, team.Rank, team.Size)
            : new StripeDealer(whole, team.Rank, team.Size);
    }
}
