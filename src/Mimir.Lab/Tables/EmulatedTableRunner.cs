using Mimir.Lab.Emulation;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Lab.Tables;

/// <summary>Runs rows in the emulator: the mathematics of all workers, with the time that a model of the cluster gives them.</summary>
/// <param name="prepare">Makes the corpus of a recipe when it is not there.</param>
/// <param name="time">The clock of the runs' own logs.</param>
public sealed class EmulatedTableRunner(Action<Recipe, ITrainingProgress, CancellationToken> prepare, TimeProvider time) : ITableRunner
{
    /// <inheritdoc/>
    public RunStatus Run(TableRow row, LoadedRecipe recipe, ITrainingProgress progress, CancellationToken cancellation)
    {
        prepare(recipe.Recipe, progress, cancellation);
        var cluster = ClusterFile.Read(row.ClusterFile).At(row.FramesPerSecond) with
        {
            Machines = row.Workers.Machines,
            DevicesPerMachine = row.Workers.Devices,
        };
        return EmulatedRun.Execute(
            recipe, cluster, row.Workers.Workers, decode: true, restart: true, progress, time, cancellation).Run.Status;
    }
}
