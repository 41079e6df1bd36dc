using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Tabulation;

/// <summary>Trains and decodes a row.</summary>
public interface ITableRunner
{
    /// <summary>Runs a row from its beginning, and leaves a run's folder.</summary>
    /// <param name="row">The row.</param>
    /// <param name="recipe">Its recipe, with all changes; its folder is where the run goes.</param>
    /// <param name="progress">Follows the run.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="Training.DivergedException">Training gave a loss that is not a number, or never a better network.</exception>
    RunStatus Run(TableRow row, LoadedRecipe recipe, ITrainingProgress progress, CancellationToken cancellation);
}
