using Microsoft.Extensions.Logging.Abstractions;
using Mimir.Base;
using Mimir.Dist.Transports;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Losses;
using Mimir.Train.Schedules;
using Mimir.Train.Training;
using Mimir.Train.Tuning;

namespace Mimir.Train.Tests.Training;

/// <summary>The training loop of several workers, joined in this process.</summary>
public sealed class TeamSessionTests : IDisposable
{
    private const int Dim = 3;
    private const int Classes = 2;
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 12).Select(i => 20 + (i * 13 % 30))];

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-team-").FullName;
    private readonly List<string> _warnings = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("sync")]
    [InlineData("{ma: {period-frames: 64}}")]
    [InlineData("{bmuf: {period-frames: 64}}")]
    public async Task Workers_end_with_the_same_network_and_history(string update)
    {
        var results = await Job(2, update, "run");

        Assert.All(results, result => Assert.False(result?.Interrupted));
        Assert.Equal(results[0]?.Best, results[1]?.Best);
        Assert.Equal(results[0]?.State.History, results[1]?.State.History);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Workers_that_step_together_learn_what_one_learns()
    {
        var one = await Job(1, "sync", "one");
        var three = await Job(3, "sync", "three");

        Assert.Equal(one[0]?.State.TotalSteps, three[0]?.State.TotalSteps);
        Assert.All(Model(one[0]).Zip(Model(three[0])), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public async Task All_stop_where_one_asks_and_go_on_from_there_to_the_same_network()
    {
        var unbroken = await Job(2, "sync", "unbroken");

        var stopped = await Job(2, "sync", "stopped", StopSecondAtThird);
        var resumed = await Job(2, "sync", "stopped");

        Assert.All(stopped, result => Assert.True(result?.Interrupted));
        Assert.InRange(stopped[0]?.State.TotalSteps ?? 0, 3, 5);
        Assert.Equal(stopped[0]?.State.TotalSteps, stopped[1]?.State.TotalSteps);
        Assert.Equal(unbroken[0]?.Best, resumed[0]?.Best);
    }

    [Fact]
    public async Task All_stop_at_the_block_that_one_asks_in_and_go_on_with_the_rest_of_the_epoch()
    {
        const string Update = "{ma: {period-frames: 64}}";

        var stopped = await Job(2, Update, "run", StopSecondAtThird);
        var resumed = await Job(2, Update, "run");

        Assert.All(stopped, result => Assert.True(result?.Interrupted));
        Assert.Equal(1, stopped[0]?.State.Epoch);
        Assert.All(resumed, result => Assert.False(result?.Interrupted));
        Assert.Equal(resumed[0]?.Best, resumed[1]?.Best);
    }

    [Fact]
    public async Task The_others_go_on_when_a_worker_is_lost()
    {
        var results = await Job(3, "{ma: {period-frames: 64}}", "run", (rank, step, _) =>
        {
            if ((rank, step) == (2, 2))
                throw new LostException();
        });

        Assert.Null(results[2]);
        Assert.False(results[0]?.Interrupted);
        Assert.Equal(results[0]?.Best, results[1]?.Best);
        Assert.Contains(_warnings, line => line.StartsWith("worker 2 is lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_that_comes_back_within_an_epoch_of_one_block_is_let_in_once()
    {
        const string Update = "{ma: {period-frames: 100000}}";
        var transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(60));
        using var isBack = new ManualResetEventSlim();
        var first = Start(transports[0], Update, step =>
        {
            // The worker that comes back asks while the only block of an epoch is still to come.
            if (step == 3)
                isBack.Wait();
            if (step > 3)
                Thread.Sleep(20);
        });
        var second = Start(transports[1], Update, step =>
        {
            if (step == 2)
                throw new LostException();
        });

        Assert.Null(await second);
        var again = Start(transports[1].Restart(), Update, _ => { }, isBack.Set);

        Assert.Equal((await first)?.Best, (await again)?.Best);
    }

    private Task<TrainerResult?> Start(ITransport transport, string update, Action<long> afterStep, Action? comesBack = null) =>
        Task.Factory.StartNew(
            () =>
            {
                using var team = WorkerTeam.Of(transport, isRejoining: comesBack is not null);
                try
                {
                    return Train(team, update, "run", afterStep, CancellationToken.None, epochs: 20, comesBack);
                }
                catch (LostException)
                {
                    return null;
                }
            },
            TaskCreationOptions.LongRunning);

    private static void StopSecondAtThird(int rank, long step, CancellationTokenSource stop)
    {
        if ((rank, step) == (1, 3))
            stop.Cancel();
    }

    // The result of each worker; null for a lost one.
    private async Task<TrainerResult?[]> Job(
        int workers, string update, string run, Action<int, long, CancellationTokenSource>? afterStep = null)
    {
        var transports = InProcessTransport.Create(workers, TimeSpan.FromSeconds(30));
        return await Task.WhenAll(transports.Select(transport => Task.Factory.StartNew(
            () =>
            {
                using var team = WorkerTeam.Of(transport);
                try
                {
                    // Only the worker that asks is told to stop; the others hear of it from the session.
                    using var own = new CancellationTokenSource();
                    return Train(team, update, run, step => afterStep?.Invoke(transport.Rank, step, own), own.Token);
                }
                catch (LostException)
                {
                    return null;
                }
            },
            TaskCreationOptions.LongRunning)));
    }

    private TrainerResult Train(
        WorkerTeam team, string update, string run, Action<long> afterStep, CancellationToken cancellation, int epochs = 2,
        Action? begins = null)
    {
        var loaded = Some.Read(
            Some.Recipe, $"distribute.update={update}", "train.batch.frames=32", $"train.schedule={{constant: {{epochs: {epochs}}}}}",
            "train.optimiser={sgd: {rate: 0.02}}", "train.device=cpu");
        var (recipe, corpus) = (loaded.Recipe, Corpus());
        var targets = corpus.Targets ?? throw new InvalidOperationException();
        Directory.CreateDirectory(Path.Combine(_folder, run));
        var store = new CheckpointStore(Path.Combine(_folder, run, "checkpoints"));
        var from = team.Broadcast(team.IsCoordinator ? store.ReadNewest(Assert.Fail) : null);

        var setup = team.IsAlone ? null : UpdateSetup.Of(recipe, team);
        using var engine = RecipeBuilder.Engine(
            recipe, RecipeBuilder.Graph(recipe, corpus, Classes), corpus, RecipeBuilder.Frames(recipe, corpus), corpus, team.Rank,
            streams: 0, setup?.Scale);
        var progress = new TrainingProgress("f", ISchedule.Of(recipe.Train));
        var exchange = setup?.Join(engine.Graph, (options, context, _) => options.Create(context));
        using var tuning = new RunTuning(loaded, team.Size, null, _ => { }, _ => { }, TimeProvider.System);
        using ITeamSession session = exchange is null
            ? new SoloSession(engine, progress)
            : new TeamSession(
                team, engine, exchange,
                new DataShares(
                    team, exchange.Options, leasesInTurn: true, recipe, corpus, Path.Combine(_folder, run), from?.State,
                    TimeProvider.System, NullLogger.Instance),
                tuning, progress, Warn);

        var observer = new Observer(afterStep);
        var validation = session.ShareOfValidation(BatchDealers.ForValidation(recipe, corpus, needsSequences: false));
        var trainer = new Trainer(
            engine, session, progress,
            new FixedEpochs(session.ShareOf(BatchDealers.ForTraining(recipe, corpus), corpus.Lengths)),
            targets,
            new(engine, session, validation, targets, observer),
            new(engine, session, store, new(TimeSpan.Zero, Keep: 2), observer, TimeProvider.System),
            observer);
        begins?.Invoke();
        return trainer.Run(from, cancellation);
    }

    private void Warn(string line)
    {
        lock (_warnings)
            _warnings.Add(line);
    }

    private static float[] Model(TrainerResult? result) => result?.Best ?? throw new InvalidOperationException();

    private static FrameCorpus Corpus()
    {
        var random = SeededRandom.Of(5, 0);
        int[] classes = [.. Enumerable.Range(0, Lengths.Sum()).Select(_ => random.Below(Classes))];
        float[] features = [.. classes.SelectMany(target => new[] { target == 0 ? -1f : 1f, random.Below(100) / 100f, 0.5f })];
        return new(
            [.. Lengths.Select((_, i) => $"u{i}")], Lengths, Dim, features, FrameTargets.FromClasses(classes),
            new("train", Lengths.Length, []));
    }

    private sealed class LostException : Exception;

    private sealed class Observer(Action<long> afterStep) : ITrainerObserver
    {
        public void StepDone(TrainingState state, BatchResult batch) => afterStep(state.TotalSteps);

        public void Validating(int epoch, EpochTotals totals)
        {
        }

        public void EpochDone(EpochRecord record, TrainingState state)
        {
        }

        public void Averaged(AverageRecord record)
        {
        }

        public void CheckpointWritten(string folder)
        {
        }
    }
}
