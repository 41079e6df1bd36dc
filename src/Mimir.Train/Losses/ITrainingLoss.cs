using Mimir.Base;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Losses;

/// <summary>A loss on one set: the value of a batch, and its gradient by the outputs of the network before the softmax.</summary>
/// <remarks>
/// A run has one for the training set and one for the cross-validation set, so that a loss may hold what belongs to a set, and may
/// regularise in training alone. Nothing but the batch decides its result, but for random streams that the batch's frames seed.
/// </remarks>
internal interface ITrainingLoss : IDisposable
{
    /// <summary>Gets the names of the measures that each result has besides loss and accuracy, always the same.</summary>
    IReadOnlyList<string> Measures => [];

    /// <summary>Makes the loss of a recipe for a set.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="set">The set.</param>
    static ITrainingLoss Of(Recipe recipe, LossSet set) => recipe.Train.Loss switch
    {
        CrossEntropyRecipe entropy => new CrossEntropyLoss(set.IsTraining ? entropy.LabelSmoothing : 0),
        MultitaskRecipe tasks => new MultitaskLoss(tasks),
        TeacherRecipe teacher => set.IsTraining ? TeacherLoss.Load(recipe, teacher) : new CrossEntropyLoss(),
        CtcRecipe ctc => new CtcLoss(set, CtcUnits.Of(recipe, ctc).LabelsOf(SetOf(recipe, set))),
        var other => throw new InputException($"train.loss: {other.GetType().Name} is not one that can be trained with."),
    };

    private static CorpusSet SetOf(Recipe recipe, LossSet set) => recipe.Corpus.Find(set.Name)
        ?? throw new InputException($"corpus.{set.Name}: expected a set, there is none.");

    /// <summary>Evaluates a batch.</summary>
    /// <param name="logits"><c>[N, C]</c>: the output of the network before the softmax, a row for each of the batch.</param>
    /// <param name="batch">The frames, their sequences and targets.</param>
    /// <param name="gradient">
    /// Receives all of <c>[N, C]</c>, the derivative of the summed loss by the logits, when not null; its content before is undefined.
    /// </param>
    /// <returns>Sums over the batch. A loss that is not finite stops the run.</returns>
    BatchResult Evaluate(Tensor logits, in LossBatch batch, Tensor? gradient);

    /// <inheritdoc/>
    void IDisposable.Dispose()
    {
    }
}

/// <summary>The set that a loss is made for.</summary>
/// <param name="Name">Its name in the recipe, <c>train</c> or <c>cv</c>.</param>
/// <param name="Corpus">Its utterances and frames.</param>
/// <param name="IsTraining">True for the set that is trained on.</param>
internal sealed record LossSet(string Name, IFrameSet Corpus, bool IsTraining);

/// <summary>The result of a batch.</summary>
/// <param name="Loss">The loss summed over the batch's frames, as it is reported and the schedule sees it.</param>
/// <param name="Correct">The frames, by weight, whose best class is the target.</param>
/// <param name="Frames">The frames, by weight.</param>
/// <param name="Measures">What else the loss measures, in the order of its names; null for nothing.</param>
internal readonly record struct BatchResult(
    double Loss, double Correct, double Frames, IReadOnlyList<Measure>? Measures = null)
{
    /// <summary>True when the batch could not be trained on, and everything is as it was before it.</summary>
    public bool IsUndone { get; init; }
}
