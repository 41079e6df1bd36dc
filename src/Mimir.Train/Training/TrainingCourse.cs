using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training;

/// <summary>The share of a run's data that is done, by epochs and steps, so that it is the same on all workers. Pure.</summary>
/// <param name="StepsPerEpoch">The steps that an epoch is expected to have.</param>
/// <param name="Epochs">The largest number of epochs of the schedule.</param>
internal sealed record TrainingCourse(double StepsPerEpoch, int Epochs)
{
    /// <summary>The course of a run.</summary>
    /// <param name="recipe">Batches and epochs.</param>
    /// <param name="frames">The frames of an epoch.</param>
    /// <param name="shares">The workers who have steps of their own.</param>
    public static TrainingCourse Of(TrainRecipe recipe, double frames, int shares)
    {
        var batch = recipe.Batch;
        double own = batch.Unit == BatchUnit.Chunks ? (double)batch.Streams * batch.Chunk : batch.Frames;
        return new(Math.Max(1, frames / (own * shares)), recipe.Schedule.MaxEpochs);
    }

    /// <summary>The share of the data, from 0 to 1; an epoch with more steps than expected waits at its end.</summary>
    /// <param name="state">The position before a step.</param>
    public double ShareOf(TrainingState state) =>
        Math.Min(1, (state.Epoch - 1 + Math.Min(1, state.Step / StepsPerEpoch)) / Math.Max(1, Epochs));
}
