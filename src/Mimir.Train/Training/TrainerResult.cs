using Mimir.Train.Checkpoints;

namespace Mimir.Train.Training;

/// <summary>How a training loop ended.</summary>
/// <param name="Interrupted">Whether it was asked to stop; a checkpoint holds its place.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Best">The best network, as <see cref="ITrainingEngine.CopyModel"/> gave it.</param>
public sealed record TrainerResult(bool Interrupted, TrainingState State, float[] Best);
