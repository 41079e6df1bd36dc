using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;
using Mimir.Train.Tests.Runs;

namespace Mimir.Train.Tests.Losses;

/// <summary>Whole runs with losses other than cross-entropy.</summary>
public sealed class LossRunTests : IDisposable
{
    private const string Utterances = "train.batch={unit: utterances, frames: 200}";
    private const string Ctc = "train.loss={ctc: {unit: word}}";

    private static readonly string[] CtcTraining =
    [
        Ctc, Utterances, "train.optimiser={adam: {rate: 0.01}}", "train.schedule={constant: {epochs: 12}}",
        "model=[{affine: {dim: 24}}, {softmax: {}}]", "features.splice={left: 3, right: 3}", "train.checkpoint.minutes=0",
    ];

    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Fact]
    public void Ctc_learns_words_from_transcripts_alone_and_decodes_the_sets()
    {
        var result = Execute("run", WithoutAlignments(_toy.Recipe("run")), CtcTraining);

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.Equal(["cv", "test"], result.Scores.Select(score => score.Set));
        Assert.All(result.Scores, score => Assert.Equal("WER", score.Measure));
        Assert.All(result.Scores, score => Assert.InRange(score.Counts.Percent, 0, 15));
        var best = result.Epochs[^1];
        Assert.InRange(best.CvMeasures?["label error"] ?? 1, 0, 0.15);
        Assert.True(result.Epochs[0].CvMeasures?["label error"] > best.CvMeasures?["label error"]);
        Assert.Equal(10, File.ReadAllLines(_toy.At("run/decode/test/hyp.txt")).Length);
        Assert.Equal(["<blk> 0", "a 1", "b 2", "c 3"], File.ReadAllLines(_toy.At("run/model/units.txt")));
        Assert.Contains("cv label error", File.ReadAllText(_toy.At("run/report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Ctc_stopped_in_mid_epoch_and_called_again_gives_the_same_model_byte_for_byte()
    {
        string[] options = [.. CtcTraining, "train.schedule={constant: {epochs: 3}}", "train.checkpoint.minutes=0.000001"];
        Execute("unbroken", WithoutAlignments(_toy.Recipe("unbroken")), options);
        using var stop = new CancellationTokenSource();
        void Stop(ProgressEvent progress)
        {
            if (progress is { Stage: RunStage.Training, Epoch: 2 })
                stop.Cancel();
        }

        var stopped = Execute("stopped", WithoutAlignments(_toy.Recipe("stopped")), options, Stop, stop.Token);
        var resumed = Execute("stopped", WithoutAlignments(_toy.Recipe("stopped")), options);

        Assert.Equal((RunStatus.Interrupted, RunStatus.Ok), (stopped.Status, resumed.Status));
        Assert.Equal(Model("unbroken"), Model("stopped"));
        Assert.Equal(
            File.ReadAllText(_toy.At("unbroken/model/history.json")), File.ReadAllText(_toy.At("stopped/model/history.json")));
    }

    [Fact]
    public void Student_with_a_teacher_alone_learns_what_the_teacher_knows()
    {
        Execute("teacher", _toy.Recipe("teacher"), []);

        var student = Execute(
            "student", _toy.Recipe("student"),
            [$"train.loss={{teacher: {{model: {_toy.At("teacher")}, temperature: 2, hard-weight: 0}}}}", "model.0.affine.dim=8"]);

        Assert.Equal(RunStatus.Ok, student.Status);
        Assert.InRange(student.Best?.CvAccuracy ?? 0, 0.9, 1);
        Assert.True(student.Epochs[^1].TrainMeasures?["teacher divergence"] < student.Epochs[1].TrainMeasures?["teacher divergence"]);
    }

    [Fact]
    public void Two_languages_share_layers_and_each_learns_its_own_outputs()
    {
        var recipe = _toy.Recipe("tasks");
        foreach (var set in new[] { "train", "cv" })
        {
            WriteTasks(set);
            recipe = recipe.Replace(
                $"alignments: {_toy.At(set)},", $"targets: 'ark:{_toy.At($"{set}/tasks.ark")}',", StringComparison.Ordinal);
        }

        recipe = recipe[..recipe.IndexOf("decode:", StringComparison.Ordinal)]
            .Replace($"transition-model: {_toy.At("final.mdl")}", "root: .", StringComparison.Ordinal);
        var result = Execute(
            "tasks", recipe,
            ["train.loss={multitask: {outputs: [3, 3], weights: [1, 0.5]}}", "model.1.softmax.dim=6"]);

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.InRange(result.Best?.CvMeasures?["accuracy of task 1"] ?? 0, 0.85, 1);
        Assert.InRange(result.Best?.CvMeasures?["accuracy of task 2"] ?? 0, 0.85, 1);
    }

    [Theory]
    [InlineData("train.loss=ctc", "train.batch={frames: 32}", "the loss is over whole utterances")]
    [InlineData("train.loss={ctc: {unit: phone}}", Utterances, "phones need the pronunciations of words")]
    [InlineData("train.loss={multitask: {outputs: [2, 2]}}", "model.1.softmax.dim=3", "{softmax: {dim: 4}}")]
    [InlineData("train.loss=mmi-of-mine", Utterances, "'train.loss': expected a loss")]
    public void Loss_that_contradicts_the_recipe_is_refused(string loss, string more, string message)
    {
        var error = Assert.ThrowsAny<InputException>(() => Execute("run", _toy.Recipe("run"), [loss, more]));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Teacher_of_other_outputs_and_transcripts_without_units_are_refused()
    {
        Execute("teacher", _toy.Recipe("teacher"), []);
        var error = Assert.ThrowsAny<InputException>(() => Execute(
            "student", _toy.Recipe("student"), [$"train.loss={{teacher: {{model: {_toy.At("teacher")}}}}}", "model.1.softmax.dim=5"]));
        Assert.Contains("the teacher has 3 outputs, the network 5", error.Message, StringComparison.Ordinal);

        File.WriteAllLines(_toy.At("cv/text"), File.ReadAllLines(_toy.At("cv/text")).Select(line => $"{line.Split(' ')[0]} unknown"));
        error = Assert.ThrowsAny<InputException>(() => Execute("run", WithoutAlignments(_toy.Recipe("run")), CtcTraining));
        Assert.Contains("set 'cv': no utterance has a transcript of known units", error.Message, StringComparison.Ordinal);
    }

    // Even utterances are of the first language, odd ones of the second.
    private void WriteTasks(string set)
    {
        using var writer = Posterior.Table.Create($"ark:{_toy.At($"{set}/tasks.ark")}");
        foreach (var (index, (id, transitions)) in KaldiTables.IntVector.Read($"ark:{_toy.At($"{set}/ali.1")}").Index())
            writer.Write(id, Posterior.FromLabels([.. transitions.Select(transition => ((transition - 1) / 2) + (3 * (index % 2)))]));
    }

    private string WithoutAlignments(string recipe) => recipe
        .Replace($"alignments: {_toy.At("train")},", "", StringComparison.Ordinal)
        .Replace($"alignments: {_toy.At("cv")},", "", StringComparison.Ordinal)
        .Replace($"transition-model: {_toy.At("final.mdl")}", "root: .", StringComparison.Ordinal);

    private byte[] Model(string name) => File.ReadAllBytes(_toy.At($"{name}/model/model.safetensors"));

    private static RunResult Execute(
        string name, string recipe, string[] overrides, Action<ProgressEvent>? report = null, CancellationToken cancellation = default)
    {
        var loaded = RecipeReader.Parse(recipe, $"{name}.yaml", new() { Overrides = overrides });
        return TrainingRun.Execute(loaded, new(), new Watch(report ?? (_ => { })), TimeProvider.System, cancellation);
    }

    private sealed class Watch(Action<ProgressEvent> report) : ITrainingProgress
    {
        public void Report(ProgressEvent progress) => report(progress);

        public void Say(string line)
        {
        }
    }
}
