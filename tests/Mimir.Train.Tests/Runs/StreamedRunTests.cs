using Mimir.Base;
using Mimir.Dist.Transports;
using Mimir.Kaldi.Tables;
using Mimir.Train.Distribution;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>Runs whose training frames are read while they are trained on.</summary>
public sealed class StreamedRunTests : IDisposable
{
    private const string Audio =
        "features={type: fbank, num-mel-bins: 8, dither: 1, cmvn: {per: speaker}, deltas: {}, splice: {left: 1, right: 1}}";
    private const string Lstm = "model=[{lstm: {dim: 12, projection: 8}}, {softmax: {}}]";
    private const string Masks = "augment={spec-augment: {frequency-width: 2}}";

    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Theory]
    [InlineData("train.batch={frames: 32, shuffle-window: 60}")]
    [InlineData("train.batch={frames: 300, shuffle-window: 300}")]
    [InlineData("train.batch={frames: 32, shuffle-window: 500}", "features.cmvn={per: utterance}")]
    [InlineData("train.batch={frames: 32, shuffle-window: 60}", "features.cmvn={per: none}", Masks)]
    [InlineData(Lstm, "train.batch={unit: chunks, streams: 3, chunk: 7}")]
    [InlineData(Lstm, "train.batch={unit: utterances, frames: 90}")]
    [InlineData("train.batch={frames: 32, shuffle-window: 60}", Audio)]
    [InlineData("train.batch={frames: 32, shuffle-window: 60}", Audio, Masks)]
    public void Execute_gives_the_model_of_the_same_run_in_memory_byte_for_byte(params string[] overrides)
    {
        _toy.WriteAudio();
        var inMemory = Execute("memory", [.. overrides, "train.store=memory"]);

        var streamed = Execute("stream", [.. overrides, "train.store=stream"]);

        Assert.Equal(RunStatus.Ok, streamed.Status);
        Assert.Equal(Model("memory"), Model("stream"));
        Assert.Equal(File.ReadAllText(_toy.At("memory/model/pdf.counts")), File.ReadAllText(_toy.At("stream/model/pdf.counts")));
        Assert.Equal(inMemory.Epochs.Select(epoch => epoch.TrainLoss), streamed.Epochs.Select(epoch => epoch.TrainLoss));
        Assert.DoesNotContain(Directory.EnumerateFiles(_toy.At("stream")), file => file.Contains("classes", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_stopped_in_mid_epoch_and_called_again_gives_the_same_model_byte_for_byte()
    {
        string[] overrides = ["train.store=stream", "train.batch={frames: 32, shuffle-window: 60}"];
        Execute("unbroken", overrides);
        using var stop = new CancellationTokenSource();

        var stopped = Execute("stopped", overrides, new Watch(progress =>
        {
            if (progress is { Stage: RunStage.Training, Epoch: 2 })
                stop.Cancel();
        }), cancellation: stop.Token);
        Execute("stopped", ["train.store=memory", overrides[1]]);

        Assert.Equal(RunStatus.Interrupted, stopped.Status);
        Assert.Equal(Model("unbroken"), Model("stopped"));
    }

    [Theory]
    [InlineData("sync: {}")]
    [InlineData("ma: {period-frames: 64}")]
    public async Task Execute_with_two_workers_gives_the_model_of_the_same_workers_in_memory(string update)
    {
        string[] overrides = [$"distribute.update={{{update}}}", "train.batch={frames: 32, shuffle-window: 60}"];
        await Job("memory", [.. overrides, "train.store=memory"]);

        await Job("stream", [.. overrides, "train.store=stream"]);

        Assert.Equal(Model("memory"), Model("stream"));
    }

    [Fact]
    public void Execute_counts_what_is_dropped_as_in_memory()
    {
        _toy.WriteAudio();
        File.WriteAllLines(_toy.At("train/feats.scp"), File.ReadAllLines(_toy.At("train/feats.scp")).Skip(3));

        var error = Assert.Throws<InputException>(() => Execute("few", ["train.store=stream", "train.max-dropped=0.01"]));

        Assert.Contains("3 of 40 utterances dropped: 3 without features", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_says_which_utterance_is_not_what_it_was_said_to_be()
    {
        // The script now gives each utterance the features of its neighbour.
        var lines = File.ReadLines(_toy.At("train/feats.scp")).Select(line => line.Split(' ')).ToArray();
        File.WriteAllLines(_toy.At("train/utt2num_frames"), KaldiTables.IntVector.Read($"ark:{_toy.At("train/ali.1")}")
            .Select(entry => $"{entry.Key} {entry.Value.Length}"));
        File.WriteAllLines(_toy.At("train/feats.scp"), lines.Select((line, i) => $"{line[0]} {lines[(i + 1) % lines.Length][1]}"));

        string[] overrides = ["train.store=stream", "features.cmvn={per: none}", "features.normalise=none", "train.nan=stop"];
        var error = Assert.Throws<InputException>(() => Execute("wrong", overrides));

        Assert.Contains("utt2num_frames is wrong", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_sets_an_utterance_aside_that_has_become_unreadable()
    {
        // From the fourth utterance on: the first are looked at when the run begins.
        var lines = File.ReadAllLines(_toy.At("train/feats.scp"));
        lines[5] = lines[5].Split(' ')[0] + " " + lines[6].Split(' ')[1] + "0000000";
        File.WriteAllLines(_toy.At("train/utt2num_frames"), KaldiTables.IntVector.Read($"ark:{_toy.At("train/ali.1")}")
            .Select(entry => $"{entry.Key} {entry.Value.Length}"));
        File.WriteAllLines(_toy.At("train/feats.scp"), lines);

        var result = Execute("aside", ["train.store=stream", "features.cmvn={per: none}", "features.normalise=none"]);

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.StartsWith($"{lines[5].Split(' ')[0]} ", File.ReadAllText(_toy.At("aside/quarantine")), StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_refuses_an_archive_without_a_script()
    {
        var recipe = _toy.Recipe("ark").Replace("train:\n", "train:\n  store: stream\n", StringComparison.Ordinal);

        var error = Assert.Throws<InputException>(() => TrainingRun.Execute(
            RecipeReader.Parse(recipe, "toy.yaml", new()), new RunOptions(), new Watch(_ => { }), TimeProvider.System,
            CancellationToken.None));

        Assert.Contains("expected features of a script to stream", error.Message, StringComparison.Ordinal);
    }

    private Task Job(string name, string[] overrides) => Task.WhenAll(InProcessTransport.Create(2, TimeSpan.FromSeconds(60)).Select(
        transport => Task.Factory.StartNew(
            () =>
            {
                using var team = WorkerTeam.Of(transport);
                Execute(name, overrides, options: new() { Team = team, Decode = false, LeasesInTurn = true });
            },
            TaskCreationOptions.LongRunning)));

    private byte[] Model(string run) => File.ReadAllBytes(_toy.At($"{run}/model/model.safetensors"));

    private RunResult Execute(
        string name, string[] overrides, ITrainingProgress? progress = null, RunOptions? options = null,
        CancellationToken cancellation = default)
    {
        var recipe = _toy.Recipe(name)
            .Replace($"'ark:{_toy.At("train/feats.ark")}", $"'scp:{_toy.At("train/feats.scp")}", StringComparison.Ordinal);
        return TrainingRun.Execute(
            RecipeReader.Parse(recipe, "toy.yaml", new() { Overrides = [.. overrides, "train.checkpoint.minutes=0"] }),
            options ?? new() { Decode = false }, progress ?? new Watch(_ => { }),
            TimeProvider.System, cancellation);
    }

    private sealed class Watch(Action<ProgressEvent> report) : ITrainingProgress
    {
        public void Report(ProgressEvent progress) => report(progress);

        public void Say(string line)
        {
        }
    }
}
