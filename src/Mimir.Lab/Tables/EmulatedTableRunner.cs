using Mimir.Lab.Emulation;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Lab.Tables;

/// <summary>Runs rows in the emulator: all workers are computed, and time is modelled for the cluster.</summary>
/// <param name="prepare">Synthesises the corpus of a recipe when it is missing.</param>
/// <param name="time">The clock of the runs' own logs.</param>
/// <param name="logging">The destination of the runs' log messages.</param>
public sealed class EmulatedTableRunner(
    Action<Recipe, ITrainingProgress, CancellationToken> prepare, TimeProvider time, RunLogging logging) : ITableRunner
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
            recipe, cluster, row.Workers.Workers, decode: true, restart: true, progress, time, logging, cancellation).Run.Status;
    }
}
