using System.Text.Json;
using Mimir.Base;
using Mimir.Config;
using Mimir.Dist.Updates;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Schedules;

namespace Mimir.Train.Tuning;

/// <summary>Live tuning of the learning rate and other hyper-parameters: the training loop's side of <c>mimir tune</c>.</summary>
/// <remarks>
/// The coordinator looks for requests and decides; all workers, it too, apply the decision before the same step. Tuned values
/// are in <see cref="TrainingState"/>, so that a resumed run keeps them.
/// </remarks>
public sealed class RunTuning : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly TunedRecipe _recipe;
    private readonly TuneFolder? _folder;
    private readonly Action<UpdateOptions> _mode;
    private readonly Action<RunTuned> _log;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _began;
    private TuneDecision? _pending;
    private long _looked;

    /// <summary>Begins to look for requests.</summary>
    /// <param name="loaded">The recipe of the run.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="folder">The mailbox; null on other workers than the coordinator.</param>
    /// <param name="mode">Receives the changed options of the update mode.</param>
    /// <param name="log">Receives each change.</param>
    /// <param name="time">Paces the looking.</param>
    public RunTuning(
        LoadedRecipe loaded, int workers, TuneFolder? folder, Action<UpdateOptions> mode, Action<RunTuned> log, TimeProvider time)
    {
        _recipe = new(loaded, workers);
        (_folder, _mode, _log, _time) = (folder, mode, log, time);
        _began = time.GetUtcNow();
        _looked = time.GetTimestamp();
        folder?.Open();
    }

    /// <summary>Gets the pending decision as a message for the other workers; empty for none.</summary>
    public ReadOnlyMemory<byte> Decision =>
        _pending is null ? default : JsonSerializer.SerializeToUtf8Bytes(_pending, TuneJson.Readable.TuneDecision);

    /// <summary>True when a decision is pending; looks for requests at most once a second.</summary>
    /// <param name="state">The position of the run.</param>
    public bool IsPending(TrainingState state)
    {
        if (_pending is not null || _folder is null || _time.GetElapsedTime(_looked) < Pace)
            return _pending is not null;

        _looked = _time.GetTimestamp();
        while (_pending is null && _folder.Next() is var (number, request))
            Judge(number, request, state);

        return _pending is not null;
    }

    /// <summary>Applies a decision from the next step on.</summary>
    /// <param name="decision">The <see cref="Decision"/> of the coordinator.</param>
    /// <param name="state">The position of the run.</param>
    /// <param name="block">The blocks done, where workers meet in blocks.</param>
    /// <returns>The state with the changes, and the schedule.</returns>
    public (TrainingState State, ISchedule Schedule) Apply(ReadOnlySpan<byte> decision, TrainingState state, long? block = null)
    {
        var decided = JsonSerializer.Deserialize(decision, TuneJson.Readable.TuneDecision)
            ?? throw new InvalidDataException("worker 0 sent no decision of what to tune");
        var before = _recipe.With(state.Tuned);
        var ratePath = TunableKeys.RatePath(before);
        var tuned = new Dictionary<string, string>(state.Tuned);
        foreach (var (path, value) in decided.Changes.Where(change => change.Key != ratePath))
            tuned[path] = value;

        var (after, rate) = (_recipe.With(tuned), state.Schedule.Rate);
        var schedule = ISchedule.Of(after.Train);
        var next = state with { Tuned = tuned };
        if (decided.Changes.TryGetValue(ratePath, out var asked))
        {
            rate = _recipe.With(new Dictionary<string, string>(tuned) { [ratePath] = asked }).Train.Optimiser.Rate;
            next = next with { Schedule = schedule.WithRate(state.Schedule, rate) };
        }

        _mode(after.Distribute.Update);
        var happened = new RunTuned
        {
            Epoch = state.Epoch,
            EpochStep = state.Step + 1,
            Step = state.TotalSteps + 1,
            Block = block + 1,
            Changes = [.. decided.Changes.Keys.Select(path => path == ratePath
                ? new TunedValue(TunableKeys.Rate, NumberText.Format(state.Schedule.Rate), NumberText.Format(next.Schedule.Rate))
                : new TunedValue(
                    path[(path.LastIndexOf('.') + 1)..], TunableKeys.ValueOf(before, path), TunableKeys.ValueOf(after, path)))],
        };
        _log(happened);
        _pending = null;
        _folder?.Answer(decided.Request, new(true, happened.ToString()));
        return (next, schedule);
    }

    /// <summary>Restores the schedule and the update mode's numbers of a resumed run.</summary>
    /// <param name="state">The checkpoint's.</param>
    public ISchedule Restore(TrainingState state)
    {
        var recipe = _recipe.With(state.Tuned);
        _mode(recipe.Distribute.Update);
        return ISchedule.Of(recipe.Train);
    }

    /// <summary>Stops looking for requests; those that still wait are answered that it is too late.</summary>
    public void Dispose()
    {
        if (_folder is not { IsOpen: true })
            return;

        _folder.Close();
        while (_folder.Next() is var (number, _))
            _folder.Answer(number, new(false, "training has ended"));
    }

    private void Judge(int number, TuneRequest request, TrainingState state)
    {
        try
        {
            if (request.Asked < _began)
                throw new InputException("the run was started after this was asked; ask again");

            _pending = _recipe.Decide(number, request, state.Tuned);
        }
        catch (InputException error)
        {
            _folder?.Answer(number, new(false, error.Message));
        }
    }
}
