using Mimir.Base;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Quarantine;

/// <summary>The utterances of the training set that a run has set aside; the state of the run holds them.</summary>
/// <param name="limits">The most that may be set aside.</param>
/// <param name="utterances">The ids of the training set, in its order.</param>
/// <param name="before">The utterances that were set aside before training, which count too.</param>
/// <param name="added">Receives each utterance that is set aside.</param>
internal sealed class QuarantineList(
    QuarantineRecipe limits, IReadOnlyList<string> utterances, int before, Action<QuarantinedUtterance> added)
{
    private readonly string?[] _reasons = new string?[utterances.Count];
    private int[] _firstRows = [];
    private int _count;

    /// <summary>True when nothing is set aside.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>The id of an utterance.</summary>
    public string IdOf(int utterance) => utterances[utterance];

    /// <summary>The reason why an utterance is set aside, or null.</summary>
    public string? ReasonOf(int utterance) => _reasons[utterance];

    /// <summary>States the frames of each utterance in the table that batches are of.</summary>
    public void Lay(int[] lengths) => _firstRows = UtteranceOrder.FirstRows(lengths);

    /// <summary>The utterance of a row of the table.</summary>
    public int UtteranceOf(int row) => UtteranceOrder.Of(_firstRows, row);

    /// <summary>The part of a batch that is not set aside.</summary>
    public FrameBatch Filter(FrameBatch batch) =>
        IsEmpty ? batch : BatchFilter.Where(batch, row => _reasons[UtteranceOf(row)] is null);

    /// <summary>The part of a batch that is of one utterance, as if nothing were carried into it.</summary>
    public FrameBatch Only(FrameBatch batch, int utterance)
    {
        var own = BatchFilter.Where(batch, row => UtteranceOf(row) == utterance);
        return own.Sequences is { Streams.IsEmpty: false } layout ? new(own.Rows, new(layout.Lengths), own.Context) : own;
    }

    /// <summary>Takes over the utterances that a state holds.</summary>
    public void Restore(TrainingState state)
    {
        Array.Clear(_reasons);
        _count = 0;
        var places = utterances.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        foreach (var one in state.Quarantined.Where(one => places.ContainsKey(one.Utterance)))
            (_reasons[places[one.Utterance]], _count) = (one.Reason, _count + 1);
    }

    /// <summary>Sets utterances aside; those that are already count once.</summary>
    /// <param name="state">The position of the run.</param>
    /// <param name="suspects">The utterances.</param>
    /// <returns>The state with them.</returns>
    /// <exception cref="InputException">More are set aside than the limits allow.</exception>
    public TrainingState Add(TrainingState state, IEnumerable<Suspect> suspects)
    {
        var all = state.Quarantined.ToList();
        foreach (var suspect in suspects.Where(suspect => _reasons[suspect.Utterance] is null))
        {
            var one = new QuarantinedUtterance(utterances[suspect.Utterance], state.Epoch, state.TotalSteps + 1, suspect.Reason);
            _reasons[suspect.Utterance] = one.Reason;
            _count++;
            all.Add(one);
            added(one);
        }

        Demand(limits, before + _count, before + utterances.Count);
        return state with { Quarantined = all };
    }

    /// <summary>Refuses to go on when too much is set aside.</summary>
    /// <exception cref="InputException">More than the limits allow.</exception>
    public static void Demand(QuarantineRecipe limits, int count, int total)
    {
        if (count <= limits.MaxUtterances && count <= limits.MaxShare * total)
            return;

        throw new InputException(FormattableString.Invariant(
            $"{count} of {total} training utterances are set aside, more than train.quarantine allows (max-utterances ")
            + FormattableString.Invariant($"{limits.MaxUtterances}, max-share {limits.MaxShare}); the file 'quarantine' of the run lists ")
            + "them with reasons. Mend the data, lower the learning rate, or allow more.");
    }
}
