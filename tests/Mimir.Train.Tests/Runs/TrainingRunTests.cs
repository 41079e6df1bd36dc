using Mimir.Base;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

public sealed class TrainingRunTests : IDisposable
{
    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Fact]
    public void Execute_trains_decodes_and_leaves_a_whole_folder()
    {
        var result = Execute("run");

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.InRange(result.Best?.CvAccuracy ?? 0, 0.9, 1);
        Assert.Equal(["cv", "test"], result.Scores.Select(score => score.Set));
        Assert.All(result.Scores, score => Assert.InRange(score.Counts.Percent, 0, 15));
        Assert.All(result.Scores, score => Assert.Equal("cv", score.TunedOn));
        foreach (var file in new[] { "recipe.yaml", "log.jsonl", "summary.json", "report.html", "model/graph.json",
            "model/model.safetensors", "decode/test/hyp.txt" })
            Assert.True(File.Exists(_toy.At($"run/{file}")), file);
        var summary = RunSummary.Read(_toy.At("run/summary.json"));
        Assert.Equal((RunStatus.Ok, (12 * 16) + 16 + (16 * 3) + 3), (summary.Status, summary.Parameters));
        Assert.False(File.Exists(_toy.At("run/.lock")));
    }

    [Fact]
    public void Execute_over_a_finished_run_gives_its_results_unless_it_is_to_restart_or_of_another_recipe()
    {
        var first = Execute("run");
        var model = Model("run");
        var log = File.ReadAllText(_toy.At("run/log.jsonl"));
        var features = File.ReadAllBytes(_toy.At("train/feats.ark"));
        File.Delete(_toy.At("train/feats.ark"));

        var error = Assert.Throws<InputException>(
            () => Execute("run", overrides: ["train.optimiser.sgd.rate=0.03", "model.0.affine.dim=17"]));
        var found = Execute("run", overrides: ["train.threads=2", "decode.beam=11"]);
        Assert.Equal(log, File.ReadAllText(_toy.At("run/log.jsonl")));
        File.WriteAllBytes(_toy.At("train/feats.ark"), features);
        var again = Execute("run", new RunOptions { Restart = true });

        Assert.Contains(
            "a finished run of another recipe is here (model.0.affine.dim is 16 there and 17 here, train.optimiser.sgd.rate is 0.02 there "
            + "and 0.03 here). Use --restart",
            error.Message,
            StringComparison.Ordinal);
        Assert.True(found.WasFinished);
        Assert.Equal((first.Best, RunStatus.Ok), (found.Best, found.Status));
        Assert.Equal(first.Scores.Select(score => score.ToString()), found.Scores.Select(score => score.ToString()));
        Assert.Equal((RunStatus.Ok, false), (again.Status, again.WasFinished));
        Assert.Equal(model, Model("run"));
    }

    [Fact]
    public void Execute_that_restarts_compares_itself_with_the_run_that_it_replaces()
    {
        Execute("run");
        var said = new List<string>();

        Execute("run", new RunOptions { Restart = true }, new Watch(_ => { }, said.Add));

        var summary = RunSummary.Read(_toy.At("run/summary.json"));
        var compared = Assert.IsType<RunCompared>(summary.Comparison);
        Assert.Equal(["cv", "test"], compared.Sets.Select(set => set.Set));
        Assert.All(compared.Sets, set => Assert.Equal((set.Before, "within chance"), (set.Now, set.Verdict)));
        Assert.Contains(said, line => line.Contains("now: within chance", StringComparison.Ordinal));
        Assert.Contains("Against the earlier run", File.ReadAllText(_toy.At("run/report.html")), StringComparison.Ordinal);
        Assert.Equal(Environment.MachineName, summary.Hardware.Host);
        Assert.Contains("training", summary.StageSeconds.Keys);
        Assert.Equal(["cv", "test"], summary.Errors.Select(errors => errors.Set));
    }

    [Fact]
    public void Execute_stopped_in_mid_epoch_and_called_again_gives_the_same_model_byte_for_byte()
    {
        Execute("unbroken");
        using var stop = new CancellationTokenSource();

        var stopped = Execute("stopped", watch: new Watch(progress => Stop(progress, stop)), cancellation: stop.Token);
        var resumed = Execute("stopped");

        Assert.Equal(RunStatus.Interrupted, stopped.Status);
        Assert.Equal(RunStatus.Ok, resumed.Status);
        Assert.Equal(Model("unbroken"), Model("stopped"));
        Assert.Equal(File.ReadAllBytes(_toy.At("unbroken/model/history.json")), File.ReadAllBytes(_toy.At("stopped/model/history.json")));
        Assert.Equal(1, RunSummary.Read(_toy.At("stopped/summary.json")).Resumptions);
    }

    [Theory]
    [InlineData(false, "augment={spec-augment: {time-masks: 1, time-width: 4, frequency-width: 1, frequency-masks: 1}}")]
    [InlineData(true, "augment={speed: [0.9, 1.0, 1.1], volume: [0.5, 2], noise: {dir: NOISE, snr: [20, 10], probability: 0.5}, "
        + "spec-augment: {frequency-width: 2}}")]
    public void Execute_with_augmentation_stopped_in_mid_epoch_gives_the_same_model_byte_for_byte(bool audio, string augment)
    {
        string[] overrides = [augment.Replace("NOISE", _toy.At("noise"), StringComparison.Ordinal),
            "train.schedule={constant: {epochs: 3}}", "train.checkpoint.minutes=0"];
        if (audio)
        {
            _toy.WriteAudio();
            const string Features = "features={type: fbank, num-mel-bins: 8, dither: 1, cmvn: {per: speaker}, deltas: {order: 1}, "
                + "splice: {left: 1, right: 1}}";
            overrides = [.. overrides, Features];
        }

        var options = new RunOptions { Decode = false };
        var plain = Execute("plain", options, overrides: overrides[1..]);
        var unbroken = Execute("unbroken", options, overrides: overrides);
        using var stop = new CancellationTokenSource();
        var stopped = Execute("stopped", options, new Watch(progress => Stop(progress, stop)), overrides, stop.Token);
        var resumed = Execute("stopped", options, overrides: overrides);

        Assert.Equal((RunStatus.Ok, RunStatus.Interrupted, RunStatus.Ok), (unbroken.Status, stopped.Status, resumed.Status));
        Assert.Equal(Model("unbroken"), Model("stopped"));
        Assert.NotEqual(Model("plain"), Model("unbroken"));
        Assert.InRange(unbroken.Best?.CvAccuracy ?? 0, (plain.Best?.CvAccuracy ?? 1) - 0.15, 1);
        Assert.InRange(unbroken.Best?.CvAccuracy ?? 0, 0.7, 1);
    }

    [Fact]
    public void Execute_that_dies_in_mid_epoch_and_is_called_again_gives_the_same_model_byte_for_byte()
    {
        Execute("unbroken");
        var steps = 0;

        Assert.Throws<InvalidOperationException>(() => Execute("broken", watch: new Watch(progress =>
        {
            if (progress is { Stage: RunStage.Training, Epoch: 3 } && ++steps == 1)
                throw new InvalidOperationException("killed");
        })));
        Execute("broken");

        Assert.Equal(Model("unbroken"), Model("broken"));
    }

    [Theory]
    [InlineData("model", "its network has 12 parameters, that of the recipe has")]
    [InlineData("optimiser", "its optimiser is another one")]
    [InlineData("state.lstm1", "the network of the recipe carries no state 'lstm1'")]
    [InlineData("step", "it has done 5000 steps of epoch 2, and there are fewer")]
    public void Execute_passes_over_a_checkpoint_of_right_sums_and_wrong_content_and_ends_in_the_same_bytes(string what, string problem)
    {
        Execute("unbroken");
        using var stop = new CancellationTokenSource();
        Execute("run", watch: new Watch(progress => Stop(progress, stop)), cancellation: stop.Token);
        var store = new CheckpointStore(_toy.At("run/checkpoints"));
        var newest = CheckpointStore.Read(store.PlaceOf(store.List()[^1]));
        var vectors = new Dictionary<string, float[]>(newest.Vectors);
        var name = what == "optimiser" ? vectors.Keys.First(key => key.StartsWith("optimiser.", StringComparison.Ordinal)) : what;
        if (what != "step")
            vectors[name] = new float[12];
        if (what == "model")
            vectors.Remove("best");
        var step = what == "step" ? 5000 : newest.State.Step + 1;
        var place = store.Write(new(newest.State with { Step = step, TotalSteps = 9000 }, vectors), keep: 9);

        var lines = new List<string>();
        var result = Execute("run", watch: new Watch(_ => { }, lines.Add));

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.Equal(Model("unbroken"), Model("run"));
        Assert.Contains(lines, line => line.Contains($"{place}: {problem}", StringComparison.Ordinal));
        Assert.Contains($"going on from epoch 2, step {newest.State.Step}", lines);
    }

    [Fact]
    public void Execute_of_another_recipe_over_an_unfinished_run_is_refused()
    {
        using var stop = new CancellationTokenSource();
        Execute("run", watch: new Watch(progress => Stop(progress, stop)), cancellation: stop.Token);

        var error = Assert.Throws<InputException>(() => Execute("run", overrides: ["model.0.affine.dim=17"]));

        Assert.Contains(
            "an unfinished run of another recipe is here (model.0.affine.dim is 16 there and 17 here). Use --restart",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_beside_another_process_is_refused()
    {
        using var locked = new RunFolder(_toy.At("run")).Lock();

        var error = Assert.Throws<IOException>(() => Execute("run"));

        Assert.Contains("another process", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_with_bad_data_says_so_and_the_summary_too()
    {
        File.WriteAllText(_toy.At("cv/utt2spk"), "cv000\n");

        var error = Assert.ThrowsAny<InputException>(() => Execute("run"));

        var summary = RunSummary.Read(_toy.At("run/summary.json"));
        Assert.Equal((RunStatus.Failed, error.Message), (summary.Status, summary.Error));
    }

    [Fact]
    public void Execute_of_a_test_set_without_transcripts_writes_its_hypotheses_and_leaves_the_score_out()
    {
        File.Delete(_toy.At("test/text"));
        var said = new List<string>();

        var result = Execute("run", watch: new Watch(_ => { }, said.Add));

        Assert.Equal(["cv"], result.Scores.Select(score => score.Set));
        Assert.Equal(10, File.ReadAllLines(_toy.At("run/decode/test/hyp.txt")).Length);
        Assert.Contains(said, line => line.Contains("'corpus.test.dir': there is no", StringComparison.Ordinal));
        Assert.Contains(said, line => line.StartsWith("set 'test': there is no", StringComparison.Ordinal)
            && line.EndsWith("(chosen on cv)", StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_without_transcripts_to_tune_on_scores_the_others_at_the_usual_weight()
    {
        File.Delete(_toy.At("cv/text"));

        var result = Execute("run");

        var score = Assert.Single(result.Scores);
        Assert.Equal(("test", 10, null), (score.Set, score.LmWeight, score.TunedOn));
        Assert.EndsWith("(not tuned)", score.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(_toy.At("run/decode/cv/hyp.txt")));
    }

    [Fact]
    public void Execute_with_transcripts_that_are_not_utf8_stops_before_it_trains()
    {
        File.WriteAllBytes(_toy.At("test/text"), [.. "test000 "u8, 0xBD, 0xF1, 0xCC, 0xEC, .. "\n"u8]);

        var error = Assert.Throws<InputException>(() => Execute("run"));

        Assert.Contains($"{_toy.At("test/text")}:1: expected text in UTF-8", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_toy.At("run/model/graph.json")));
    }

    private static void Stop(ProgressEvent progress, CancellationTokenSource stop)
    {
        if (progress is { Stage: RunStage.Training, Epoch: 2 })
            stop.Cancel();
    }

    private byte[] Model(string name) => File.ReadAllBytes(_toy.At($"{name}/model/model.safetensors"));

    private RunResult Execute(
        string name, RunOptions? options = null, Watch? watch = null, string[]? overrides = null, CancellationToken cancellation = default)
    {
        var loaded = RecipeReader.Parse(_toy.Recipe(name), "toy.yaml", new() { Overrides = overrides ?? [] });
        return TrainingRun.Execute(loaded, options ?? new(), watch ?? new Watch(_ => { }), TimeProvider.System, cancellation);
    }

    private sealed class Watch(Action<ProgressEvent> report, Action<string>? say = null) : ITrainingProgress
    {
        public void Report(ProgressEvent progress) => report(progress);

        public void Say(string line) => say?.Invoke(line);
    }
}
