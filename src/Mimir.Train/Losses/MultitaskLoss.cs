using System.Globalization;
using Mimir.Base;
using Mimir.Core.Losses;
using Mimir.Core.Tensors;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;

namespace Mimir.Train.Losses;

/// <summary>Cross-entropies on parts of the outputs, each with a softmax of its own.</summary>
/// <remarks>
/// The loss of a batch is the weighted sum of those of its tasks, its frames are the frames of all tasks: where each frame has targets
/// of one task, as with several languages, they are counted once.
/// </remarks>
internal sealed class MultitaskLoss : ITrainingLoss
{
    private readonly (int First, int Count, double Weight)[] _tasks;
    private readonly int _outputs;

    /// <summary>Places the tasks one after another.</summary>
    /// <param name="recipe">Their outputs and weights.</param>
    public MultitaskLoss(MultitaskRecipe recipe)
    {
        _outputs = recipe.Outputs.Sum();
        _tasks =
        [
            .. recipe.Outputs.Select((count, task) =>
                (recipe.Outputs.Take(task).Sum(), count, recipe.Weights.Count == 0 ? 1 : recipe.Weights[task])),
        ];
        Measures = [.. recipe.Outputs.SelectMany((_, task) => new[] { Name("loss", task), Name("accuracy", task) })];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Measures { get; }

    /// <inheritdoc/>
    public BatchResult Evaluate(Tensor logits, in LossBatch batch, Tensor? gradient)
    {
        if (logits.Columns != _outputs)
            throw new InputException($"train.loss.multitask.outputs: the tasks have {_outputs} outputs, the network {logits.Columns}.");

        var targets = batch.Targets.Soft ?? SoftTargets.FromClasses(batch.Targets.Classes);
        var measures = new List<Measure>();
        var sum = default(BatchResult);
        foreach (var (task, (first, count, weight)) in _tasks.Index())
        {
            var result = CrossEntropy.Evaluate(
                logits, first, count, targets.OfClasses(first, count), batch.Targets.Weights, gradient);
            if (gradient is not null && weight != 1)
            {
                using var part = gradient.narrow(1, first, count);
                part.mul_(Scalars.Of(weight));
            }

            sum = new(sum.Loss + (weight * result.Loss), sum.Correct + result.Correct, sum.Frames + result.Frames);
            measures.Add(new(Name("loss", task), result.Loss, result.Frames));
            measures.Add(new(Name("accuracy", task), result.Correct, result.Frames));
        }

        return sum with { Measures = measures };
    }

    private static string Name(string what, int task) => string.Create(CultureInfo.InvariantCulture, $"{what} of task {task + 1}");
}
