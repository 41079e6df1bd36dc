using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>A corpus of which five utterances are poisoned: NaN, infinity, an absurd gain, and two wrong transcripts.</summary>
public sealed class QuarantineRunTests : IDisposable
{
    private const string Limits = "train.quarantine={max-share: 0.2}";
    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Fact]
    public void Execute_sets_the_five_aside_says_so_everywhere_and_learns_as_well()
    {
        var clean = Execute("clean");
        Poison();

        var result = Execute("run");

        Assert.Equal((RunStatus.Ok, RunStatus.Ok), (clean.Status, result.Status));
        Assert.InRange(result.Best?.CvAccuracy ?? 0, (clean.Best?.CvAccuracy ?? 1) - 0.03, 1);
        Assert.False(File.Exists(_toy.At("clean/quarantine")));
        var found = RunSummary.Read(_toy.At("run/summary.json")).Quarantined;
        Assert.Equal(["train003", "train007", "train011", "train015", "train019"], found.Select(one => one.Utterance).Order());
        Assert.Equal([0, 0, 0, 3, 3], found.Select(one => one.Epoch).Order());
        Assert.Equal(
            found.Select(one => $"{one.Utterance} {one.Reason}").Order(), File.ReadAllLines(_toy.At("run/quarantine")).Order());
        var report = File.ReadAllText(_toy.At("run/report.html"));
        Assert.Contains("Utterances set aside", report, StringComparison.Ordinal);
        Assert.All(found, one => Assert.Contains(one.Utterance, report, StringComparison.Ordinal));
    }

    [Fact]
    public void Execute_stopped_in_mid_epoch_after_utterances_were_set_aside_gives_the_same_model_byte_for_byte()
    {
        Poison();
        Execute("unbroken");
        using var stop = new CancellationTokenSource();

        var stopped = Execute("stopped", stop: stop);
        var resumed = Execute("stopped");

        Assert.Equal((RunStatus.Interrupted, RunStatus.Ok), (stopped.Status, resumed.Status));
        Assert.Equal(Model("unbroken"), Model("stopped"));
        Assert.Equal(
            File.ReadAllLines(_toy.At("unbroken/quarantine")).Order(), File.ReadAllLines(_toy.At("stopped/quarantine")).Order());
    }

    [Fact]
    public void Execute_with_more_than_the_limit_is_one_clear_line()
    {
        Poison();

        var error = Assert.Throws<InputException>(() => Execute("run", "train.quarantine={max-share: 0.05}"));

        Assert.Contains("3 of 40 training utterances are set aside", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(_toy.At("run/quarantine")).Length);
    }

    [Fact]
    public void Execute_that_is_to_stop_names_the_utterance()
    {
        Poison();

        var error = Assert.Throws<InputException>(() => Execute("run", "train.nan=stop"));

        Assert.Contains("'train003'", error.Message, StringComparison.Ordinal);
        Assert.Contains("frame 2", error.Message, StringComparison.Ordinal);
    }

    private byte[] Model(string name) => File.ReadAllBytes(_toy.At($"{name}/model/model.safetensors"));

    private void Poison()
    {
        var (features, targets) = (_toy.At("train/feats.ark"), _toy.At("train/ali.1"));
        var matrices = KaldiTables.Matrix.Read($"ark:{features}").ToList();
        using (var table = KaldiTables.Matrix.Create($"ark:{features}"))
        {
            foreach (var (id, matrix) in matrices)
            {
                Spoil(id, matrix);
                table.Write(id, matrix);
            }
        }

        var alignments = KaldiTables.IntVector.Read($"ark:{targets}").ToList();
        using var made = KaldiTables.IntVector.Create($"ark:{targets}");
        foreach (var (id, alignment) in alignments)
            made.Write(id, id is "train015" or "train019" ? [.. alignment.Select(NextWord)] : alignment);
    }

    private static void Spoil(string id, FloatMatrix matrix)
    {
        for (var i = 0; i < matrix.Data.Length; i++)
        {
            matrix.Data[i] = id switch
            {
                "train003" when i == 10 => float.NaN,
                "train007" when i % 3 == 0 => float.PositiveInfinity,
                "train011" => 1e6f * matrix.Data[i],
                _ => matrix.Data[i],
            };
        }
    }

    // Transition-ids 1 and 2 are of the first word, 3 and 4 of the second.
    private static int NextWord(int transition) => ((transition - 1 + 2) % 6) + 1;

    private RunResult Execute(string name, string limits = Limits, CancellationTokenSource? stop = null)
    {
        var loaded = RecipeReader.Parse(
            _toy.Recipe(name), "toy.yaml",
            new() { Overrides = [limits, "train.schedule={constant: {epochs: 5}}", "train.batch.frames=16"] });
        return TrainingRun.Execute(
            loaded, new() { Decode = false }, new StopInFourthEpoch(stop), TimeProvider.System, stop?.Token ?? default);
    }

    private sealed class StopInFourthEpoch(CancellationTokenSource? stop) : ITrainingProgress
    {
        public void Report(ProgressEvent progress)
        {
            if (progress is { Stage: RunStage.Training, Epoch: 4 })
                stop?.Cancel();
        }

        public void Say(string line)
        {
        }
    }
}
