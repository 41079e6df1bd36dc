using Mimir.Base;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;
using Mimir.Train.Tests.Runs;

namespace Mimir.Train.Tests.Pretraining;

public sealed class RbmPretrainingTests : IDisposable
{
    private const string Layers =
        "model=[{affine: {dim: 12}}, {affine: {dim: 8, dropout: 0.1}}, {affine: {dim: 8, activation: relu}}, {softmax: {}}]";
    private const string Machines = "pretrain={rbm: {batch: 8, epochs: 2}}";

    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Fact]
    public void Run_trains_a_machine_for_each_sigmoid_layer_before_the_network()
    {
        var said = new List<string>();
        var result = Execute("run", said: said);

        Assert.Equal(RunStatus.Ok, result.Status);
        Assert.Contains(said, line => line.StartsWith("restricted Boltzmann machine 1 of 2: 12 to 12 units", StringComparison.Ordinal));
        Assert.Contains(said, line => line.StartsWith("restricted Boltzmann machine 2 of 2: 12 to 8 units", StringComparison.Ordinal));
        Assert.InRange(result.Best?.CvAccuracy ?? 0, 0.85, 1);
        Assert.Contains("pretraining", RunSummary.Read(_toy.At("run/summary.json")).StageSeconds.Keys);
        Assert.NotEqual(Model("run"), Model(Execute("plain", machines: "name=plain"), "plain"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_stopped_in_a_machine_and_called_again_gives_the_same_model_byte_for_byte(int machine)
    {
        Execute("unbroken");
        using var stop = new CancellationTokenSource();

        var stopped = Execute("stopped", progress =>
        {
            if (progress.Stage == RunStage.Pretraining && progress.Epoch == machine)
                stop.Cancel();
        }, cancellation: stop.Token);
        var resumed = Execute("stopped");

        Assert.Equal((RunStatus.Interrupted, RunStatus.Ok), (stopped.Status, resumed.Status));
        Assert.Equal(Model("unbroken"), Model("stopped"));
    }

    [Fact]
    public void Run_with_fewer_sigmoid_layers_than_machines_is_refused()
    {
        var error = Assert.ThrowsAny<InputException>(() => Execute("run", machines: "pretrain={rbm: {layers: 3}}"));

        Assert.Contains("the model begins with 2 sigmoid layers in a chain, expected 3 or more", error.Message, StringComparison.Ordinal);
    }

    private byte[] Model(string name) => File.ReadAllBytes(_toy.At($"{name}/model/model.safetensors"));

    private byte[] Model(RunResult result, string name) => result.Status == RunStatus.Ok ? Model(name) : [];

    private RunResult Execute(
        string name, Action<ProgressEvent>? report = null, List<string>? said = null, string machines = Machines,
        CancellationToken cancellation = default)
    {
        var loaded = RecipeReader.Parse(
            _toy.Recipe(name), "toy.yaml", new() { Overrides = [Layers, machines, "train.checkpoint.minutes=0"] });
        return TrainingRun.Execute(
            loaded, new() { Decode = false }, new Watch(report ?? (_ => { }), said ?? []), TimeProvider.System, cancellation);
    }

    private sealed class Watch(Action<ProgressEvent> report, List<string> said) : ITrainingProgress
    {
        public void Report(ProgressEvent progress) => report(progress);

        public void Say(string line) => said.Add(line);
    }
}
