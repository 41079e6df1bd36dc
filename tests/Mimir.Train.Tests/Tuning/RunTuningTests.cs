using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Train.Checkpoints;
using Mimir.Train.Reports;
using Mimir.Train.Schedules;
using Mimir.Train.Tests.Training;
using Mimir.Train.Tuning;

namespace Mimir.Train.Tests.Tuning;

public sealed class RunTuningTests : IDisposable
{
    private readonly string _run = Directory.CreateTempSubdirectory("mimir-tune-").FullName;
    private readonly ManualTime _time = new();
    private readonly List<RunTuned> _log = [];
    private readonly List<UpdateOptions> _modes = [];
    private readonly TuneFolder _folder;

    public RunTuningTests() => _folder = new(_run);

    public void Dispose() => Directory.Delete(_run, recursive: true);

    [Fact]
    public void The_rate_changes_from_the_next_step_on_and_the_asker_is_told()
    {
        using var tuning = Make(workers: 1);
        var state = At(epoch: 3, step: 1239, rate: 0.004);
        var asked = Ask("rate=0.002");

        var early = tuning.IsPending(state);
        _time.Advance(TimeSpan.FromSeconds(1));
        var pending = tuning.IsPending(state);
        var (next, _) = tuning.Apply(tuning.Decision.Span, state);

        Assert.Equal((false, true, false), (early, pending, tuning.IsPending(state)));
        Assert.Equal(0.002, next.Schedule.Rate);
        Assert.Empty(next.Tuned);
        Assert.Equal(new TuneAnswer(true, "rate 0.004 -> 0.002 from epoch 3, step 1240 on"), _folder.AnswerTo(asked));
        Assert.Equal((3, 1240, 5240L, null), (_log[0].Epoch, _log[0].EpochStep, _log[0].Step, _log[0].Block));
    }

    [Fact]
    public void What_the_others_get_changes_the_same_on_them()
    {
        using var first = Make(2, "distribute.update=bmuf");
        using var other = new RunTuning(Some.Read(Some.Recipe, "distribute.update=bmuf"), 2, null, _modes.Add, _log.Add, _time);
        var state = At(epoch: 2, step: 9, rate: 0.008);
        Ask("block-momentum=0.75", "distribute.update.bmuf.period-frames=5000", "end-halving=0.002");

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(first.IsPending(state));
        var decision = first.Decision.ToArray();
        var (mine, _) = first.Apply(decision, state, block: 4);
        var (theirs, schedule) = other.Apply(decision, state with { Step = 8 }, block: 4);

        Assert.Equal(mine.Tuned, theirs.Tuned);
        Assert.Equal(_modes[0], _modes[1]);
        Assert.Equal(new BmufOptions { BlockMomentum = 0.75, PeriodFrames = 5000 }, _modes[1]);
        Assert.Equal(
            "block-momentum default -> 0.75, period-frames 25600 -> 5000, end-halving 0.001 -> 0.002 from epoch 2, step 10 on (block 5)",
            _log[0].ToString());
        Assert.Equal(5, _log[1].Block);

        // An improvement of 0.0015 ends a run that halves; it would not have before.
        var halving = new ScheduleState { Epoch = 5, Rate = 0.001, BestLoss = 1, Halving = true };
        Assert.NotNull(schedule.After(halving, 0.9985).Finished);
        Assert.NotNull(other.Restore(theirs).After(halving, 0.9985).Finished);
        Assert.Equal(_modes[0], _modes[^1]);
    }

    [Theory]
    [InlineData("rate=-1", "rate=-1", "a number above 0")]
    [InlineData("rate=nan", "rate=nan", "a number above 0")]
    [InlineData("rate=fast", "rate=fast", "expected a number")]
    [InlineData("rate", "rate: expected key=value")]
    [InlineData("rat=0.1", "'rat' cannot be changed", "'rate'")]
    [InlineData("seed=3", "'seed' cannot be changed", "known are rate")]
    [InlineData("train.batch.frames=3", "'train.batch.frames' cannot be changed")]
    [InlineData("block-momentum=0.5", "'block-momentum' cannot be changed")]
    [InlineData("max-epochs=-1", "max-epochs", "a whole number")]
    [InlineData("min-epochs=30", "min-epochs", "at most max-epochs, 20")]
    public void What_cannot_be_is_refused_and_changes_nothing(string change, params string[] words)
    {
        using var tuning = Make(workers: 1);
        var asked = Ask(change);

        _time.Advance(TimeSpan.FromSeconds(1));
        var pending = tuning.IsPending(At(1, 1, 0.008));

        Assert.False(pending);
        Assert.True(tuning.Decision.IsEmpty);
        var answer = _folder.AnswerTo(asked);
        Assert.False(answer?.Accepted);
        Assert.All(words, word => Assert.Contains(word, answer?.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_changes_of_one_key_are_refused()
    {
        using var tuning = Make(workers: 1);
        var asked = Ask("rate=0.1", "rate=0.2");

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(tuning.IsPending(At(1, 1, 0.008)));
        Assert.Contains("twice", _folder.AnswerTo(asked)?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_asked_before_the_run_or_comes_too_late_is_refused()
    {
        var before = Ask("rate=0.1");
        _time.Advance(TimeSpan.FromSeconds(5));
        var tuning = Make(workers: 1);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(tuning.IsPending(At(1, 1, 0.008)));
        var late = Ask("rate=0.1");
        tuning.Dispose();

        Assert.Contains("ask again", _folder.AnswerTo(before)?.Message, StringComparison.Ordinal);
        Assert.Equal("training has ended", _folder.AnswerTo(late)?.Message);
        Assert.False(_folder.IsOpen);
    }

    [Fact]
    public void A_tuned_rate_goes_on_to_fall_as_it_would_have()
    {
        var exponential = new Exponential(0.1, 0.001, epochs: 3);
        ISchedule constant = new Constant(0.1, 5);

        var tuned = exponential.WithRate(exponential.After(exponential.Start(5), 4), 0.02);

        Assert.Equal(0.02, tuned.Rate, 12);
        Assert.Equal(0.002, exponential.After(tuned, 3).Rate, 12);
        Assert.Equal(0.03, constant.After(constant.WithRate(constant.Start(5), 0.03), 4).Rate, 12);
        Assert.Equal(0.01, exponential.After(exponential.Start(5), 4).Rate, 12);
    }

    private RunTuning Make(int workers, params string[] overrides) =>
        new(Some.Read(Some.Recipe, overrides), workers, _folder, _modes.Add, _log.Add, _time);

    private int Ask(params string[] changes) => _folder.Post(new(_time.GetUtcNow(), changes));

    private static TrainingState At(int epoch, int step, double rate) => new()
    {
        Fingerprint = "f",
        Epoch = epoch,
        Step = step,
        TotalSteps = 4000 + step,
        Schedule = new() { Rate = rate },
    };
}
