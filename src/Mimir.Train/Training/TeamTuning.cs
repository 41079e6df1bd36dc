using Mimir.Train.Checkpoints;
using Mimir.Train.Distribution;
using Mimir.Train.Tuning;

namespace Mimir.Train.Training;

/// <summary>Makes all workers of a run apply the coordinator's tuning decision at the same step.</summary>
/// <remarks>
/// The coordinator sends its decision to the others, and then the request Tune with the exchange of a step or block; who receives
/// the request takes the decision out of the mail. When the group has formed anew in between, some may have received it and
/// others not: then every decision that was sent holds at once. In asgd, which has no exchange of all, it holds on arrival.
/// </remarks>
/// <param name="tuning">Decides on requests and applies decisions.</param>
/// <param name="team">The workers.</param>
/// <param name="exchange">The update mode on the network.</param>
internal sealed class TeamTuning(RunTuning tuning, WorkerTeam team, ParameterExchange exchange)
{
    private int _generation = team.Group.Generation;
    private bool _isSent;

    private long? Blocks => exchange.Options.HasBlocks ? exchange.Blocks : null;

    /// <summary>Restores the schedule and the update mode's numbers of a run that continues.</summary>
    public void Restore(TrainingProgress progress)
    {
        _generation = team.Group.Generation;
        progress.Schedule = tuning.Restore(progress.State);
    }

    /// <summary>Sends a pending decision to the others, and returns the request that makes it hold.</summary>
    /// <param name="state">The position of the run.</param>
    public TeamRequest Request(TrainingState state)
    {
        if (!tuning.IsPending(state))
            return TeamRequest.None;

        if (!_isSent)
            team.SendDecision(tuning.Decision.Span);
        _isSent = true;
        return exchange.Options.IsAsynchronous ? TeamRequest.None : TeamRequest.Tune;
    }

    /// <summary>Applies the decision that is due before the next step.</summary>
    /// <param name="received">The requests received with the last exchange.</param>
    /// <param name="progress">The progress of the run, changed in place.</param>
    /// <returns>True when something has changed.</returns>
    public bool TryApply(TeamRequest received, TrainingProgress progress)
    {
        var formedAnew = _generation != team.Group.Generation;
        _generation = team.Group.Generation;
        if (formedAnew || exchange.Options.IsAsynchronous)
            return TryCatchUp(progress);

        return received.HasFlag(TeamRequest.Tune) && TryApplyNext(wait: true, progress);
    }

    /// <summary>Applies every decision that was sent, requested or not.</summary>
    /// <param name="progress">The progress of the run, changed in place.</param>
    /// <returns>True when something has changed.</returns>
    public bool TryCatchUp(TrainingProgress progress)
    {
        var any = false;
        while (TryApplyNext(wait: false, progress))
            any = true;

        return any;
    }

    private bool TryApplyNext(bool wait, TrainingProgress progress)
    {
        var decision = team.IsCoordinator ? Own() : team.ReceiveDecision(wait);
        if (decision is null)
            return false;

        (progress.State, progress.Schedule) = tuning.Apply(decision, progress.State, Blocks);
        _isSent = false;
        return true;
    }

    private byte[]? Own() => _isSent && !tuning.Decision.IsEmpty ? tuning.Decision.ToArray() : null;
}
