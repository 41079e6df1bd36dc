using System.Numerics.Tensors;

namespace Mimir.Train.Checkpoints;

/// <summary>The conditions for a checkpoint to be continued, whatever its checksums say. Pure.</summary>
internal static class CheckpointRules
{
    /// <summary>The problem of a checkpoint in itself; null when there is none.</summary>
    /// <param name="name">The name of its folder; one that is not a checkpoint's is not compared.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    public static string? Problem(string name, Checkpoint checkpoint) =>
        StateProblem(name, checkpoint.State) ?? VectorProblem(checkpoint.Vectors);

    private static string? StateProblem(string name, TrainingState state)
    {
        if (CheckpointName.TryParse(name, out var place) && place != new CheckpointName(state.Epoch, state.Step))
            return $"its name is {name}, and it is of epoch {state.Epoch}, step {state.Step}";
        if (state.Epoch < 1 || state.Step < 0 || state.TotalSteps < state.Step)
            return $"there is no step {state.Step} of epoch {state.Epoch} after {state.TotalSteps} steps";
        if (state.History.Count != state.Epoch)
            return $"epoch {state.Epoch} has {state.History.Count} finished epochs before it, the untrained network among them";

        var schedule = state.Schedule;
        if (!double.IsFinite(schedule.Rate) || schedule.Rate <= 0)
            return FormattableString.Invariant($"its learning rate is {schedule.Rate}");
        return schedule.BestEpoch < 0 || schedule.BestEpoch >= state.Epoch
            ? $"its best epoch is {schedule.BestEpoch}, and {state.Epoch - 1} are finished"
            : null;
    }

    private static string? VectorProblem(IReadOnlyDictionary<string, float[]> vectors)
    {
        if (vectors.GetValueOrDefault(Checkpoint.Model) is not { Length: > 0 } model)
            return $"it has no vector '{Checkpoint.Model}'";
        if (vectors.GetValueOrDefault(Checkpoint.Best) is { } best && best.Length != model.Length)
            return $"the vector '{Checkpoint.Best}' has {best.Length} values, '{Checkpoint.Model}' has {model.Length}";

        foreach (var (name, vector) in vectors.Where(vector => !vector.Key.StartsWith(Checkpoint.Update, StringComparison.Ordinal)))
        {
            if (vector.Length > 0 && !float.IsFinite(TensorPrimitives.MaxMagnitude<float>(vector)))
                return $"the vector '{name}' has a value that is not finite";
        }

        return null;
    }
}
