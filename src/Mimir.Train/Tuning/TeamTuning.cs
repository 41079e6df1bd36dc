using Mimir.Train.Checkpoints;
using Mimir.Train.Distribution;
using Mimir.Train.Schedules;

namespace Mimir.Train.Tuning;

/// <summary>Lets all workers of a run change at the same step what the first of them has decided.</summary>
/// <remarks>
/// The first worker sends its decision to the others, and then tells with the exchange of a step or block that it holds; who
/// hears that takes it out of the mail. When the team has formed anew in between, some may have heard and others not: then all
/// that was sent holds at once. In asgd, which has no exchange of all, it holds as soon as it is there.
/// </remarks>
/// <param name="tuning">What may change.</param>
/// <param name="team">Who trains together.</param>
/// <param name="exchange">Joins the workers' networks; null for one worker alone.</param>
public sealed class TeamTuning(RunTuning tuning, WorkerTeam team, ParameterExchange? exchange)
{
    private int _generation = team.Group.Generation;
    private bool _isSent;

    private long? Blocks => exchange is { HasBlocks: true } ? exchange.Blocks : null;

    /// <summary>The schedule of a run that begins or goes on.</summary>
    /// <param name="state">Where it stands.</param>
    public ISchedule Restore(TrainingState state)
    {
        _generation = team.Group.Generation;
        return tuning.Restore(state);
    }

    /// <summary>What the first worker wishes now that all hear: to change what it has sent, or nothing.</summary>
    /// <param name="state">Where training stands.</param>
    internal TeamRequest Wishes(TrainingState state)
    {
        if (!tuning.IsPending(state))
            return TeamRequest.None;

        if (!_isSent)
            team.Tell(tuning.Decision.Span);
        _isSent = true;
        return exchange is { TunesTogether: false } ? TeamRequest.None : TeamRequest.Tune;
    }

    /// <summary>Changes what is due before the next step.</summary>
    /// <param name="heard">What was heard last.</param>
    /// <param name="state">Where training stands.</param>
    /// <param name="schedule">The schedule.</param>
    /// <returns>Whether something has changed.</returns>
    internal bool TryApply(TeamRequest heard, ref TrainingState state, ref ISchedule schedule)
    {
        var formedAnew = _generation != team.Group.Generation;
        _generation = team.Group.Generation;
        if (formedAnew || exchange is { TunesTogether: false })
            return TryCatchUp(ref state, ref schedule);

        return heard.HasFlag(TeamRequest.Tune) && TryApplyNext(wait: true, ref state, ref schedule);
    }

    /// <summary>Changes all that was sent, heard of or not.</summary>
    /// <param name="state">Where training stands.</param>
    /// <param name="schedule">The schedule.</param>
    /// <returns>Whether something has changed.</returns>
    internal bool TryCatchUp(ref TrainingState state, ref ISchedule schedule)
    {
        var any = false;
        while (TryApplyNext(wait: false, ref state, ref schedule))
            any = true;

        return any;
    }

    private bool TryApplyNext(bool wait, ref TrainingState state, ref ISchedule schedule)
    {
        var decision = team.IsCoordinator ? Own() : team.TakeTold(wait);
        if (decision is null)
            return false;

        (state, schedule) = tuning.Apply(decision, state, Blocks);
        _isSent = false;
        return true;
    }

    private byte[]? Own() => _isSent && !tuning.Decision.IsEmpty ? tuning.Decision.ToArray() : null;
}
