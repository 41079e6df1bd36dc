using Microsoft.Extensions.Logging.Abstractions;
using Mimir.Base;
using Mimir.Dist.Data.Ledgers;
using Mimir.Dist.Transports;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Losses;
using Mimir.Train.Quarantine;
using Mimir.Train.Schedules;
using Mimir.Train.Training;
using Mimir.Train.Tuning;

namespace Mimir.Train.Tests.Training;

/// <summary>Training on a corpus with utterances that only show in a step: two are NaN and infinite, past every check before it.</summary>
public sealed class StepGuardTests : IDisposable
{
    private const int Dim = 3;
    private const int Classes = 2;
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 24).Select(i => 20 + (i * 13 % 30))];
    private static readonly int[] Poisoned = [4, 17];
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-guard-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("frames: 32")]
    [InlineData("unit: utterances, frames: 120")]
    public async Task A_step_that_is_undone_leaves_no_trace(string batch)
    {
        var traced = await Job(1, "sync", batch, "traced", known: []);
        var known = await Job(1, "sync", batch, "known", Poisoned);

        // Who knew from the beginning never saw the two: batch normalisation, momentum and dropout are where they were.
        Assert.Equal(["u17", "u4"], traced[0].State.Quarantined.Select(one => one.Utterance).Order());
        Assert.Equal(known[0].Best, traced[0].Best);
        Assert.Equal(known[0].State.History, traced[0].State.History);
    }

    [Theory]
    [InlineData("frames: 32")]
    [InlineData("unit: utterances, frames: 120")]
    public async Task Workers_that_step_together_undo_together(string batch)
    {
        const string Plain = "{affine: {dim: 8}}";
        var traced = await Job(2, "sync", batch, "traced", known: [], layer: Plain);
        var known = await Job(2, "sync", batch, "known", Poisoned, layer: Plain);

        // What is left of a batch is shared in another way than had it been known, so sums differ in rounding.
        Assert.Equal(["u17", "u4"], traced[0].State.Quarantined.Select(one => one.Utterance).Order());
        Assert.All(known[0].Best.Zip(traced[0].Best), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Equal(traced[0].Best, traced[1].Best);
        AssertLedger("traced");
    }

    [Theory]
    [InlineData("{ma: {period-frames: 64}}", "frames: 32")]
    [InlineData("{bmuf: {period-frames: 64}}", "unit: utterances, frames: 120")]
    [InlineData("{ma: {period-frames: 64}}", "unit: chunks, streams: 3, chunk: 10")]
    [InlineData("asgd", "frames: 32")]
    public async Task Workers_with_steps_of_their_own_undo_them_alone_and_end_with_one_list(string update, string batch)
    {
        var results = await Job(2, update, batch, "run", known: []);

        Assert.All(results, result => Assert.Equal(["u17", "u4"], result.State.Quarantined.Select(one => one.Utterance).Order()));
        Assert.Equal(results[0].Best, results[1].Best);
        AssertLedger("run");
    }

    [Fact]
    public async Task A_network_that_fails_everywhere_is_not_blamed_on_utterances()
    {
        var error = await Assert.ThrowsAsync<DivergedException>(() => Job(1, "sync", "frames: 32", "run", known: [], rate: 1e30));

        Assert.Contains("learning rate", error.Message, StringComparison.Ordinal);
    }

    private void AssertLedger(string run)
    {
        var audit = LedgerAudit.Run(Path.Combine(_folder, run));
        Assert.True(audit.Sound, audit.ToText(10));
        Assert.All(audit.Epochs, epoch => Assert.Equal(["u17", "u4"], epoch.Dropped.Select(one => one.Utterance).Order()));
    }

    private async Task<TrainerResult[]> Job(
        int workers, string update, string batch, string run, int[] known, double rate = 0.02,
        string layer = "{affine: {dim: 8, batch-norm: true, dropout: 0.1}}")
    {
        var transports = InProcessTransport.Create(workers, TimeSpan.FromSeconds(30));
        return await Task.WhenAll(transports.Select(transport => Task.Factory.StartNew(
            () =>
            {
                using var team = WorkerTeam.Of(transport);
                return Train(team, update, batch, run, known, rate, layer);
            },
            TaskCreationOptions.LongRunning)));
    }

    private TrainerResult Train(WorkerTeam team, string update, string batch, string run, int[] known, double rate, string layer)
    {
        var loaded = Some.Read(
            Some.Recipe, $"distribute.update={update}", $"train.batch={{{batch}}}", "train.schedule={constant: {epochs: 3}}",
            FormattableString.Invariant($"train.optimiser={{sgd: {{rate: {rate}, momentum: 0.5}}}}"), "train.device=cpu",
            "features.normalise=none", $"model=[{layer}, {{softmax: {{}}}}]");
        var (recipe, corpus, clean) = (loaded.Recipe, Corpus(Poisoned), Corpus([]));
        var targets = corpus.Targets ?? throw new InvalidOperationException();
        Directory.CreateDirectory(Path.Combine(_folder, run));
        var setup = team.IsAlone ? null : UpdateSetup.Of(recipe, team);
        using var engine = RecipeBuilder.Engine(
            recipe, RecipeBuilder.Graph(recipe, clean, Classes), corpus, RecipeBuilder.Frames(recipe, corpus), clean, team.Rank,
            DataShares.StreamsOf(recipe.Train.Batch, setup?.Options, team), setup?.Scale);
        var progress = new TrainingProgress("f", ISchedule.Of(recipe.Train));
        progress.State = progress.State with { Quarantined = [.. known.Select(u => new QuarantinedUtterance($"u{u}", 0, 0, "known"))] };
        var list = new QuarantineList(new() { MaxShare = 0.5 }, corpus.Utterances, 0, _ => { });
        var guard = new StepGuard(engine, list, new(corpus, Classes), 8, progress);
        var exchange = setup?.Join(engine.Graph, (options, context, _) => options.Create(context));
        using var tuning = new RunTuning(loaded, team.Size, null, _ => { }, _ => { }, TimeProvider.System);
        using ITeamSession session = exchange is null
            ? new SoloSession(engine, progress, guard: guard)
            : new TeamSession(
                team, engine, exchange,
                new DataShares(
                    team, exchange.Options, leasesInTurn: true, recipe, corpus, Path.Combine(_folder, run), null,
                    TimeProvider.System, NullLogger.Instance, list),
                tuning, progress, Assert.Fail, guard);
        var observer = new Watcher();
        var validation = session.ShareOfValidation(BatchDealers.ForValidation(recipe, clean, needsSequences: false));
        return new Trainer(
            engine, session, progress,
            new FixedEpochs(session.ShareOf(BatchDealers.ForTraining(recipe, corpus), corpus.Lengths)),
            targets,
            new(engine, session, validation, targets, observer),
            new(
                engine, session, new(Path.Combine(_folder, run, "checkpoints")), new(TimeSpan.Zero, Keep: 2), observer,
                TimeProvider.System),
            observer).Run(null, CancellationToken.None);
    }

    private static FrameCorpus Corpus(int[] poisoned)
    {
        var random = SeededRandom.Of(5, 0);
        int[] classes = [.. Enumerable.Range(0, Lengths.Sum()).Select(_ => random.Below(Classes))];
        float[] features = [.. classes.SelectMany(target => new[] { target == 0 ? -1f : 1f, random.Below(100) / 100f, 0.5f })];
        foreach (var utterance in poisoned)
        {
            var first = Lengths.Take(utterance).Sum() * Dim;
            features.AsSpan(first, Lengths[utterance] * Dim).Fill(utterance == poisoned[0] ? float.NaN : float.PositiveInfinity);
        }

        return new(
            [.. Lengths.Select((_, i) => $"u{i}")], Lengths, Dim, features, FrameTargets.FromClasses(classes),
            new("train", Lengths.Length, []));
    }

    private sealed class Watcher : ITrainerObserver
    {
        public void StepDone(TrainingState state, BatchResult batch)
        {
        }

        public void Validating(int epoch, EpochTotals totals)
        {
        }

        public void EpochDone(EpochRecord record, TrainingState state)
        {
        }

        public void Averaged(AverageRecord average)
        {
        }

        public void CheckpointWritten(string folder)
        {
        }
    }
}
