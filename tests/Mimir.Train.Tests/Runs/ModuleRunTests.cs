using Mimir.Base;
using Mimir.Samples;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>A run with a TorchSharp module of the user's own: that of <c>samples/ModuleBlock</c>.</summary>
public sealed class ModuleRunTests : IDisposable
{
    private static readonly string Assembly = typeof(GatedLinear).Assembly.Location;
    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Fact]
    public void Execute_with_a_module_trains_and_decodes()
    {
        var result = Execute("run");

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.InRange(result.Best?.CvAccuracy ?? 0, 0.9, 1);
        Assert.All(result.Scores, score => Assert.InRange(score.Counts.Percent, 0, 15));
        Assert.Equal((2 * ((12 * 16) + 16)) + (2 * 16) + (16 * 3) + 3, RunSummary.Read(_toy.At("run/summary.json")).Parameters);
    }

    [Fact]
    public void Execute_with_a_module_stopped_in_mid_epoch_gives_the_same_model_byte_for_byte()
    {
        using var stop = new CancellationTokenSource();
        Execute("unbroken");

        var stopped = Execute("stopped", stop);
        var resumed = Execute("stopped");

        Assert.Equal((RunStatus.Interrupted, RunStatus.Ok), (stopped.Status, resumed.Status));
        Assert.Equal(Model("unbroken"), Model("stopped"));
    }

    [Theory]
    [InlineData("type: GatedLinear, output-dims: 16", "unknown option 'output-dims'; the nearest of its options is 'output-dim'")]
    [InlineData("type: GatedLiner, output-dim: 16", "the nearest of its classes is 'GatedLinear'")]
    public void Execute_with_a_module_that_does_not_fit_is_one_clear_line(string layer, string expected)
    {
        var error = Assert.Throws<InputException>(() => Execute("run", layer: layer));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private byte[] Model(string name) => File.ReadAllBytes(_toy.At($"{name}/model/model.safetensors"));

    private RunResult Execute(
        string name, CancellationTokenSource? stop = null, string layer = "type: GatedLinear, output-dim: 16, dropout: 0.1")
    {
        string[] overrides = [$"model=[{{module: {{assembly: '{Assembly}', {layer}}}}}, {{softmax: {{}}}}]"];
        var loaded = RecipeReader.Parse(_toy.Recipe(name), "toy.yaml", new() { Overrides = overrides });
        return TrainingRun.Execute(loaded, new(), new StopInSecondEpoch(stop), TimeProvider.System, stop?.Token ?? default);
    }

    private sealed class StopInSecondEpoch(CancellationTokenSource? stop) : ITrainingProgress
    {
        public void Report(ProgressEvent progress)
        {
            if (progress is { Stage: RunStage.Training, Epoch: 2 })
                stop?.Cancel();
        }

        public void Say(string line)
        {
        }
    }
}
