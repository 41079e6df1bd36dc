using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;

namespace Mimir.Train.Averages;

/// <summary>Averages of the models of a run. An implementation is a function of the models that it has seen, and its saved state.</summary>
internal interface IModelAverage
{
    /// <summary>Makes the average of a recipe; null for none.</summary>
    /// <param name="recipe">The training of the run.</param>
    static IModelAverage? Of(TrainRecipe recipe) => recipe.Average switch
    {
        null => null,
        LastAverageRecipe last => new LastModels(last),
        GreedyAverageRecipe greedy => new GreedyModels(greedy),
        EmaRecipe ema => new MovingAverage(ema.Decay),
        SwaRecipe swa => new WeightAverage(swa, recipe.Schedule.MaxEpochs),
        var other => throw new InputException($"train.average: {other.GetType().Name} is not one that can be made."),
    };

    /// <summary>True when the model after a step goes into the average.</summary>
    /// <param name="state">The position after the step.</param>
    bool TakesStep(TrainingState state);

    /// <summary>True when the model after an epoch goes into the average.</summary>
    /// <param name="record">The epoch.</param>
    bool TakesEpoch(EpochRecord record);

    /// <summary>Takes a model in.</summary>
    /// <param name="model">The model, which belongs to the average from here on.</param>
    void Add(float[] model);

    /// <summary>Chooses a mean by cross-validation.</summary>
    /// <param name="validate">The loss of a model; null when validation was stopped.</param>
    /// <returns>The best mean; null when there is none, or validation was stopped.</returns>
    AveragedModel? Choose(Func<float[], double?> validate);

    /// <summary>Copies the state for a checkpoint, vectors of the model's size by name.</summary>
    IReadOnlyDictionary<string, float[]> Save();

    /// <summary>Restores the state of a checkpoint.</summary>
    /// <param name="state">The vectors that <see cref="Save"/> returned.</param>
    void Load(IReadOnlyDictionary<string, float[]> state);
}

/// <summary>A mean of models.</summary>
/// <param name="Model">The parameters.</param>
/// <param name="Loss">Its cross-validation loss.</param>
/// <param name="Description">The models that it is of: <c>the last 3 models</c>.</param>
internal sealed record AveragedModel(float[] Model, double Loss, string Description)
{
    /// <summary>Moves a mean of n models towards one more.</summary>
    /// <param name="mean">The mean, changed in place.</param>
    /// <param name="model">The other model.</param>
    /// <param name="share">The share of the other model in the new mean.</param>
    public static void Move(float[] mean, float[] model, float share)
    {
        // mean (1 - share) + model share
        TensorPrimitives.Multiply(mean, 1 - share, mean);
        TensorPrimitives.MultiplyAdd(model, share, mean, mean);
    }
}
