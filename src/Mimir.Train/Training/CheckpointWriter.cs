using System.Numerics.Tensors;
using Mimir.Train.Averages;
using Mimir.Train.Checkpoints;

namespace Mimir.Train.Training;

/// <summary>Writes the checkpoints of a run, on the coordinator.</summary>
internal sealed class CheckpointWriter
{
    private readonly ITrainingEngine _engine;
    private readonly ITeamSession _session;
    private readonly CheckpointStore _store;
    private readonly CheckpointOptions _options;
    private readonly ITrainerObserver _observer;
    private readonly TimeProvider _time;
    private readonly IModelAverage? _average;
    private long _last;

    /// <summary>Begins to count the time to the first checkpoint.</summary>
    /// <param name="engine">The network.</param>
    /// <param name="session">The agreement of the workers; part of its state is saved too.</param>
    /// <param name="store">The checkpoints on the disk.</param>
    /// <param name="options">The time between checkpoints and the number that is kept.</param>
    /// <param name="observer">Follows the run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="average">The average of the run's models; null for none.</param>
    public CheckpointWriter(
        ITrainingEngine engine, ITeamSession session, CheckpointStore store, CheckpointOptions options, ITrainerObserver observer,
        TimeProvider time, IModelAverage? average = null)
    {
        (_engine, _session, _store, _options, _observer, _time) = (engine, session, store, options, observer, time);
        (_last, _average) = (time.GetTimestamp(), average);
    }

    /// <summary>True when it is time for a checkpoint within an epoch.</summary>
    public bool IsDue => _options.Every > TimeSpan.Zero && _time.GetElapsedTime(_last) >= _options.Every;

    /// <summary>Writes a checkpoint; on other workers than the coordinator it does nothing.</summary>
    /// <param name="progress">The progress of the run.</param>
    /// <exception cref="DivergedException">A parameter is not a finite number.</exception>
    /// <exception cref="IOException">It cannot be written; those before it are untouched.</exception>
    public void Write(TrainingProgress progress)
    {
        _last = _time.GetTimestamp();
        if (!_session.IsCoordinator)
            return;

        // The step that breaks the network shows in the loss of the next one, when its checkpoint would be written already.
        var model = _engine.CopyModel();
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude<float>(model)))
            throw DivergedException.InParameters(progress.State);

        var vectors = _session.SaveVectors(inEpoch: progress.State.Step > 0);
        vectors[Checkpoint.Model] = model;
        if (!progress.Best.AsSpan().SequenceEqual(model))
            vectors[Checkpoint.Best] = progress.Best;

        foreach (var (name, vector) in _average?.Save() ?? new Dictionary<string, float[]>())
            vectors[Checkpoint.Average + name] = vector;

        _observer.CheckpointWritten(_store.Write(new(_session.Save(progress.State), vectors), _options.Keep));
        _last = _time.GetTimestamp();
    }
}

/// <summary>The times of checkpoints.</summary>
/// <param name="Every">The time between two checkpoints within an epoch; zero for none.</param>
/// <param name="Keep">The number of checkpoints that stay on the disk.</param>
internal sealed record CheckpointOptions(TimeSpan Every, int Keep);
