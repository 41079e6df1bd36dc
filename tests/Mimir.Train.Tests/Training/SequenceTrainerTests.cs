using Mimir.Base;
using Mimir.Core.Optimisers;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Layers;
using Mimir.Train.Losses;
using Mimir.Train.Recipes;
using Mimir.Train.Schedules;
using Mimir.Train.Training;

namespace Mimir.Train.Tests.Training;

/// <summary>The training loop over a small recurrent network, killed where its streams are in the middle of utterances.</summary>
public sealed class SequenceTrainerTests : IDisposable
{
    private const int Dim = 3;
    private const int Classes = 2;
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 12).Select(i => 5 + (i * 13 % 30))];

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-sequences-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(BatchUnit.Chunks, 0, 1)]
    [InlineData(BatchUnit.Chunks, 0, 9)]
    [InlineData(BatchUnit.Chunks, 0.9, 20)]
    [InlineData(BatchUnit.Utterances, 0.9, 4)]
    public void Run_killed_in_mid_epoch_and_resumed_ends_with_the_same_bytes(BatchUnit unit, double momentum, int killAt)
    {
        var recipe = RecipeOf(unit, momentum);
        var unbroken = Run(recipe, "unbroken", -1);

        Assert.Throws<KilledException>(() => Run(recipe, "broken", killAt));
        var place = Store("broken").ReadNewest(Assert.Fail);
        var resumed = Run(recipe, "broken", -1);

        Assert.Equal(killAt - 1, place?.State.TotalSteps);
        Assert.Equal(unit == BatchUnit.Chunks && place?.State.Step > 0, place?.Vectors.ContainsKey("state.lstm1"));
        Assert.Equal(unbroken.Best, resumed.Best);
        Assert.Equal(unbroken.State.History, resumed.State.History);
    }

    [Fact]
    public void Run_counts_frames_of_weight_0_nowhere_but_the_network_sees_them()
    {
        float[] weights = [.. Enumerable.Range(0, Lengths.Sum()).Select(frame => frame % 3 == 0 ? 0f : 1f)];
        var (recipe, other) = (RecipeOf(BatchUnit.Chunks, 0.9), Features());
        for (var frame = 0; frame < weights.Length; frame += 3)
            other[frame * Dim] *= -1;

        var result = Run(recipe, "weighted", -1, weights);
        var changed = Run(recipe, "changed", -1, weights, other);

        Assert.Equal(weights.Sum(), _frames);
        Assert.NotEqual(result.State.History[0].CvLoss, changed.State.History[0].CvLoss);
    }

    [Fact]
    public void Run_validated_in_chunks_of_more_streams_gives_the_figures_of_whole_utterances_and_resumes()
    {
        var recipe = RecipeOf(BatchUnit.Chunks, 0.9);
        var chunked = recipe with { Evaluate = new() { Chunk = 8 } };
        var whole = Run(recipe, "whole", -1);

        Assert.Throws<KilledException>(() => Run(chunked, "chunked", 30));
        var result = Run(chunked, "chunked", -1);

        Assert.Equal(whole.Best, result.Best);
        Assert.All(whole.State.History.Zip(result.State.History), pair => Assert.Equal(pair.First.CvLoss, pair.Second.CvLoss, 1e-5));
    }

    [Theory]
    [InlineData(BatchUnit.Utterances)]
    [InlineData(BatchUnit.Chunks)]
    public void Step_with_a_largest_norm_is_that_of_all_gradients_scaled_down_to_it(BatchUnit unit)
    {
        const double Rate = 0.5, Most = 0.25;
        var recipe = RecipeOf(unit, 0);
        Recipe With(double limit) =>
            recipe with { Train = recipe.Train with { Optimiser = new SgdOptions { Rate = Rate, MaxGradientNorm = limit } } };

        var (start, free) = FirstStep(With(0), Rate);
        var (_, wide) = FirstStep(With(1000), Rate);
        var (_, limited) = FirstStep(With(Most), Rate);

        double[] gradient = [.. start.Zip(free, (before, after) => ((double)before - after) / Rate)];
        var norm = Math.Sqrt(gradient.Sum(g => g * g));
        Assert.InRange(norm, 2 * Most, 1000);
        Assert.All(free.Zip(wide), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Equal(Most, Math.Sqrt(start.Zip(limited, (before, after) => ((double)before - after) / Rate).Sum(g => g * g)), 1e-5);
        Assert.All(Enumerable.Range(0, start.Length), i => Assert.Equal(start[i] - (Rate * gradient[i] * Most / norm), limited[i], 1e-6));
    }

    private double _frames;

    // The model before and after a step on the first batch, which has several sequences.
    private static (float[] Before, float[] After) FirstStep(Recipe recipe, double rate)
    {
        var corpus = Corpus();
        using var engine = Engine(recipe, corpus);
        var (dealer, targets) = (BatchDealers.ForTraining(recipe, corpus),
            new TargetBatch(corpus.Targets ?? throw new InvalidOperationException()));
        dealer.Start(1);
        Assert.True(dealer.TryNext(out var batch));
        Assert.InRange(batch.Sequences?.Sequences ?? 0, 2, Lengths.Length);
        targets.Gather(batch.Rows);
        var before = engine.CopyModel();
        engine.Train(batch, targets, rate);
        return (before, engine.CopyModel());
    }

    private static GraphEngine Engine(Recipe recipe, FrameCorpus corpus) => RecipeBuilder.Engine(
        recipe, RecipeBuilder.Graph(recipe, corpus, Classes), corpus, RecipeBuilder.Frames(recipe, corpus), corpus, rank: 0,
        DataShares.StreamsOf(recipe.Train.Batch, null, WorkerTeam.Alone), scale: null);

    private static FrameCorpus Corpus(float[]? weights = null, float[]? features = null) => new(
        [.. Lengths.Select((_, i) => $"u{i}")], Lengths, Dim, features ?? Features(),
        FrameTargets.FromClasses(Targets(), weights), new("train", Lengths.Length, []));

    private TrainerResult Run(Recipe recipe, string run, int killAt, float[]? weights = null, float[]? features = null)
    {
        var corpus = Corpus(weights, features);
        using var engine = Engine(recipe, corpus);
        var targets = corpus.Targets ?? throw new InvalidOperationException();
        var progress = new TrainingProgress("f", ISchedule.Of(recipe.Train));
        var session = new SoloSession(engine, progress);
        var watcher = new Watcher(this, killAt);
        var validation = BatchDealers.ForValidation(recipe, corpus, engine.Graph.NeedsSequences);
        var trainer = new Trainer(
            engine, session, progress, new FixedEpochs(BatchDealers.ForTraining(recipe, corpus)), targets,
            new(engine, session, validation, targets, watcher),
            new(engine, session, Store(run), new(Every: TimeSpan.FromTicks(1), Keep: 1), watcher, TimeProvider.System),
            watcher);
        return trainer.Run(Store(run).ReadNewest(Assert.Fail), CancellationToken.None);
    }

    private static Recipe RecipeOf(BatchUnit unit, double momentum) => new()
    {
        Features = new() { Splice = new() { Left = 0, Right = 0 } },
        Model = [new LstmLayer { Block = new(6) { Projection = 4 }, Dropout = 0.1, Repeat = 2 }, new SoftmaxLayer()],
        Train = new()
        {
            Batch = new() { Unit = unit, Frames = 60, Streams = 3, Chunk = 6 },
            Optimiser = new SgdOptions { Rate = momentum > 0 ? 0.05 : 0.1, Momentum = momentum },
            Schedule = new ConstantRecipe { MaxEpochs = 3 },
            Device = "cpu",
        },
    };

    // What came two frames ago is what the present frame is to be taken for.
    private static int[] Targets()
    {
        var signs = Signs();
        var targets = new int[signs.Length];
        for (var (utterance, first) = (0, 0); utterance < Lengths.Length; first += Lengths[utterance++])
        {
            for (var t = 0; t < Lengths[utterance]; t++)
                targets[first + t] = signs[first + Math.Max(0, t - 2)];
        }

        return targets;
    }

    private static int[] Signs()
    {
        var random = SeededRandom.Of(5, 0);
        return [.. Enumerable.Range(0, Lengths.Sum()).Select(_ => random.BelowExactly(2))];
    }

    private static float[] Features() => [.. Signs().SelectMany(sign => new[] { sign == 0 ? -1f : 1f, 0.5f, 0 })];

    private CheckpointStore Store(string run) => new(Path.Combine(_folder, run));

    private sealed class KilledException : Exception;

    private sealed class Watcher(SequenceTrainerTests test, int killAt) : ITrainerObserver
    {
        public void StepDone(TrainingState state, BatchResult batch)
        {
            test._frames = state.Totals.Frames;
            if (state.TotalSteps == killAt)
                throw new KilledException();
        }

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
