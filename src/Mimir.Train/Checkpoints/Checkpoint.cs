namespace Mimir.Train.Checkpoints;

/// <summary>A saved moment of a training run.</summary>
/// <param name="State">Where the run stands.</param>
/// <param name="Vectors">Parameters, best parameters and optimiser state, each a flat vector by its name.</param>
public sealed record Checkpoint(TrainingState State, IReadOnlyDictionary<string, float[]> Vectors);
