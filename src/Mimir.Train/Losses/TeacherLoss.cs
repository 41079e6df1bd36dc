using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Train.Recipes;

namespace Mimir.Train.Losses;

/// <summary>The divergence from a teacher that computes the same batch, joined with the cross-entropy against the targets.</summary>
/// <param name="recipe">Temperature and shares.</param>
/// <param name="teacher">The teacher, which the loss owns.</param>
internal sealed class TeacherLoss(TeacherRecipe recipe, LayerGraph teacher) : ITrainingLoss
{
    private const string Divergence = "teacher divergence";

    private static readonly CrossEntropyLoss Hard = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Measures => [Divergence];

    /// <summary>Loads the teacher of a recipe.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="kind">The loss.</param>
    /// <exception cref="InputException">The folder is no model, or the model does not fit the recipe's batches.</exception>
    /// <exception cref="IOException">It is not there.</exception>
    public static TeacherLoss Load(Recipe recipe, TeacherRecipe kind)
    {
        var folder = Path.Combine(kind.Model, "model");
        var teacher = ModelFolder.Load(Directory.Exists(folder) ? folder : kind.Model, Device.Parse(recipe.Train.Device));
        if (!teacher.NeedsSequences || recipe.Train.Batch.Unit != BatchUnit.Frames)
            return new(kind, teacher);

        teacher.Dispose();
        throw new InputException(
            $"train.loss.teacher.model: {kind.Model} looks along time, and batches are of single frames; set train.batch to "
            + "{unit: utterances, frames: 4000}.");
    }

    /// <inheritdoc/>
    public BatchResult Evaluate(Tensor logits, in LossBatch batch, Tensor? gradient)
    {
        var hard = Hard.Evaluate(logits, batch, gradient);
        var sequences = teacher.NeedsSequences ? batch.Frames.Sequences : null;
        var wanted = teacher.Forward(batch.Table, batch.Frames.Rows, PassMode.Evaluate, sequences);
        if (wanted.Columns != logits.Columns)
        {
            throw new InputException(
                $"train.loss.teacher.model: the teacher has {wanted.Columns} outputs, the network {logits.Columns}; both need the same "
                + "transition model.");
        }

        var share = 1 - recipe.HardWeight;
        var divergence = Distillation.Evaluate(logits, wanted, recipe.Temperature, batch.Targets.Weights, gradient, share);
        return hard with
        {
            Loss = (recipe.HardWeight * hard.Loss) + (share * divergence),
            Measures = [new(Divergence, divergence, hard.Frames)],
        };
    }

    /// <inheritdoc/>
    public void Dispose() => teacher.Dispose();
}
