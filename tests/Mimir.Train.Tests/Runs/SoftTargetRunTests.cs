using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>Runs that train towards posteriors, with weights of frames and utterances.</summary>
public sealed class SoftTargetRunTests : IDisposable
{
    private readonly ToyKaldi _toy = new();

    public SoftTargetRunTests()
    {
        Write("train");
        Write("cv");
    }

    public void Dispose() => _toy.Dispose();

    [Fact]
    public void Execute_with_the_alignments_as_posteriors_learns_what_it_learns_from_alignments()
    {
        var aligned = Execute(_toy.Recipe("ali"));

        var soft = Execute(Targets(_toy.Recipe("post"), "sharp"));

        Assert.Equal(RunStatus.Ok, soft.Status);
        Assert.Equal(aligned.Epochs.Count, soft.Epochs.Count);
        Assert.All(aligned.Epochs.Zip(soft.Epochs), pair =>
        {
            Assert.Equal(pair.First.CvLoss, pair.Second.CvLoss, 1e-3);
            Assert.Equal(pair.First.TrainLoss, pair.Second.TrainLoss, 1e-3);
            Assert.Equal(pair.First.CvAccuracy, pair.Second.CvAccuracy, 0.02);
        });
        Assert.Equal(File.ReadAllText(_toy.At("ali/model/pdf.counts")), File.ReadAllText(_toy.At("post/model/pdf.counts")));
        Assert.Equal(["cv", "test"], soft.Scores.Select(score => score.Set));
    }

    [Fact]
    public void Execute_with_soft_targets_reports_the_loss_above_that_of_the_targets()
    {
        var result = Execute(Targets(_toy.Recipe("soft"), "soft"));

        Assert.InRange(result.Best?.CvAccuracy ?? 0, 0.9, 1);
        Assert.InRange(result.Best?.CvLoss ?? 9, 0.0, 0.25);
    }

    [Fact]
    public void Execute_with_weights_stopped_and_called_again_gives_the_same_model_byte_for_byte()
    {
        Execute(Weights(Targets(_toy.Recipe("unbroken"), "soft")));
        using var stop = new CancellationTokenSource();
        var recipe = Weights(Targets(_toy.Recipe("stopped"), "soft"));

        var stopped = Execute(recipe, new Watch(progress =>
        {
            if (progress is { Stage: RunStage.Training, Epoch: 2 })
                stop.Cancel();
        }), stop.Token);
        var resumed = Execute(recipe);

        Assert.Equal((RunStatus.Interrupted, RunStatus.Ok), (stopped.Status, resumed.Status));
        Assert.Equal(Model("unbroken"), Model("stopped"));
    }

    [Fact]
    public void Execute_with_weights_of_1_and_0_trains_as_without_the_frames_of_0()
    {
        var watch = new Watch(_ => { });

        var result = Execute(Weights(_toy.Recipe("weighted")), watch);

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.Contains("set 'train': 1 utterances of weight 0 are left out.", watch.Said);
        var frames = KaldiTables.IntVector.Read($"ark:{_toy.At("train/ali.1")}").Skip(1).Sum(entry => entry.Value.Length - 1);
        Assert.Contains(watch.Seen, progress => progress is { Stage: RunStage.Training, Set: "train" } && progress.Total == frames);
        Assert.Contains(watch.Seen, progress => progress.Stage == RunStage.Training && progress.Done == frames);
    }

    [Fact]
    public void Execute_without_a_transition_model_takes_the_classes_of_the_softmax()
    {
        var recipe = Targets(_toy.Recipe("plain"), "soft")
            .Replace($"transition-model: {_toy.At("final.mdl")}", "", StringComparison.Ordinal)
            .Replace("softmax: {}", "softmax: {dim: 3}", StringComparison.Ordinal);
        recipe = recipe[..recipe.IndexOf("decode:", StringComparison.Ordinal)];

        var result = Execute(recipe.Replace(", }", "}", StringComparison.Ordinal));

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.False(File.Exists(_toy.At("plain/model/final.mdl")));
        Assert.Equal(3, PdfCounts.Read(_toy.At("plain/model/pdf.counts")).Values.Count);
    }

    [Fact]
    public void Execute_counts_utterances_without_targets_or_weights_as_dropped()
    {
        Write("train", leaveOut: 3);

        var error = Assert.Throws<InputException>(() => Execute(Weights(Targets(_toy.Recipe("few"), "soft").Replace(
            "train:\n", "train:\n  max-dropped: 0.01\n", StringComparison.Ordinal))));

        Assert.Contains("3 of 39 utterances dropped: 3 without targets", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void Execute_refuses_weights_that_are_none(float weight)
    {
        using (var writer = KaldiTables.FloatScalar.Create($"ark:{_toy.At("train/utt.ark")}"))
        {
            for (var utterance = 0; utterance < 40; utterance++)
                writer.Write($"train{utterance:D3}", utterance == 7 ? weight : 1);
        }

        var error = Assert.Throws<InputException>(() => Execute(Weights(Targets(_toy.Recipe("bad"), "soft"))));

        Assert.Contains("set 'train', utterance 'train007': expected a finite weight from 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("utt.ark", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alignments: A, targets: 'ark:post'", "", "the set has alignments too")]
    [InlineData("", "", "a table of posteriors (targets)")]
    [InlineData("targets: 'ark:post'", "", "nothing says how many classes there are")]
    [InlineData("targets: 'ark:post'", "dim: 3", "decoding needs to know")]
    public void Recipe_with_targets_that_cannot_be_is_refused(string set, string softmax, string expected)
    {
        var recipe = $$"""
            name: x
            corpus:
              train: {dir: d, features: 'ark:f', {{set}} }
              cv: {dir: d, features: 'ark:f', targets: 'ark:post'}
            features: {type: given}
            model: [softmax: { {{softmax}} }]
            decode: {graph: g, tune-on: cv}
            """;

        var error = Assert.ThrowsAny<InputException>(() => RecipeReader.Parse(recipe, "x.yaml", new()));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    // The first utterance has the weight 0, and in the others the second frame.
    private void Write(string set, int leaveOut = 0)
    {
        using var sharp = Posterior.Table.Create($"ark:{_toy.At($"{set}/sharp.ark")}");
        using var soft = Posterior.Table.Create($"ark,t:{_toy.At($"{set}/soft.ark")}");
        using var frames = KaldiTables.FloatVector.Create($"ark:{_toy.At($"{set}/frames.ark")}");
        using var utterances = KaldiTables.FloatScalar.Create($"ark:{_toy.At($"{set}/utt.ark")}");
        foreach (var (id, transitions) in KaldiTables.IntVector.Read($"ark:{_toy.At($"{set}/ali.1")}").SkipLast(leaveOut))
        {
            int[] pdfs = [.. transitions.Select(transition => (transition - 1) / 2)];
            sharp.Write(id, Posterior.FromLabels(pdfs));
            soft.Write(id, Posterior.FromPairs([.. pdfs.Select(pdf => new[] { ((pdf + 1) % 3, 0.125f), (pdf, 0.875f) })]));
            frames.Write(id, [.. pdfs.Select((_, frame) => frame == 1 ? 0f : 1f)]);
            utterances.Write(id, id.EndsWith("000", StringComparison.Ordinal) ? 0 : 1);
        }
    }

    private string Targets(string recipe, string table) => recipe
        .Replace($"alignments: {_toy.At("train")},", $"targets: 'ark:{_toy.At($"train/{table}.ark")}',", StringComparison.Ordinal)
        .Replace($"alignments: {_toy.At("cv")},", $"targets: 'ark:{_toy.At($"cv/{table}.ark")}',", StringComparison.Ordinal);

    private string Weights(string recipe) => recipe.Replace(
        $"train: {{dir: {_toy.At("train")},",
        $"train: {{dir: {_toy.At("train")}, frame-weights: 'ark:{_toy.At("train/frames.ark")}', "
        + $"utterance-weights: 'ark:{_toy.At("train/utt.ark")}',",
        StringComparison.Ordinal);

    private byte[] Model(string name) => File.ReadAllBytes(_toy.At($"{name}/model/model.safetensors"));

    private static RunResult Execute(string recipe, Watch? watch = null, CancellationToken cancellation = default) => TrainingRun.Execute(
        RecipeReader.Parse(recipe, "toy.yaml", new()), new(), watch ?? new Watch(_ => { }), TimeProvider.System, cancellation);

    private sealed class Watch(Action<ProgressEvent> report) : ITrainingProgress
    {
        public List<string> Said { get; } = [];

        public List<ProgressEvent> Seen { get; } = [];

        public void Report(ProgressEvent progress)
        {
            Seen.Add(progress);
            report(progress);
        }

        public void Say(string line) => Said.Add(line);
    }
}
