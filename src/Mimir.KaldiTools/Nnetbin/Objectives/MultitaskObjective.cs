using Mimir.Core.Losses;
using Mimir.Core.Tensors;

namespace Mimir.KaldiTools.Nnetbin.Objectives;

/// <summary>Several objectives side by side, each on its outputs: Kaldi's MultiTaskLoss.</summary>
/// <param name="tasks">The objectives with their ranges of outputs and weights, in the order of the outputs.</param>
/// <param name="log">Receives warnings.</param>
internal sealed class MultitaskObjective(IReadOnlyList<MultitaskObjective.Task> tasks, KaldiLog log) : Objective
{
    /// <summary>One of the objectives.</summary>
    /// <param name="Objective">What it makes small.</param>
    /// <param name="First">Its first output.</param>
    /// <param name="Count">The number of its outputs.</param>
    /// <param name="Weight">The factor of its loss and gradient.</param>
    internal sealed record Task(Objective Objective, int First, int Count, float Weight);

    public override double AverageLoss
    {
        get
        {
            double sum = 0;
            for (var i = 0; i < tasks.Count; i++)
            {
                var value = tasks[i].Weight * tasks[i].Objective.AverageLoss;
                if (double.IsFinite(value))
                    sum += value;
                else
                    log.Warning($"Loss {i + 1}, has bad objective function value '{Digits.Of(value)}', using 0.0 instead.");
            }

            return sum;
        }
    }

    public override void Evaluate(Tensor output, SoftTargets targets, float[] weights, Tensor? gradient)
    {
        foreach (var task in tasks)
            task.Objective.Evaluate(output, targets, OfTask(targets, weights, task), gradient);

        if (gradient is not null)
            Scale(gradient);
    }

    public override string Report() =>
        $"MultiTaskLoss, with {tasks.Count} parallel loss functions.\n"
        + string.Concat(tasks.Select((task, i) => $"Loss {i + 1}, {task.Objective.Report()}\n"))
        + $"Loss (OVERALL), AvgLoss: {Digits.Of(AverageLoss)} (MultiTaskLoss), "
        + $"weights {Digits.List(tasks.Select(task => (double)task.Weight))}, "
        + $"values {Digits.List(tasks.Select(task => task.Objective.AverageLoss))}\n";

    // A frame takes part in a task only where it has a target of that task.
    private static float[] OfTask(SoftTargets targets, float[] weights, Task task)
    {
        var result = (float[])weights.Clone();
        for (var frame = 0; frame < result.Length; frame++)
        {
            var classes = targets.Classes[targets.Offsets[frame]..targets.Offsets[frame + 1]];
            var has = false;
            foreach (var index in classes)
                has |= index >= task.First && index < task.First + task.Count;

            if (!has)
                result[frame] = 0;
        }

        return result;
    }

    private void Scale(Tensor gradient)
    {
        if (tasks.All(task => task.Weight == 1))
            return;

        var factors = new float[gradient.Count];
        for (var row = 0; row < gradient.Rows; row++)
        {
            foreach (var task in tasks)
                factors.AsSpan((row * gradient.Columns) + task.First, task.Count).Fill(task.Weight);
        }

        using var factor = Tensor.From(gradient.Device, factors, gradient.Shape, gradient.Type);
        gradient.Multiply(factor);
    }
}
