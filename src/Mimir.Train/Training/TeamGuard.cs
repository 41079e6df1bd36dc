using Mimir.Train.Data;
using Mimir.Train.Losses;
using Mimir.Train.Quarantine;

namespace Mimir.Train.Training;

/// <summary>Undoes the steps of several workers, and makes what they set aside one list.</summary>
/// <remarks>
/// Where gradients are summed, a step is undone on all workers or on none: the one that cannot train on its share sends zeros with the
/// request Undo, which arrives with the same sum, and before any worker steps. In the other modes a worker's steps are its own until
/// its model is exchanged, so it undoes one alone, and the others hear of it at the end of the epoch.
/// </remarks>
/// <param name="engine">This worker's network.</param>
/// <param name="guard">Finds what to set aside.</param>
/// <param name="gather">Gathers numbers of all workers, one after another by rank.</param>
/// <param name="isCoordinator">True for the worker whose checkpoint holds the losses of all.</param>
internal sealed class TeamGuard(GraphEngine engine, StepGuard guard, Func<double[], double[]> gather, bool isCoordinator)
{
    private const int SuspectsOfMessage = 8;
    private const int PooledNumbers = 2048;
    private const int None = -1;

    private readonly List<Suspect> _own = [];

    /// <summary>Gets what finds the utterances.</summary>
    public StepGuard Guard => guard;

    /// <summary>Sets aside what keeps this worker alone from training on a batch, which is undone.</summary>
    /// <param name="batch">The batch; replaced by what is left of it, and the targets too.</param>
    /// <param name="targets">Gathers targets.</param>
    /// <param name="result">The result of the batch.</param>
    /// <returns>False when nothing is left of the batch.</returns>
    public bool TrySetAsideAlone(ref FrameBatch batch, TargetBatch targets, BatchResult result)
    {
        if (!result.IsUndone)
            engine.UndoPass();

        var suspects = guard.Trace(batch, targets);
        guard.SetAside(suspects, result.Loss);
        _own.AddRange(suspects);
        Reduce(ref batch, targets);
        return !batch.Rows.IsEmpty;
    }

    /// <summary>Sets aside what keeps any of the workers from a step that they take together, which is undone on all.</summary>
    /// <param name="batch">This worker's share; replaced by what is left of it, and the targets too.</param>
    /// <param name="targets">Gathers targets.</param>
    /// <param name="result">The result of this worker's share, which may be sound.</param>
    /// <param name="isBroken">True when the sum of the gradients is not finite, so that each share may be the cause.</param>
    /// <returns>False when nothing is left of the shares of all workers.</returns>
    public bool TrySetAsideTogether(ref FrameBatch batch, TargetBatch targets, BatchResult result, bool isBroken)
    {
        if (!batch.Rows.IsEmpty && !result.IsUndone)
            engine.UndoPass();

        List<Suspect> own = !batch.Rows.IsEmpty && (result.IsUndone || isBroken) ? guard.Trace(batch, targets) : [];
        guard.SetAside(Exchange(own), result.Loss);
        Reduce(ref batch, targets);
        return gather([batch.Rows.Length]).Any(rows => rows > 0);
    }

    /// <summary>Ends an epoch: all workers know what each has set aside, and judge the losses of all.</summary>
    public void EndEpoch()
    {
        for (var first = 0; gather([_own.Count]).Max() > first; first += SuspectsOfMessage)
        {
            if (Exchange(_own.Skip(first).Take(SuspectsOfMessage)) is { Count: > 0 } suspects)
                guard.SetAside(suspects, 0);
        }

        _own.Clear();
        guard.EndEpoch(sums => Pool(sums, isKept: true));
    }

    /// <summary>Gives the coordinator the losses of all, before it writes a checkpoint.</summary>
    public void Pool() => guard.Pool(sums => Pool(sums, isKept: isCoordinator));

    private void Reduce(ref FrameBatch batch, TargetBatch targets)
    {
        batch = guard.List.Filter(batch);
        targets.Gather(batch.Rows);
    }

    // More than fit into a message show when the rest of the batch is tried again.
    private List<Suspect> Exchange(IEnumerable<Suspect> own)
    {
        var numbers = own.Take(SuspectsOfMessage).SelectMany(suspect => suspect.ToNumbers()).ToList();
        while (numbers.Count < SuspectsOfMessage * Suspect.Numbers)
            numbers.Add(None);

        return [.. gather([.. numbers]).Chunk(Suspect.Numbers).Where(one => one[0] > None).Select(one => Suspect.FromNumbers(one))];
    }

    // The order of the additions is that of the ranks.
    private void Pool(float[] sums, bool isKept)
    {
        for (var first = 0; first < sums.Length; first += PooledNumbers)
        {
            var part = sums.AsSpan(first, Math.Min(PooledNumbers, sums.Length - first));
            double[] own = new double[part.Length];
            for (var i = 0; i < own.Length; i++)
                own[i] = part[i];

            part.Clear();
            foreach (var one in gather(own).Chunk(own.Length))
            {
                for (var i = 0; i < one.Length && isKept; i++)
                    part[i] += (float)one[i];
            }
        }
    }
}
