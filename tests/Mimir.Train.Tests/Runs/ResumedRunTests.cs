using Mimir.Base;
using Mimir.Core.Models;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>Runs with each of the trainer's options, stopped in the middle of an epoch and continued.</summary>
public sealed class ResumedRunTests : IDisposable
{
    private const string Constant = "train.schedule={constant: {epochs: 4}}";
    private const string Natural = "train.optimiser={natural-gradient: {rate: 0.01, momentum: 0.5, l2: 0.0001}}";

    private const string Lstm = "model=[{lstm: {dim: 12, projection: 8}}, {softmax: {}}]";
    private const string Tdnnf = "model=[{tdnnf: {dim: 16, bottleneck: 6, dropout: 0.1}}, {softmax: {}}]";

    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Theory]
    [InlineData(Constant, Natural)]
    [InlineData(Constant, Natural, Lstm, "train.batch={unit: chunks, streams: 4, chunk: 10}")]
    [InlineData(Constant, Natural, Tdnnf, "train.batch={unit: utterances, frames: 150}")]
    [InlineData(Constant, "train.average={last: {models: 3, every: 5}}")]
    [InlineData(Constant, "train.average={greedy: {models: 4}}")]
    [InlineData(Constant, "train.average={ema: {decay: 0.9}}")]
    [InlineData(Constant, "train.average={swa: {from: 0.25, every: 4}}")]
    [InlineData("train.schedule={proportional: {epochs: 4}}", "train.dropout='0,0@0.2,0.4@0.5,0'")]
    [InlineData("train.schedule={cosine: {epochs: 4, warm-up: 0.1}}", "train.loss={cross-entropy: {label-smoothing: 0.1}}")]
    [InlineData(Constant, Natural, "train.batch.accumulate=3", "train.proportional-shrink=0.5")]
    [InlineData(Constant, "train.optimiser={natural-gradient: {rate: 0.01, backstitch-scale: 0.3, backstitch-interval: 2}}")]
    [InlineData(Constant, "train.self-repair=0.001", "model=[{affine: {dim: 16, activation: relu, repeat: 2}}, {softmax: {}}]")]
    [InlineData(Constant, "train.batch.accumulate=3", "train.layers={affine1: {rate-factor: 0.5, l2-factor: 2}}")]
    public void A_run_that_is_stopped_and_continued_ends_in_the_bytes_of_one_that_is_not(params string[] overrides)
    {
        var unbroken = Execute("unbroken", overrides);
        using var stop = new CancellationTokenSource();
        var stopped = Execute("stopped", overrides, progress =>
        {
            if (progress is { Stage: RunStage.Training, Epoch: 2, Done: > 100 })
                stop.Cancel();
        }, stop.Token);
        var place = new CheckpointStore(_toy.At("stopped/checkpoints")).ReadNewest(Assert.Fail)?.State;
        Execute("stopped", overrides);

        Assert.Equal((RunStatus.Interrupted, 2), (stopped.Status, place?.Epoch));
        Assert.InRange(place?.Step ?? 0, 1, 1000);
        Assert.InRange(unbroken.Best?.CvAccuracy ?? 0, 0.8, 1);
        Assert.Equal(
            File.ReadAllBytes(_toy.At("unbroken/model/model.safetensors")), File.ReadAllBytes(_toy.At("stopped/model/model.safetensors")));
    }

    [Theory]
    [InlineData("{last: {models: 40, every: 3}}", "the last ")]
    [InlineData("{ema: {decay: 0.95}}", "the moving average")]
    public void The_better_one_of_best_epoch_and_average_becomes_the_model(string average, string description)
    {
        var plain = Execute("plain", [Constant]);
        var result = Execute("averaged", [Constant, $"train.average={average}"]);
        var summary = RunSummary.Read(_toy.At("averaged/summary.json"));

        // What is averaged does not change the training.
        Assert.Null(plain.Average);
        Assert.Equal(plain.Epochs, result.Epochs);
        var record = Assert.IsType<AverageRecord>(result.Average);
        Assert.StartsWith(description, record.Models, StringComparison.Ordinal);
        Assert.Equal(record.CvLoss < result.Best?.CvLoss, record.Accepted);
        Assert.Equal(record, summary.Average);
        Assert.Equal(record.Accepted ? record.CvLoss : result.Best?.CvLoss, summary.CrossEntropy);
        Assert.Equal(record.Accepted, !File.ReadAllBytes(_toy.At("plain/model/model.safetensors"))
            .SequenceEqual(File.ReadAllBytes(_toy.At("averaged/model/model.safetensors"))));
        Assert.Equal(record, Execute("averaged", [Constant, $"train.average={average}"]).Average);
    }

    [Fact]
    public void Gathered_gradients_are_those_of_the_larger_batch()
    {
        string[] overrides =
        [
            Constant, "model=[{affine: {dim: 16}}, {softmax: {}}]", "train.batch.shuffle-window=100000", "train.optimiser.sgd.rate=0.005",
        ];
        Execute("large", [.. overrides, "train.batch.frames=64"]);
        Execute("gathered", [.. overrides, "train.batch.frames=16", "train.batch.accumulate=4"]);

        var (large, gathered) = (Model("large"), Model("gathered"));
        Assert.All(large.Zip(gathered), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
    }

    [Fact]
    public void A_frozen_layer_stays_as_it_was()
    {
        Execute("frozen", [Constant, "train.layers={affine1: {frozen: true}}"]);
        Execute("slower", [Constant, "train.layers={affine1: {frozen: true}}", "train.optimiser.sgd.rate=0.001"]);
        var error = Assert.Throws<InputException>(() => Execute("unknown", ["train.layers={affine7: {frozen: true}}"]));

        var (frozen, slower) = (Tensors("frozen"), Tensors("slower"));
        Assert.Equal(slower["affine1.weight"], frozen["affine1.weight"]);
        Assert.NotEqual(slower["output.weight"], frozen["output.weight"]);
        Assert.Contains("affine1", error.Message, StringComparison.Ordinal);
    }

    private float[] Model(string name) => [.. Tensors(name).OrderBy(tensor => tensor.Key).SelectMany(tensor => tensor.Value)];

    private Dictionary<string, float[]> Tensors(string name) => SafeTensors.Read(_toy.At($"{name}/model/model.safetensors"))
        .ToDictionary(tensor => tensor.Key, tensor => tensor.Value.Values);

    private RunResult Execute(
        string name, string[] overrides, Action<ProgressEvent>? report = null, CancellationToken cancellation = default) =>
        TrainingRun.Execute(
            RecipeReader.Parse(_toy.Recipe(name), "toy.yaml", new() { Overrides = [.. overrides, "train.checkpoint.minutes=0"] }),
            new() { Decode = false }, new Watch(report), TimeProvider.System, cancellation);

    private sealed class Watch(Action<ProgressEvent>? report) : ITrainingProgress
    {
        public void Report(ProgressEvent progress) => report?.Invoke(progress);

        public void Say(string line)
        {
        }
    }
}
