using Mimir.Base;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>Runs of networks that look along time.</summary>
public sealed class SequenceRunTests : IDisposable
{
    private const string Lstm = "model=[{lstm: {dim: 12, projection: 8, dropout: 0.1}}, {softmax: {}}]";
    private const string Blstm = "model=[{blstm: {dim: 8}}, {softmax: {}}]";
    private const string Gru = "model=[{gru: {dim: 10}}, {softmax: {}}]";
    private const string Tdnnf = "model=[{tdnnf: {dim: 16, bottleneck: 6, repeat: 2, dropout: 0.1}}, {softmax: {}}]";
    private const string Attention = "model=[{tdnn: {dim: 12, offsets: [-1, 0, 1]}}, {attention: {heads: 2, key-dim: 4, value-dim: 4, "
        + "left: 2, right: 2, time-stride: 1}}, {softmax: {}}]";
    private const string Conformer = "model=[{affine: {dim: 8}}, {conformer: {heads: 2, kernel: 3}}, "
        + "{stats: {left: 1, right: 1}}, {softmax: {}}]";
    private const string Chunks = "train.batch={unit: chunks, streams: 4, chunk: 10}";
    private const string Utterances = "train.batch={unit: utterances, frames: 150}";
    private const string Segments = "train.batch={unit: utterances, frames: 48, segment: 8}";
    private const string Sgd = "train.optimiser={sgd: {rate: 0.01, momentum: 0.9}}";
    private const string Adam = "train.optimiser={adam: {rate: 0.005}}";
    private const string Delay = "train.target-delay=1";

    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Theory]
    [InlineData(Lstm, Chunks)]
    [InlineData(Gru, Chunks)]
    [InlineData(Blstm, Utterances)]
    [InlineData(Blstm, Segments)]
    public void Execute_trains_and_decodes(string model, string batch)
    {
        var watch = new Watch(_ => { });

        var result = Execute("run", [model, batch, Sgd, Delay, "train.schedule={constant: {epochs: 6}}"], watch);

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.InRange(result.Best?.CvAccuracy ?? 0, 0.9, 1);
        Assert.Equal(["cv", "test"], result.Scores.Select(score => score.Set));
        Assert.All(result.Scores, score => Assert.InRange(score.Counts.Percent, 0, 20));
        foreach (var (stage, frames) in new[] { (RunStage.Training, Frames("train")), (RunStage.Validation, Frames("cv")) })
        {
            var last = watch.Seen.Last(progress => progress.Stage == stage);
            Assert.Equal((frames, frames), (last.Done, last.Total));
        }
    }

    [Theory]
    [InlineData(Attention)]
    [InlineData(Conformer)]
    public void Execute_with_attention_learns(string model)
    {
        var result = Execute("run", [model, Utterances, Adam, "train.schedule={constant: {epochs: 6}}"], new Watch(_ => { }));

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.InRange(result.Best?.CvAccuracy ?? 0, 0.5, 1);
    }

    [Theory]
    [InlineData(Lstm, Chunks, Sgd)]
    [InlineData(Lstm, Utterances, Sgd)]
    [InlineData(Blstm, Segments, Sgd)]
    [InlineData(Tdnnf, Utterances, Adam)]
    public void Execute_on_waves_changed_in_each_epoch_stopped_in_mid_epoch_gives_the_same_model_byte_for_byte(
        string model, string batch, string optimiser)
    {
        _toy.WriteAudio();
        string[] overrides =
        [
            model, batch, optimiser, "train.schedule={constant: {epochs: 3}}",
            "augment={speed: [0.9, 1.0, 1.1], spec-augment: {frequency-width: 2}}",
            "features={type: fbank, num-mel-bins: 8, dither: 1, cmvn: {per: speaker}, splice: {left: 1, right: 1}}",
        ];
        var watch = new Watch(_ => { });
        var unbroken = Execute("unbroken", overrides, watch);
        using var stop = new CancellationTokenSource();

        var stopped = Execute("stopped", overrides, new Watch(progress =>
        {
            if (progress is { Stage: RunStage.Training, Epoch: 2 })
                stop.Cancel();
        }), stop.Token);
        var place = new CheckpointStore(_toy.At("stopped/checkpoints")).ReadNewest(Assert.Fail)?.State;
        Execute("stopped", overrides);

        Assert.Equal((RunStatus.Interrupted, 2), (stopped.Status, place?.Epoch));
        Assert.InRange(place?.Step ?? 0, 1, 1000);
        Assert.InRange(unbroken.Best?.CvAccuracy ?? 0, 0.7, 1);
        var ends = watch.Seen.Where(progress => progress.Stage == RunStage.Training).GroupBy(progress => progress.Epoch)
            .Select(epoch => epoch.Last());
        Assert.All(ends, end => Assert.Equal(end.Total, end.Done));
        Assert.Contains(ends, end => end.Total != Frames("train"));
        Assert.Equal(File.ReadAllBytes(_toy.At("unbroken/model/model.safetensors")),
            File.ReadAllBytes(_toy.At("stopped/model/model.safetensors")));
    }

    [Theory]
    [InlineData("lstm: {dim: 3}", "unit: frames", "train.batch to {unit: chunks, streams: 10, chunk: 20}")]
    [InlineData("blstm: {dim: 3}", "unit: chunks",
        "batches are of parts of utterances; set train.batch to {unit: utterances, frames: 4000}")]
    [InlineData("blstm: {dim: 3}", "unit: utterances", "'train.batch.frames' is missing")]
    [InlineData("lstm: {dim: 3}", "unit: chunks, segment: 60",
        "only utterances are cut into segments, and batches are of parts of utterances")]
    public void Recipe_whose_batches_do_not_fit_its_layers_is_refused_with_the_remedy(string layer, string batch, string expected)
    {
        var text = _toy.Recipe("run")
            .Replace("affine: {dim: 16, dropout: 0.1}", layer, StringComparison.Ordinal)
            .Replace("frames: 32, shuffle-window: 500", batch, StringComparison.Ordinal);

        var error = Assert.ThrowsAny<InputException>(() => RecipeReader.Parse(text, "toy.yaml", new()));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recipe_whose_chunks_carry_the_state_over_frames_to_come_is_refused()
    {
        var text = _toy.Recipe("run").Replace("decode:", "evaluate: {chunk: 10, right-context: 3}\ndecode:", StringComparison.Ordinal);

        var error = Assert.ThrowsAny<InputException>(() => RecipeReader.Parse(text, "toy.yaml", new()));

        Assert.Contains("name 'evaluate.left-context' as well", error.Message, StringComparison.Ordinal);
    }

    private long Frames(string set) =>
        Mimir.Kaldi.Tables.KaldiTables.IntVector.Read($"ark:{_toy.At($"{set}/ali.1")}").Sum(entry => entry.Value.Length);

    private RunResult Execute(string name, string[] overrides, Watch? watch = null, CancellationToken cancellation = default) =>
        TrainingRun.Execute(
            RecipeReader.Parse(_toy.Recipe(name), "toy.yaml", new() { Overrides = [.. overrides, "train.checkpoint.minutes=0"] }),
            new(), watch ?? new(_ => { }), TimeProvider.System, cancellation);

    private sealed class Watch(Action<ProgressEvent> report) : ITrainingProgress
    {
        public List<ProgressEvent> Seen { get; } = [];

        public void Report(ProgressEvent progress)
        {
            Seen.Add(progress);
            report(progress);
        }

        public void Say(string line)
        {
        }
    }
}
