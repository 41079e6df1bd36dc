using System.Globalization;
using Mimir.Kaldi.Nnet1;

namespace Mimir.KaldiTools.Tests.Nnetbin;

[Collection("threads")]
public sealed class RbmTrainCd1FrmshuffToolTests : IDisposable
{
    private readonly ToyNnet _toy = new(60, 45, 70, 33);

    [Fact]
    public void Stack_of_machines_becomes_a_network_as_in_pretrain_dbn()
    {
        Machine("1.rbm.init", 3 * ToyNnet.Dim, 8, "gauss");
        Succeeds(
            "rbm-train-cd1-frmshuff",
            [.. Training, "--learn-rate=0.01", "--num-iters=2", _toy.At("1.rbm.init"), Features, _toy.At("1.rbm")]);
        Succeeds("rbm-convert-to-nnet", [_toy.At("1.rbm"), _toy.At("1.dbn")]);
        Machine("2.rbm.init", 8, 5, "bern");
        Succeeds("nnet-concat", [_toy.At("transform.nnet"), _toy.At("1.dbn"), _toy.At("below.nnet")]);
        Succeeds(
            "rbm-train-cd1-frmshuff",
            [.. Training.Where(word => !word.StartsWith("--feature", StringComparison.Ordinal)),
                $"--feature-transform={_toy.At("below.nnet")}", _toy.At("2.rbm.init"), Features, _toy.At("2.rbm")]);
        Succeeds("rbm-convert-to-nnet", [_toy.At("2.rbm"), _toy.At("2.nnet")]);
        Succeeds("nnet-concat", [_toy.At("1.dbn"), _toy.At("2.nnet"), _toy.At("2.dbn")]);

        var layers = Nnet1File.Read(_toy.At("2.dbn")).Components;
        Assert.Equal(["AffineTransform", "Sigmoid", "AffineTransform", "Sigmoid"], layers.Select(layer => layer.Name));
        Assert.Equal((3 * ToyNnet.Dim, 5), (layers[0].InputDim, layers[^1].OutputDim));
    }

    [Fact]
    public void More_iterations_reconstruct_better_and_the_log_is_Kaldis()
    {
        Machine("init", 3 * ToyNnet.Dim, 8, "gauss");
        var once = Train("once", "--num-iters=1");
        var often = Train("often", "--num-iters=20", "--verbose=1");

        Assert.True(Loss(often) < Loss(once), $"{Loss(often)} after {Loss(once)}");
        Assert.Contains("LOG (rbm-train-cd1-frmshuff) RBM TRAINING STARTED\n", once.Errors, StringComparison.Ordinal);
        Assert.Contains("Iteration 20/20\n", often.Errors, StringComparison.Ordinal);
        Assert.Contains("Done 1 iterations, 4 files, skipped 0 files. [", once.Errors, StringComparison.Ordinal);
        Assert.Contains("Setting momentum 0.9 and learning rate 0.025 after processing ", often.Errors, StringComparison.Ordinal);
        Assert.Contains("\nprogress: []\n", once.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_would_explode_are_scaled_down_with_a_warning()
    {
        Machine("init", 3 * ToyNnet.Dim, 8, "gauss", deviation: 20);

        Assert.Contains("danger of weight explosion. a) Reducing weights with scale ", Train("out").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_seed_gives_the_same_bytes()
    {
        Machine("init", 3 * ToyNnet.Dim, 8, "gauss");
        byte[] Model(string file, string seed)
        {
            Assert.Equal(0, Train(file, seed).Status);
            return File.ReadAllBytes(_toy.At(file));
        }

        Assert.Equal(Model("a", "--randomizer-seed=1"), Model("b", "--randomizer-seed=1"));
        Assert.NotEqual(Model("a", "--randomizer-seed=1"), Model("c", "--randomizer-seed=2"));
    }

    [Fact]
    public void Another_network_or_other_features_are_refused_in_one_line()
    {
        Machine("init", 7, 8, "gauss");
        Refused("takes 7 inputs", [.. Training, _toy.At("init"), Features, _toy.At("out")]);
        Refused("expected a network of one component, <Rbm>", [.. Training, _toy.At("init.nnet"), Features, _toy.At("out")]);
        Refused("frames of 4 values, expected 7", ["--num-threads=1", _toy.At("init"), Features, _toy.At("out")]);
        Assert.False(File.Exists(_toy.At("out")));
    }

    public void Dispose() => _toy.Dispose();

    private string Features => $"ark:{_toy.At("feats.ark")}";

    private string[] Training =>
    [
        "--num-threads=1", "--use-gpu=no", "--minibatch-size=16", "--randomizer-size=64",
        $"--feature-transform={_toy.At("transform.nnet")}",
    ];

    private static double Loss(TrainingToolRun run) => double.Parse(run.LossOfScheduler(), CultureInfo.InvariantCulture);

    private TrainingToolRun Train(string output, params string[] options)
    {
        var run = TrainingToolRun.Of(
            "rbm-train-cd1-frmshuff", [.. Training, "--learn-rate=0.05", .. options, _toy.At("init"), Features, _toy.At(output)]);
        Assert.True(run.Status == 0, run.Errors);
        return run;
    }

    private void Machine(string file, int visible, int hidden, string unit, double deviation = 0.1)
    {
        File.WriteAllText(
            _toy.At("rbm.proto"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"<Rbm> <InputDim> {visible} <OutputDim> {hidden} <VisibleType> {unit} <HiddenType> bern <ParamStddev> {deviation}\n"));
        Succeeds("nnet-initialize", [_toy.At("rbm.proto"), _toy.At(file)]);
    }

    private static void Succeeds(string tool, string[] arguments)
    {
        var run = TrainingToolRun.Of(tool, arguments);
        Assert.True(run.Status == 0, run.Errors);
    }

    private static void Refused(string message, string[] arguments)
    {
        var run = TrainingToolRun.Of("rbm-train-cd1-frmshuff", arguments);
        Assert.Equal(255, run.Status);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }
}
