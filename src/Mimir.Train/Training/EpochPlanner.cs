using System.Diagnostics.CodeAnalysis;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Training;

/// <summary>The training frames of an epoch.</summary>
/// <param name="Dealer">Deals this worker's share of them.</param>
/// <param name="Sources">For each frame the frame of the training set that has its target; null where they are the same.</param>
internal sealed record EpochPlan(IBatchDealer Dealer, int[]? Sources);

/// <summary>Plans each epoch of a run.</summary>
internal interface IEpochPlanner
{
    /// <summary>Makes an epoch's frames those of the engine.</summary>
    /// <param name="epoch">The epoch; the same one always gives the same frames.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <param name="plan">The plan.</param>
    /// <returns>False when the waiting was stopped.</returns>
    bool TryPlan(int epoch, CancellationToken cancellation, [NotNullWhen(true)] out EpochPlan? plan);
}

/// <summary>Plans the same frames for every epoch.</summary>
/// <param name="dealer">Deals this worker's share of them.</param>
internal sealed class FixedEpochs(IBatchDealer dealer) : IEpochPlanner
{
    private readonly EpochPlan _plan = new(dealer, null);

    /// <inheritdoc/>
    public bool TryPlan(int epoch, CancellationToken cancellation, [NotNullWhen(true)] out EpochPlan? plan)
    {
        plan = _plan;
        return true;
    }
}

/// <summary>Plans augmented frames, other ones for each epoch.</summary>
/// <param name="recipe">The run's recipe.</param>
/// <param name="queue">Makes the frames ahead of their use.</param>
/// <param name="clean">The training set without any change.</param>
/// <param name="targets">Its targets.</param>
/// <param name="engine">Trains on the frames.</param>
/// <param name="shareOf">This worker's share of a dealer's batches, given the frames of each utterance.</param>
/// <param name="planned">Receives the frames of an epoch, by weight.</param>
/// <param name="progress">Receives a line about the cost of an epoch's frames.</param>
/// <param name="time">The clock.</param>
internal sealed class AugmentedEpochs(
    Recipe recipe,
    EpochQueue queue,
    FrameCorpus clean,
    FrameTargets targets,
    GraphEngine engine,
    Func<IBatchDealer, int[], IBatchDealer> shareOf,
    Action<long> planned,
    ITrainingProgress progress,
    TimeProvider time) : IEpochPlanner
{
    /// <inheritdoc/>
    public bool TryPlan(int epoch, CancellationToken cancellation, [NotNullWhen(true)] out EpochPlan? plan)
    {
        plan = null;
        var began = time.GetTimestamp();
        EpochFrames frames;
        try
        {
            frames = queue.Get(epoch, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }

        var waited = time.GetElapsedTime(began);
        engine.SetTrainingFrames(new FrameTable(Device.Parse(recipe.Train.Device), frames.Features, clean.Dim, frames.Lengths));
        progress.Say(FormattableString.Invariant(
            $"epoch {epoch}: {frames.Lengths.Length} utterances, {frames.Lengths.Sum()} frames augmented in ")
            + FormattableString.Invariant($"{frames.MakingTime.TotalSeconds:0.0} s, waited for {waited.TotalSeconds:0.0} s"));
        planned((long)(frames.Sources is { } sources ? targets.MassOf(sources) : targets.Mass));
        var dealer = BatchDealers.ForTraining(frames.Lengths, recipe.Train.Batch, recipe.Seed, WeightsOf(frames.Sources));
        plan = new(shareOf(dealer, frames.Lengths), frames.Sources);
        return true;
    }

    private ReadOnlySpan<float> WeightsOf(int[]? sources)
    {
        if (sources is null || targets.Weights.IsEmpty)
            return targets.Weights;

        var weights = new float[sources.Length];
        for (var frame = 0; frame < weights.Length; frame++)
            weights[frame] = targets.Weights[sources[frame]];

        return weights;
    }
}
