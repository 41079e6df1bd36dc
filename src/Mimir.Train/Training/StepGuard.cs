using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Losses;
using Mimir.Train.Quarantine;

namespace Mimir.Train.Training;

/// <summary>Finds the utterances that keep a batch from being trained on, and those that an epoch shows to be wrong.</summary>
/// <remarks>
/// The engine has undone such a batch. Each of its utterances is tried alone; who fails alone is set aside, and the batch is trained
/// without it. Where nobody fails alone, or most do, the network is at fault, and the run ends.
/// </remarks>
/// <param name="engine">The network.</param>
/// <param name="list">The utterances that are set aside.</param>
/// <param name="losses">The losses of the utterances over the epoch.</param>
/// <param name="deviations">See <see cref="Recipes.QuarantineRecipe.Deviations"/>.</param>
/// <param name="progress">The progress of the run, whose state holds the list.</param>
internal sealed class StepGuard(
    ITrainingEngine engine, QuarantineList list, UtteranceLosses losses, double deviations, TrainingProgress progress)
{
    // In a first epoch the network changes too much for losses to be compared.
    private const int FirstJudgedEpoch = 2;
    private const double LossLimit = 10;
    private const int FewUtterances = 4;
    private const string LossesVector = "quarantine.losses";

    /// <summary>Gets the utterances that are set aside.</summary>
    public QuarantineList List => list;

    /// <summary>Begins an epoch, or continues within one.</summary>
    public void BeginEpoch()
    {
        list.Restore(progress.State);
        engine.Watch(LimitOf(progress.State));
        if (progress.State.Step == 0)
            Array.Clear(losses.Sums);
    }

    /// <summary>Counts the losses of a batch that was trained on.</summary>
    public void Count(FrameBatch batch)
    {
        var each = engine.FrameLosses;
        if (!losses.IsUsable || batch.Rows.IsEmpty)
            return;

        for (var i = 0; i < each.Length; i++)
            losses.Add(list.UtteranceOf(batch.Rows[i]), each[i]);
    }

    /// <summary>Finds the utterances of a batch that cannot be trained on.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="targets">Gathers their targets; those of the batch are gone afterwards.</param>
    public List<Suspect> Trace(FrameBatch batch, TargetBatch targets)
    {
        var utterances = new SortedSet<int>();
        foreach (var row in batch.Rows)
            utterances.Add(list.UtteranceOf(row));

        var suspects = new List<Suspect>();
        foreach (var utterance in utterances)
        {
            var own = list.Only(batch, utterance);
            targets.Gather(own.Rows, own.Context);
            var result = engine.Probe(own, targets, out var isTrainable);
            if (!isTrainable)
                suspects.Add(SuspectOf(utterance, result));
        }

        return suspects.Count > FewUtterances && 2 * suspects.Count > utterances.Count ? [] : suspects;
    }

    /// <summary>Sets utterances aside.</summary>
    /// <param name="suspects">Those of all workers.</param>
    /// <param name="loss">The loss of the batch.</param>
    /// <exception cref="DivergedException">There are none, or a parameter is not finite: the network is at fault.</exception>
    /// <exception cref="InputException">More are set aside than the limits allow.</exception>
    public void SetAside(IReadOnlyCollection<Suspect> suspects, double loss)
    {
        if (suspects.Count == 0 || !float.IsFinite(TensorPrimitives.MaxMagnitude<float>(engine.CopyModel())))
            throw DivergedException.Untraced(loss, progress.State);

        progress.State = list.Add(progress.State, suspects);
    }

    /// <summary>Ends an epoch: sets aside the utterances whose losses are outliers, and were in the epoch before.</summary>
    /// <param name="pool">Sums numbers over all workers, in place.</param>
    /// <exception cref="InputException">More are set aside than the limits allow.</exception>
    public void EndEpoch(Action<float[]> pool)
    {
        Pool(pool);
        if (progress.State.Epoch < FirstJudgedEpoch)
            return;

        // While a network learns, an utterance may be an outlier once.
        var (epoch, before) = (progress.State.Epoch, progress.State.Doubtful);
        var outliers = losses.Outliers(deviations).ToDictionary(suspect => suspect, suspect => list.IdOf(suspect.Utterance));
        var firsts = outliers.Values.ToDictionary(id => id, id => before.GetValueOrDefault(id, epoch));
        progress.State = list.Add(
            progress.State with { Doubtful = firsts }, outliers.Where(one => firsts[one.Value] < epoch).Select(one => one.Key));
    }

    /// <summary>Sums the losses of all workers.</summary>
    /// <param name="pool">Sums numbers over all workers, in place.</param>
    public void Pool(Action<float[]> pool)
    {
        if (losses.IsUsable)
            pool(losses.Sums);
    }

    /// <summary>Adds to the vectors of a checkpoint within an epoch.</summary>
    public void Save(Dictionary<string, float[]> vectors) => vectors[LossesVector] = [.. losses.Sums];

    /// <summary>Continues from a checkpoint.</summary>
    public void Restore(Checkpoint from)
    {
        if (from.Vectors.GetValueOrDefault(LossesVector) is { } sums && sums.Length == losses.Sums.Length)
            sums.CopyTo(losses.Sums, 0);
    }

    private static double LimitOf(TrainingState state) =>
        state.History.Count > 0 ? LossLimit * Math.Max(1, Math.Abs(state.History[0].CvLoss)) : double.MaxValue;

    private Suspect SuspectOf(int utterance, BatchResult result)
    {
        var (loss, limit) = (result.Loss / Math.Max(1, result.Frames), LimitOf(progress.State));
        var kind = !double.IsFinite(loss) ? SuspectKind.Loss : Math.Abs(loss) > limit ? SuspectKind.Huge : SuspectKind.Gradient;
        return new(utterance, kind, loss, limit / LossLimit);
    }
}
