using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Pretraining;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Pretraining;

/// <summary>Trains the machines of a stack one after another, each on the outputs of the layers below, and keeps its checkpoints.</summary>
/// <remarks>
/// A checkpoint counts machines as epochs and has the squared error of each finished one in its history. So a pre-training that is
/// killed and resumed ends in the same bytes.
/// </remarks>
/// <param name="recipe">The run's recipe.</param>
/// <param name="options">The machines.</param>
/// <param name="train">The training set.</param>
/// <param name="store">The checkpoints of the pre-training.</param>
/// <param name="progress">Follows the work.</param>
/// <param name="time">The clock of checkpoints.</param>
internal sealed class RbmPretraining(
    Recipe recipe, RbmRecipe options, IFrameSet train, CheckpointStore store, ITrainingProgress progress, TimeProvider time)
{
    private const string Machine = "rbm";
    private const string Momentum = "momentum";
    private const string Protections = "protections";
    private const string Frames = "frames";

    // Which is displayed a few times a second.
    private const int ReportedSteps = 20;

    private readonly TimeSpan _every = TimeSpan.FromMinutes(recipe.Train.Checkpoint.Minutes);
    private List<EpochRecord> _history = [new(0, 0, 0, 0, 0, 0, false)];
    private long _steps;
    private long _saved = time.GetTimestamp();

    /// <summary>Trains all machines, or continues.</summary>
    /// <param name="graph">The network, initialised; its first layers become those of the machines.</param>
    /// <param name="frames">The training frames.</param>
    /// <param name="fingerprint">The fingerprint of the recipe.</param>
    /// <param name="warn">Receives a line about each damaged checkpoint.</param>
    /// <param name="cancellation">Asks the work to save itself and return.</param>
    /// <returns>The last checkpoint, with the network; null when it was asked to stop.</returns>
    /// <exception cref="InputException">The model has no such layers, or a machine diverges.</exception>
    public Checkpoint? Run(
        LayerGraph graph, ITrainingFrames frames, string fingerprint, Action<string> warn, CancellationToken cancellation)
    {
        var stack = new RbmStack(graph, options);
        var from = store.ReadNewest(warn) is { } found && found.State.Fingerprint == fingerprint ? found : null;
        if (from is not null)
        {
            graph.Parameters.CopyFrom(from.Vectors[Checkpoint.Model]);
            (_history, _steps) = ([.. from.State.History], from.State.TotalSteps);
        }

        for (var layer = (from?.State.Epoch ?? 1) - 1; layer < stack.Count; layer++)
        {
            var job = new Job(stack, layer, graph, frames, fingerprint);
            if (!TryTrain(job, from?.State.Epoch == layer + 1 ? from : null, cancellation))
                return null;
        }

        return Save(new(stack, stack.Count, graph, frames, fingerprint), null, 0);
    }

    private bool TryTrain(Job job, Checkpoint? from, CancellationToken cancellation)
    {
        using var below = job.Stack.Below(job.Layer);
        var unit = job.Stack.VisibleOf(job.Layer);
        var isGaussian = unit == RbmUnit.Gaussian;
        var start = job.Stack.Start(job.Layer, below, job.Frames, train.Frames, SeededRandom.For(recipe.Seed, (ulong)job.Layer));
        using var machine = new Rbm(job.Graph.Device, unit, RbmUnit.Bernoulli, start);
        var rates = isGaussian ? options.Training with { LearnRate = options.GaussianLearnRate } : options.Training;
        var trainer = new RbmTrainer(machine, rates, SplitMix64.Combine(recipe.Seed, (ulong)job.Layer));
        var position = from?.Vectors.ContainsKey(Machine) == true ? Restore(trainer, machine, from) : 0;

        var error = (Sum: 0.0, Frames: 0L);
        var epochs = isGaussian ? 2 * options.Epochs : options.Epochs;
        foreach (var (rows, done) in Batches(job.Layer, epochs, position))
        {
            var step = trainer.Step(below.Forward(job.Frames.Table, job.Frames.Place(rows), PassMode.Evaluate));
            error = (error.Sum + step.SquaredError, error.Frames + step.Frames);
            _steps++;
            if (step.Scale is not null)
                progress.Say($"machine {job.Layer + 1}: its weights were about to explode and are scaled down");
            if (done % ReportedSteps == 0)
                Report(job, trainer, epochs, error.Sum / error.Frames);

            var stops = cancellation.IsCancellationRequested;
            if (stops || (_every > TimeSpan.Zero && time.GetElapsedTime(_saved) >= _every))
                Save(job, (machine, trainer), done);
            if (stops)
                return false;
        }

        job.Stack.Finish(job.Layer, machine.CopyParameters());
        var mean = error.Frames == 0 ? 0 : error.Sum / error.Frames;
        _history.Add(new(job.Layer + 1, trainer.Rates.Rate, mean, 0, 0, 0, true));
        Save(job with { Layer = job.Layer + 1 }, null, 0);
        progress.Say(FormattableString.Invariant(
            $"restricted Boltzmann machine {job.Layer + 1} of {job.Stack.Count}: {below.OutputDim} to {machine.HiddenDim} units, squared ")
            + FormattableString.Invariant($"error of a frame {mean:F4}, of a value {mean / below.OutputDim:F4}"));
        return true;
    }

    private static long Restore(RbmTrainer trainer, Rbm machine, Checkpoint from)
    {
        machine.SetParameters(from.Vectors[Machine]);
        machine.SetMomentum(from.Vectors[Momentum]);
        var counters = from.State.Counters;
        trainer.Progress = new(counters[Frames], from.State.Step, (int)counters[Protections]);
        return from.State.Step;
    }

    // The batches of all epochs of a machine, from a position on, with the number of those that are done.
    private IEnumerable<(int[] Rows, int Done)> Batches(int layer, int epochs, long position)
    {
        var batch = new BatchRecipe { Frames = options.Batch, ShuffleWindow = recipe.Train.Batch.ShuffleWindow };
        var dealer = new FrameShuffler(
            train.Lengths, batch, SplitMix64.Combine(recipe.Seed, (ulong)layer), train.Targets is { } targets ? targets.Weights : []);
        var perEpoch = dealer.BatchSizes.Count;
        var done = (int)position;
        for (var epoch = (done / perEpoch) + 1; epoch <= epochs; epoch++)
        {
            dealer.Start(epoch, done % perEpoch);
            while (TryNext(dealer, out var rows))
                yield return (rows, ++done);
        }
    }

    private static bool TryNext(FrameShuffler dealer, out int[] rows)
    {
        var any = dealer.TryNext(out var batch);
        rows = any ? batch.Rows.ToArray() : [];
        return any;
    }

    private void Report(Job job, RbmTrainer trainer, int epochs, double error) => progress.Report(new()
    {
        Stage = RunStage.Pretraining,
        Epoch = job.Layer + 1,
        MaxEpochs = job.Stack.Count,
        Set = "train",
        Done = trainer.Progress.Frames,
        Total = (long)epochs * train.Frames,
        Loss = error,
        LearningRate = trainer.Rates.Rate,
    });

    private Checkpoint Save(Job job, (Rbm Rbm, RbmTrainer Trainer)? unfinished, int step)
    {
        var model = new float[job.Graph.Parameters.Count];
        job.Graph.Parameters.CopyTo(model);
        var vectors = new Dictionary<string, float[]> { [Checkpoint.Model] = model };
        var counters = new Dictionary<string, long>();
        if (unfinished is var (machine, trainer))
        {
            vectors[Machine] = machine.CopyParameters().ToVector();
            vectors[Momentum] = machine.CopyMomentum();
            counters[Frames] = trainer.Progress.Frames;
            counters[Protections] = trainer.Progress.Protections;
        }

        var checkpoint = new Checkpoint(
            new()
            {
                Fingerprint = job.Fingerprint,
                Epoch = job.Layer + 1,
                Step = step,
                TotalSteps = _steps,
                Schedule = new() { Rate = options.Training.LearnRate },
                History = [.. _history],
                Counters = counters,
            },
            vectors);
        store.Write(checkpoint, keep: 1);
        _saved = time.GetTimestamp();
        return checkpoint;
    }

    /// <summary>A machine that is trained.</summary>
    private sealed record Job(RbmStack Stack, int Layer, LayerGraph Graph, ITrainingFrames Frames, string Fingerprint);
}
