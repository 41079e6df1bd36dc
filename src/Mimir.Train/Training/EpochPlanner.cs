using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Training;

/// <summary>Gives each epoch of a run its own training frames, where the recipe augments them.</summary>
internal sealed class EpochPlanner : IDisposable
{
    private readonly Recipe _recipe;
    private readonly FrameCorpus _clean;
    private readonly FrameTargets _targets;
    private readonly GraphEngine _engine;
    private readonly ITrainingProgress _progress;
    private readonly TimeProvider _time;
    private readonly DataShares _shares;
    private readonly EpochQueue _queue;

    /// <summary>Begins to make the frames of the first epoch.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="make">Makes the frames of an epoch, the same each time.</param>
    /// <param name="clean">The training set without any change.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="engine">Trains on the frames.</param>
    /// <param name="shares">Which worker trains on what; an epoch's dealer deals this one's share.</param>
    /// <param name="first">The first epoch that will be asked for.</param>
    /// <param name="progress">Is told what an epoch's frames cost.</param>
    /// <param name="time">Measures it.</param>
    public EpochPlanner(
        Recipe recipe,
        Func<int, CancellationToken, EpochFrames> make,
        FrameCorpus clean,
        FrameTargets targets,
        GraphEngine engine,
        DataShares shares,
        int first,
        ITrainingProgress progress,
        TimeProvider time)
    {
        (_recipe, _clean, _targets, _engine, _shares, _progress, _time) = (recipe, clean, targets, engine, shares, progress, time);
        _queue = new(make, RecipeBuilder.MaxEpochs(recipe.Train.Schedule));
        _queue.Begin(first);
    }

    /// <summary>Makes an epoch's frames those of the engine.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public EpochPlan Plan(int epoch, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        var frames = _queue.Take(epoch, cancellation);
        var waited = _time.GetElapsedTime(began);
        _engine.SetTrainingFrames(new FrameTable(
            Device.Parse(_recipe.Train.Device), frames.Features, _clean.Dim, frames.Lengths));
        _progress.Say(FormattableString.Invariant(
            $"epoch {epoch}: {frames.Lengths.Length} utterances, {frames.Lengths.Sum()} frames augmented in {frames.MakingTime.TotalSeconds:0.0} s, waited for {waited.TotalSeconds:0.0} s"));
        return new(
            _shares.Of(
                BatchDealers.ForTraining(frames.Lengths, _recipe.Train.Batch, _recipe.Seed, Weights(frames.Sources)), frames.Lengths),
            frames.Sources,
            frames.Sources is { } sources ? _targets.MassOf(sources) : _targets.Mass);
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private ReadOnlySpan<float> Weights(int[]? sources)
    {
        if (sources is null || _targets.Weights.IsEmpty)
            return _targets.Weights;

        var weights = new float[sources.Length];
        for (var frame = 0; frame < weights.Length; frame++)
            weights[frame] = _targets.Weights[sources[frame]];

        return weights;
    }
}
