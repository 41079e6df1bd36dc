using Mimir.Dist.Collectives;
using Mimir.Dist.Updates;
using Mimir.Train.Recipes;

namespace Mimir.Train.Distribution;

/// <summary>The update mode that a recipe names.</summary>
internal static class RecipeUpdate
{
    private const int CollectiveChannel = 0;

    /// <summary>Joins a worker's graph with the others', or gives null for one that is alone.</summary>
    /// <param name="recipe">The kind of update and its numbers, and what they do to the rate.</param>
    /// <param name="graph">The network.</param>
    /// <param name="team">Who trains together.</param>
    public static ParameterExchange? Exchange(Recipe recipe, Core.Graph.LayerGraph graph, WorkerTeam team)
    {
        if (team.IsAlone)
            return null;

        var (update, workers) = (recipe.Distribute.Update, team.Group.Size);
        var context = team.Context(CollectiveChannel);
        context = context with { Machine = Machine(update, team.Rank, workers) ?? context.Machine };
        var machines = update is TwoTierRecipe ? Machines(context) : 1;
        var options = update.Mode;
        return new(
            graph, team.Emulation?.Create(options, context, graph.Parameters.Count) ?? UpdateModes.Create(options, context), team,
            bearsLosses: options is ModelAveragingOptions or BmufOptions or AsynchronousOptions,
            hears: options is SyncOptions or ModelAveragingOptions or BmufOptions)
        {
            TunesTogether = options is not AsynchronousOptions,
            HasBlocks = options is ModelAveragingOptions or BmufOptions or TwoTierOptions,
            Scale = StepScale.Of(recipe, workers, machines),
            Machines = machines,
        };
    }

    /// <summary>The machine that a worker counts as on; null: its own.</summary>
    /// <remarks>The machine's own name is part of it, since workers on different ones share no memory.</remarks>
    internal static string? Machine(UpdateRecipe recipe, int rank, int workers) => recipe is TwoTierRecipe { Machines: { } machines }
        ? FormattableString.Invariant($"{MachineMap.ThisMachine()} part {(long)rank * machines / workers}")
        : null;

    private static int Machines(UpdateContext context) => context.Transport is { } transport
        ? MachineMap.Discover(transport, context.Collective.Group, context.Machine ?? MachineMap.ThisMachine(), context.Channel).Machines.Count
        : 1;
}
