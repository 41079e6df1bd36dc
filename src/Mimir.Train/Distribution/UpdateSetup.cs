using Mimir.Core.Graph;
using Mimir.Dist.Collectives;
using Mimir.Dist.Updates;
using Mimir.Train.Recipes;

namespace Mimir.Train.Distribution;

/// <summary>The update mode of a run with several workers, before it is made.</summary>
/// <param name="Options">The options of the mode.</param>
/// <param name="Context">The collective and the transport that it runs on.</param>
/// <param name="Scale">The change of rate and momentum by the number of workers.</param>
internal sealed record UpdateSetup(UpdateOptions Options, UpdateContext Context, StepScale Scale)
{
    private const int CollectiveChannel = 0;

    /// <summary>Prepares the mode that a recipe names; all workers call it together.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="team">The workers, several.</param>
    public static UpdateSetup Of(Recipe recipe, WorkerTeam team)
    {
        var options = recipe.Distribute.Update;
        var context = team.CreateContext(CollectiveChannel);
        context = context with { Machine = MachineOf(options, team.Rank, team.Size) ?? context.Machine };
        var machines = options.GroupsMachines ? CountMachines(context, team) : 1;
        return new(options, context, StepScale.Of(recipe, team.Size, machines));
    }

    /// <summary>Makes the mode and joins it with a graph.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="factory">Makes the mode.</param>
    public ParameterExchange Join(LayerGraph graph, UpdateModeFactory factory) =>
        new(graph, factory(Options, Context, graph.Parameters.Count), Context.Signals, Options, Scale);

    /// <summary>The machine that a worker counts as on; null for its own.</summary>
    /// <remarks>The machine's own name is part of it, since workers on different ones share no memory.</remarks>
    internal static string? MachineOf(UpdateOptions options, int rank, int workers) => options.CountedMachines is { } machines
        ? FormattableString.Invariant($"{MachineMap.ThisMachine()} part {(long)rank * machines / workers}")
        : null;

    private static int CountMachines(UpdateContext context, WorkerTeam team) => MachineMap
        .Discover(team.Transport, context.Collective.Group, context.Machine ?? MachineMap.ThisMachine(), context.Channel).Machines.Count;
}
