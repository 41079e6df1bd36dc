using Mimir.Base;
using Mimir.Dist.Transports;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>Runs that train by lattices from a trained network on.</summary>
public sealed class LatticeRunTests : IDisposable
{
    private const string Affine = "model=[{affine: {dim: 8}}, {softmax: {}}]";
    private const string Blstm = "model=[{blstm: {dim: 6}}, {softmax: {}}]";
    private const string Tdnnf = "model=[{tdnnf: {dim: 16, bottleneck: 6, repeat: 2}}, {softmax: {}}]";
    private const string Smbr = "train.loss={smbr: {silence-phones: [], acoustic-scale: 0.5}}";
    private const string Fresh = "train.loss={smbr: {lattices: on-the-fly, silence-phones: [], acoustic-scale: 0.5}}";
    private const string Boosted = "train.loss={mmi: {boost: 0.5, silence-phones: [], acoustic-scale: 0.5}}";
    private const string Mpe = "train.loss={mpe: {frame-smoothing: 0.1, silence-phones: [], acoustic-scale: 0.5}}";

    private static readonly string[] Training =
    [
        "train.batch={unit: utterances, frames: 100}", "train.optimiser={sgd: {rate: 0.01, momentum: 0.5}}",
        "train.schedule={constant: {epochs: 3}}",
    ];

    private readonly ToyKaldi _toy = new();

    public void Dispose() => _toy.Dispose();

    [Theory]
    [InlineData(Affine, Smbr, "expected accuracy")]
    [InlineData(Affine, Boosted, "MMI objective")]
    [InlineData(Blstm, Mpe, "expected accuracy")]
    [InlineData(Tdnnf, Boosted, "MMI objective")]
    public void Training_raises_the_objective_of_the_network_that_it_starts_from(string model, string loss, string objective)
    {
        var start = Start(model);

        var result = Execute("run", [model, loss]);

        Assert.Equal(RunStatus.Ok, result.Status);
        var (before, best) = (result.Epochs[0], result.Best);
        Assert.Equal(start.Best?.CvAccuracy ?? 0, before.CvAccuracy, 1e-9);
        Assert.Equal(start.Best?.CvLoss ?? 0, before.CvMeasures?["cross-entropy"] ?? 0, 1e-6);
        Assert.True(best?.CvMeasures?[objective] > before.CvMeasures?[objective]);
        Assert.All(result.Epochs, epoch => Assert.Equal(0, epoch.CvMeasures?["without lattice"]));
        Assert.Equal(["cv", "test"], result.Scores.Select(score => score.Set));
    }

    [Fact]
    public void Lattices_made_on_the_fly_are_those_of_the_network_as_it_is()
    {
        Start(Affine);
        var once = Execute("once", [Affine, Smbr]);

        var fresh = Execute("fresh", [Affine, Fresh]);

        double Of(RunResult run, int epoch) => run.Epochs[epoch].CvMeasures?["expected accuracy"] ?? 0;
        Assert.Equal(Of(once, 0), Of(fresh, 0), 1e-6);
        Assert.NotEqual(Of(once, 1), Of(fresh, 1), 1e-6);
        Assert.NotEqual(Weights("once"), Weights("fresh"));
    }

    [Theory]
    [InlineData(Smbr, RunStage.Training)]
    [InlineData(Smbr, RunStage.Decoding)]
    [InlineData(Fresh, RunStage.Training)]
    public void A_run_that_was_stopped_ends_in_the_same_bytes(string loss, RunStage where)
    {
        Start(Affine);
        Execute("unbroken", [Affine, loss]);
        using var stop = new CancellationTokenSource();

        var stopped = Execute("stopped", [Affine, loss], stop: progress =>
        {
            if (progress.Stage == where && (where != RunStage.Training || progress.Epoch == 2))
                stop.Cancel();
        }, cancellation: stop.Token);
        Execute("stopped", [Affine, loss]);

        Assert.Equal(RunStatus.Interrupted, stopped.Status);
        Assert.Equal(Weights("unbroken"), Weights("stopped"));
    }

    [Fact]
    public void Two_workers_in_step_do_what_one_does()
    {
        Start(Affine);
        var alone = Execute("alone", [Affine, Smbr]);
        var sets = new SetCache();

        Parallel.ForEach(InProcessTransport.Create(2, TimeSpan.FromSeconds(60)), new() { MaxDegreeOfParallelism = 2 }, transport =>
        {
            using var team = WorkerTeam.Of(transport);
            Execute("both", [Affine, Smbr, "distribute.update={sync: {}}"], new() { Team = team, Sets = sets, Decode = false });
        });

        var both = new TrainedModel(_toy.At("both/model")).History();
        foreach (var (one, two) in alone.Epochs.Zip(both))
            Assert.Equal(one.CvMeasures?["expected accuracy"] ?? 0, two.CvMeasures?["expected accuracy"] ?? 1, 1e-5);
    }

    [Fact]
    public void Lattices_of_another_start_are_made_anew()
    {
        Start(Affine);
        Execute("run", [Affine, Smbr]);
        var archive = _toy.At("run/lattices/train.0.ark");
        var before = File.ReadAllBytes(archive);

        Start(Affine, "seed=5");
        Execute("run", [Affine, Smbr], new() { Restart = true });

        Assert.NotEqual(before, File.ReadAllBytes(archive));
        Assert.Empty(Directory.GetFiles(_toy.At("run/lattices"), "*.tmp"));
    }

    [Fact]
    public void A_start_network_of_other_layers_is_refused()
    {
        Start(Affine);

        var error = Assert.Throws<InputException>(() => Execute("run", [Tdnnf, Smbr]));

        Assert.Contains("has other layers than 'model' of this recipe", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.from=", "'train.from' is missing")]
    [InlineData("train.batch={unit: frames, frames: 100}", "lattices are of whole utterances")]
    [InlineData("train.batch={unit: utterances, frames: 100, segment: 20}", "lattices are of whole utterances")]
    [InlineData("evaluate={chunk: 10}", "cross-validation sees whole ones")]
    [InlineData("augment={speed: [0.9, 1.1]}", "set it to on-the-fly")]
    [InlineData("corpus.train.utterance-weights=ark:w.ark", "take no weights")]
    public void A_recipe_that_contradicts_lattices_is_refused_with_the_remedy(string change, string expected)
    {
        string[] from = change.StartsWith("train.from", StringComparison.Ordinal) ? [] : [$"train.from={_toy.At("start")}", change];

        var error = Assert.ThrowsAny<InputException>(() => RecipeReader.Parse(
            _toy.Recipe("run"), "toy.yaml", new() { Overrides = [Affine, Smbr, Training[0], .. from] }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private RunResult Start(string model, string other = "seed=777") => TrainingRun.Execute(
        RecipeReader.Parse(_toy.Recipe("start"), "toy.yaml", new()
        {
            Overrides =
            [
                model, other, "train.batch={unit: utterances, frames: 100}", "train.optimiser={sgd: {rate: 0.005}}",
                "train.schedule={constant: {epochs: 2}}",
            ],
        }),
        new() { Decode = false, Restart = true }, new Watch(_ => { }), TimeProvider.System, CancellationToken.None);

    private RunResult Execute(
        string name, string[] overrides, RunOptions? options = null, Action<ProgressEvent>? stop = null,
        CancellationToken cancellation = default) => TrainingRun.Execute(
            RecipeReader.Parse(_toy.Recipe(name), "toy.yaml", new()
            {
                Overrides = [.. Training, $"train.from={_toy.At("start")}", .. overrides],
            }),
            options ?? new(), new Watch(stop ?? (_ => { })), TimeProvider.System, cancellation);

    private byte[] Weights(string name) => File.ReadAllBytes(_toy.At($"{name}/model/model.safetensors"));

    private sealed class Watch(Action<ProgressEvent> report) : ITrainingProgress
    {
        public void Report(ProgressEvent progress) => report(progress);

        public void Say(string line)
        {
        }
    }
}
