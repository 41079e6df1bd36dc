using System.Globalization;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Nnetbin;

[Collection("threads")]
public sealed class NnetTrainFrmshuffToolTests : IDisposable
{
    private readonly ToyNnet _toy = new(60, 45, 70, 33);

    [Fact]
    public void Run_as_the_scheduler_calls_it_learns_and_can_be_parsed()
    {
        var before = _toy.Train("init.nnet", null, "--randomize=false", "--verbose=0").Loss();
        var model = "init.nnet";
        var training = new List<double>();
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            training.Add(_toy.Train(
                model, $"nnet_iter{epoch}", "--cross-validate=false", "--randomize=true", "--verbose=0", "--learn-rate=0.008",
                "--momentum=0", "--l1-penalty=0", "--l2-penalty=0", "--randomizer-size=64", "--randomizer-seed=777").Loss());
            model = $"nnet_iter{epoch}";
        }

        var after = _toy.Train(model, null, "--randomize=false").Loss();

        Assert.True(after < before - 0.05, $"{before} became {after}");
        Assert.True(training[^1] < training[0]);
    }

    [Fact]
    public void Run_tells_what_Kaldi_tells()
    {
        var run = _toy.Train("init.nnet", "out.nnet", "--randomizer-size=64");

        var log = run.Errors;
        Assert.Contains("LOG (nnet-train-frmshuff) Seeding by srand with : 777\n", log, StringComparison.Ordinal);
        Assert.Contains("LOG (nnet-train-frmshuff) TRAINING STARTED\n", log, StringComparison.Ordinal);
        Assert.Contains("### After 0 frames,\n", log, StringComparison.Ordinal);
        Assert.Contains("### After 208 frames,\n", log, StringComparison.Ordinal);
        Assert.Contains("[2] output of <Sigmoid> ( min ", log, StringComparison.Ordinal);
        Assert.Contains("[0] diff of <Input>  ( min ", log, StringComparison.Ordinal);
        Assert.Contains("Component 1 : <AffineTransform>, \n  linearity_grad ( min ", log, StringComparison.Ordinal);
        Assert.Contains("Done 4 files, 0 with no tgt_mats, 0 with other errors. [TRAINING, RANDOMIZED, ", log, StringComparison.Ordinal);
        Assert.Contains("PER-CLASS PERFORMANCE:\n@@@ Frames per-class: [ ", log, StringComparison.Ordinal);
        Assert.Contains("\nprogress: []\nFRAME_ACCURACY >> ", log, StringComparison.Ordinal);
        Assert.Equal(2, log.Split("### GRADIENT STATS").Length - 1);
    }

    [Fact]
    public void Run_repeated_gives_the_same_bytes_and_another_seed_does_not()
    {
        byte[] Model(string file, string seed)
        {
            Assert.Equal(0, _toy.Train("init.nnet", file, "--randomizer-size=64", seed).Status);
            return File.ReadAllBytes(_toy.At(file));
        }

        Assert.Equal(Model("a", "--randomizer-seed=1"), Model("b", "--randomizer-seed=1"));
        Assert.NotEqual(Model("a", "--randomizer-seed=1"), Model("c", "--randomizer-seed=2"));
    }

    [Fact]
    public void Run_with_a_transform_apart_equals_one_that_is_joined()
    {
        // A linear transform by the identity is computed before frames are shuffled.
        var transform = Nnet1File.Read(_toy.At("transform.nnet")).Components;
        var identity = new FloatMatrix(3 * ToyNnet.Dim, 3 * ToyNnet.Dim);
        for (var i = 0; i < identity.Rows; i++)
            identity[i, i] = 1;

        _toy.Write("apart.nnet", [.. transform, new LinearTransform(identity)]);

        _toy.Train("init.nnet", "joined", "--randomizer-size=64");
        var run = _toy.Train("init.nnet", "apart", "--randomizer-size=64", $"--feature-transform={_toy.At("apart.nnet")}");

        Assert.True(run.Status == 0, run.Errors);
        AssertClose(_toy.Parameters("joined"), _toy.Parameters("apart"), 1e-6f);
    }

    [Fact]
    public void Run_with_momentum_and_penalties_differs_from_plain_and_from_each_other()
    {
        string[][] variants = [[], ["--momentum=0.9"], ["--l1-penalty=0.0001"], ["--l2-penalty=0.001"]];

        var models = variants.Select((options, i) =>
        {
            Assert.Equal(0, _toy.Train("init.nnet", $"v{i}", ["--randomize=false", .. options]).Status);
            return string.Join(' ', _toy.Parameters($"v{i}"));
        }).ToList();

        Assert.Equal(models.Count, models.Distinct().Count());
    }

    [Fact]
    public void Run_of_every_trainable_component_moves_it_and_keeps_what_does_not_learn()
    {
        const int Inputs = 3 * ToyNnet.Dim;
        var fixedShift = SomeComponents.Values(8, 0.5f);
        _toy.Write(
            "all.nnet",
            new Copy(Inputs, [.. Enumerable.Range(0, Inputs).Reverse()]),
            SomeComponents.Affine(Inputs, 8),
            new ParametricRelu(SomeComponents.Values(8, 1), SomeComponents.Values(8, 0.25f))
            {
                AlphaLearnRateCoef = 1,
                BetaLearnRateCoef = 0.5f,
            },
            new Dropout(8) { Rate = 0.2f },
            new LinearTransform(SomeComponents.Affine(8, 8).Weights),
            new Tanh(8),
            new AddShift(SomeComponents.Values(8, 0.1f)),
            new AddShift(fixedShift) { LearnRateCoef = 0 },
            new Rescale(SomeComponents.Values(8, 1.5f)),
            SomeComponents.Affine(8, ToyNnet.Classes),
            new Softmax(ToyNnet.Classes));

        var run = _toy.Train("all.nnet", "out.nnet", "--momentum=0.5");

        Assert.True(run.Status == 0, run.Errors);
        var (before, after) = (Nnet1File.Read(_toy.At("all.nnet")).Components, Nnet1File.Read(_toy.At("out.nnet")).Components);
        Assert.Equal(before.Select(c => c.Name), after.Select(c => c.Name));
        Assert.Equal(fixedShift, ((AddShift)after[7]).Shift);
        Assert.NotEqual(((ParametricRelu)before[2]).Alpha, ((ParametricRelu)after[2]).Alpha);
        Assert.NotEqual(((ParametricRelu)before[2]).Beta, ((ParametricRelu)after[2]).Beta);
        Assert.NotEqual(((LinearTransform)before[4]).Weights.Data, ((LinearTransform)after[4]).Weights.Data);
        Assert.NotEqual(((AddShift)before[6]).Shift, ((AddShift)after[6]).Shift);
        Assert.NotEqual(((Rescale)before[8]).Scale, ((Rescale)after[8]).Scale);
        Assert.Contains("alpha_grad ( min", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_with_weights_leaves_frames_and_utterances_out()
    {
        File.WriteAllText(_toy.At("utt.txt"), "utt0 1\nutt1 0\nutt2 2\nutt3 1\n");
        using (var frames = KaldiTables.FloatVector.Create($"ark:{_toy.At("frames.ark")}"))
        {
            frames.Write("utt0", [.. SomeComponents.Values(30, 0), .. SomeComponents.Values(30, 1)]);
            frames.Write("utt1", SomeComponents.Values(45, 1));
            frames.Write("utt2", SomeComponents.Values(70, 0.5f));
        }

        var run = _toy.Train(
            "init.nnet", "out.nnet", $"--frame-weights=ark:{_toy.At("frames.ark")}", $"--utt-weights=ark:{_toy.At("utt.txt")}");

        Assert.True(run.Status == 0, run.Errors);
        Assert.Contains("utt3, missing per-frame weights", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Done 2 files, 0 with no tgt_mats, 1 with other errors.", run.Errors, StringComparison.Ordinal);

        // 30 frames of utt0 and 70 of utt2 are 6 batches of 16.
        Assert.Contains("### After 96 frames,", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_passes_over_what_does_not_fit_and_says_so()
    {
        using (var features = KaldiTables.Matrix.Create($"ark:{_toy.At("feats.ark")}"))
        {
            features.Write("utt0", new FloatMatrix(57, ToyNnet.Dim));
            features.Write("utt1", new FloatMatrix(40, ToyNnet.Dim));
            features.Write("utt2", new FloatMatrix(70, ToyNnet.Dim));
            features.Write("other", new FloatMatrix(70, ToyNnet.Dim));
        }

        var run = _toy.Train("init.nnet", "out.nnet", "--max-frames=60");

        Assert.True(run.Status == 0, run.Errors);
        Assert.Contains(
            "WARNING (nnet-train-frmshuff) Length mismatch! Targets 45, features 40, utt1", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Utterance too long, skipping! utt2 (length 70, max_frames 60)", run.Errors, StringComparison.Ordinal);
        Assert.Contains("other, missing targets", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Done 1 files, 1 with no tgt_mats, 2 with other errors.", run.Errors, StringComparison.Ordinal);
        Assert.Contains("### After 48 frames,", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_with_squared_error_and_several_tasks_reports_each()
    {
        _toy.Write("mse.nnet", SomeComponents.Affine(12, 6), new Sigmoid(6), SomeComponents.Affine(6, ToyNnet.Classes));
        var blocks = new GenericComponent("BlockSoftmax", 3, 3, [new IntVectorField("BlockDims", [1, 2])]);
        _toy.Write("blocks.nnet", SomeComponents.Affine(12, 6), new Sigmoid(6), SomeComponents.Affine(6, ToyNnet.Classes), blocks);

        var mse = _toy.Train("mse.nnet", "a", "--objective-function=mse");
        var tasks = _toy.Train("blocks.nnet", "b", "--objective-function=multitask,xent,1,1.0,xent,2,0.5");
        var squares = _toy.Train("mse.nnet", "c", "--objective-function=multitask:mse:1:1.0:mse:2:1.0");

        Assert.Contains("(Mse), [RMS ", mse.Errors, StringComparison.Ordinal);
        Assert.Contains("MultiTaskLoss, with 2 parallel loss functions.\nLoss 1, AvgLoss: ", tasks.Errors, StringComparison.Ordinal);
        Assert.Contains(" (MultiTaskLoss), weights 1 0.5 , values ", tasks.Errors, StringComparison.Ordinal);
        Assert.True(
            double.Parse(tasks.LossOfScheduler().Trim(','), CultureInfo.InvariantCulture) >= 0 || tasks.LossOfScheduler() == "AvgLoss:");
        Assert.Equal(0, squares.Status);
    }

    [Theory]
    [InlineData("init.nnet", "--objective-function=mape", "expected xent, mse or multitask")]
    [InlineData("init.nnet", "--objective-function=multitask,xent,2,1.0", "the tasks have 2 outputs, the network has 3")]
    [InlineData("init.nnet", "--objective-function=multitask,xent,1,1,xent,2,1", "use <BlockSoftmax>")]
    [InlineData("init.nnet", "--minibatch-size=99999", "no more than --randomizer-size")]
    [InlineData("init.nnet", "--momentum=1", "--momentum: expected 0 or more and below 1, got 1")]
    [InlineData("init.nnet", "--use-gpu=maybe", "expected yes, no or optional")]
    [InlineData("missing.nnet", "--momentum=0", "missing.nnet")]
    [InlineData("linear.nnet", "--momentum=0", "xent needs <Softmax>")]
    [InlineData("within.nnet", "--momentum=0", "use <HiddenSoftmax>")]
    [InlineData("few.nnet", "--momentum=0", "target 2 is not one of the network's 2 outputs")]
    [InlineData("init.nnet", "--learn-rate=3e38", "diverges")]
    public void Run_with_a_fault_names_it_and_writes_no_model(string model, string option, string expected)
    {
        _toy.Write("linear.nnet", SomeComponents.Affine(12, ToyNnet.Classes));
        _toy.Write(
            "within.nnet", SomeComponents.Affine(12, 4), new Softmax(4), SomeComponents.Affine(4, ToyNnet.Classes),
            new Softmax(ToyNnet.Classes));
        _toy.Write("few.nnet", SomeComponents.Affine(12, 2), new Softmax(2));

        var run = _toy.Train(model, "out.nnet", option);

        Assert.Equal(255, run.Status);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_toy.At("out.nnet")));
    }

    [Fact]
    public void Run_without_a_place_for_the_model_is_a_wrong_call() =>
        Assert.Equal(1, TrainingToolRun.Of("nnet-train-frmshuff", "ark:a", "ark:b", "c.nnet").Status);

    [Fact]
    public void Run_on_less_than_a_batch_has_no_result()
    {
        var run = _toy.Train("init.nnet", "none.nnet", "--minibatch-size=256");

        Assert.Equal(255, run.Status);
        Assert.Contains("No batch of 256 frames came together", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_toy.At("none.nnet")));
    }

    public void Dispose() => _toy.Dispose();

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
