using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Losses;
using Mimir.Train.Recipes;
using Mimir.Train.Schedules;
using Mimir.Train.Training;

namespace Mimir.Train.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private const int Frames = 500;
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-trainer-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_learns_and_counts_every_frame_once_an_epoch()
    {
        var seen = new Watcher(_time);
        using var engine = new ToyEngine(Frames, 1);

        var result = Make(engine, "run", seen).Run(null, CancellationToken.None);

        Assert.False(result.Interrupted);
        Assert.NotNull(result.State.Schedule.Finished);
        Assert.All(seen.EpochFrames, frames => Assert.Equal(Frames, frames));
        Assert.Equal(1.0986, result.State.History[0].CvLoss, 1e-3);
        Assert.InRange(result.State.Schedule.BestLoss, 0, 0.6);
        Assert.Equal(seen.Epochs, result.State.History);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    [InlineData(77)]
    public void Run_killed_at_any_step_and_resumed_ends_with_the_same_bytes(int killAt)
    {
        using var whole = new ToyEngine(Frames, 1);
        var unbroken = Make(whole, "unbroken", new Watcher(_time)).Run(null, CancellationToken.None);

        using (var killed = new ToyEngine(Frames, 1))
            Assert.Throws<KilledException>(
                () => Make(killed, "broken", new Watcher(_time) { KillAt = killAt }).Run(null, CancellationToken.None));
        using var fresh = new ToyEngine(Frames, 1);
        var resumed = Make(fresh, "broken", new Watcher(_time)).Run(Store("broken").ReadNewest(Assert.Fail), CancellationToken.None);

        Assert.Equal(unbroken.Best, resumed.Best);
        Assert.Equal(unbroken.State.History, resumed.State.History);
        Assert.Equal(unbroken.State.Schedule, resumed.State.Schedule);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(29)]
    public void Run_asked_to_stop_saves_the_very_step_and_goes_on_from_it(int stopAt)
    {
        using var whole = new ToyEngine(Frames, 1);
        var unbroken = Make(whole, "unbroken", new Watcher(_time)).Run(null, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        using var engine = new ToyEngine(Frames, 1);

        var stopped = Make(engine, "stopped", new Watcher(_time) { Stop = stop, StopAt = stopAt }).Run(null, stop.Token);
        using var fresh = new ToyEngine(Frames, 1);
        var saved = Store("stopped").ReadNewest(Assert.Fail);
        var resumed = Make(fresh, "stopped", new Watcher(_time)).Run(saved, CancellationToken.None);

        Assert.True(stopped.Interrupted);
        Assert.Equal(stopAt, saved?.State.TotalSteps);
        Assert.Equal(unbroken.Best, resumed.Best);
    }

    [Fact]
    public void Run_whose_newest_checkpoint_is_damaged_resumes_from_the_one_before_to_the_same_bytes()
    {
        using var whole = new ToyEngine(Frames, 1);
        var unbroken = Make(whole, "unbroken", new Watcher(_time)).Run(null, CancellationToken.None);
        using (var killed = new ToyEngine(Frames, 1))
            Assert.Throws<KilledException>(
                () => Make(killed, "broken", new Watcher(_time) { KillAt = 45 }).Run(null, CancellationToken.None));
        File.WriteAllText(Path.Combine(_folder, "broken", Store("broken").List()[^1].ToString(), "model.f32"), "rubbish");

        var warnings = new List<string>();
        using var fresh = new ToyEngine(Frames, 1);
        var resumed = Make(fresh, "broken", new Watcher(_time)).Run(Store("broken").ReadNewest(warnings.Add), CancellationToken.None);

        Assert.Single(warnings);
        Assert.Equal(unbroken.Best, resumed.Best);
    }

    [Fact]
    public void Run_with_a_loss_that_is_not_a_number_stops_and_keeps_the_last_checkpoint()
    {
        using var engine = new ToyEngine(Frames, 1) { PoisonAt = 20 };

        var error = Assert.Throws<DivergedException>(() => Make(engine, "run", new Watcher(_time)).Run(null, CancellationToken.None));

        Assert.Contains("epoch 2, step 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("rate", error.Message, StringComparison.Ordinal);
        Assert.Equal((2, 0), (Store("run").ReadNewest(Assert.Fail)?.State.Epoch, Store("run").ReadNewest(Assert.Fail)?.State.Step));
    }

    [Fact]
    public void Run_starts_every_epoch_of_newbob_from_the_best_network()
    {
        using var engine = new ToyEngine(Frames, 1);
        var result = Make(engine, "run", new Watcher(_time), new Newbob(2, new NewbobRecipe { MaxEpochs = 6 }))
            .Run(null, CancellationToken.None);

        engine.SetModel(result.Best);
        var (loss, rows) = (0.0, Enumerable.Range(0, Frames).ToArray());
        var batch = new TargetBatch(FrameTargets.FromClasses(engine.Targets));
        batch.Gather(rows);
        loss += engine.Validate(new(rows), batch).Loss;

        Assert.Contains(result.State.History.Skip(1), epoch => !epoch.Accepted);
        Assert.Equal(result.State.Schedule.BestLoss, loss / Frames, 1e-5);
    }

    private CheckpointStore Store(string run) => new(Path.Combine(_folder, run));

    private Trainer Make(ToyEngine engine, string run, Watcher watcher, ISchedule? schedule = null)
    {
        var lengths = Enumerable.Repeat(25, Frames / 25).ToArray();
        var targets = FrameTargets.FromClasses(engine.Targets);
        var progress = new TrainingProgress("f", schedule ?? new Newbob(0.02, new NewbobRecipe { MaxEpochs = 8 }));
        var session = new SoloSession(engine, progress);
        return new Trainer(
            engine,
            session,
            progress,
            new FixedEpochs(new FrameShuffler(lengths, new BatchRecipe { Frames = 32, ShuffleWindow = 100 }, 3)),
            targets,
            new(engine, session, BatchDealers.ForEvaluation(lengths, sequences: null), targets, watcher),
            new(engine, session, Store(run), new(Every: TimeSpan.FromMinutes(7), Keep: 3), watcher, _time),
            watcher);
    }

    private sealed class KilledException : Exception;

    // A minute passes with every step.
    private sealed class Watcher(ManualTime time) : ITrainerObserver
    {
        public int KillAt { get; init; } = -1;

        public int StopAt { get; init; } = -1;

        public CancellationTokenSource? Stop { get; init; }

        public List<EpochRecord> Epochs { get; } = [];

        public List<double> EpochFrames { get; } = [];

        private double _frames;

        public void StepDone(TrainingState state, BatchResult batch)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            _frames = state.Totals.Frames;
            if (state.TotalSteps == KillAt)
                throw new KilledException();
            if (state.TotalSteps == StopAt)
                Stop?.Cancel();
        }

        public void Validating(int epoch, EpochTotals totals)
        {
        }

        public void EpochDone(EpochRecord record, TrainingState state)
        {
            Epochs.Add(record);
            if (record.Epoch > 0)
                EpochFrames.Add(_frames);
        }

        public void Averaged(AverageRecord record)
        {
        }

        public void CheckpointWritten(string folder)
        {
        }
    }
}
