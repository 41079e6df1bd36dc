using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Training;

namespace Mimir.Lab.Tables;

/// <summary>Trains and decodes a row.</summary>
public interface ITableRunner
{
    /// <summary>Runs a row from its beginning, and leaves a run's folder.</summary>
    /// <param name="row">The row.</param>
    /// <param name="recipe">Its recipe, with all changes; its folder is where the run goes.</param>
    /// <param name="progress">Follows the run.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="DivergedException">Training gave a loss that is not a number, or never a better network.</exception>
    RunStatus Run(TableRow row, LoadedRecipe recipe, ITrainingProgress progress, CancellationToken cancellation);
}
