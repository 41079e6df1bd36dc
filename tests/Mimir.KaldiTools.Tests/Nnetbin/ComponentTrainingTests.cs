using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>Every component of nnet1 in a file, trained by the program.</summary>
[Collection("threads")]
public sealed class ComponentTrainingTests : IDisposable
{
    private const int Inputs = 3 * ToyNnet.Dim, Hidden = 8, Minibatch = 16;

    private readonly ToyNnet _toy = new(60, 45, 70, 33);

    public static TheoryData<string> Computed =>
    [
        "AffineTransform", "AffineTransform with rates and a largest norm", "LinearTransform", "Sigmoid", "Tanh", "HiddenSoftmax",
        "ParametricRelu", "ParametricRelu that does not learn", "ParametricRelu with alpha", "ParametricRelu with beta", "ReLU",
        "ReLU behind ReLU", "Copy", "AddShift", "AddShift that does not learn", "Rescale", "Rescale that does not learn", "all",
    ];

    [Theory]
    [MemberData(nameof(Computed))]
    public void Component_is_trained_as_plain_loops_train_it(string name)
    {
        NnetComponent[] network =
        [
            SomeComponents.Affine(Inputs, Hidden), .. Between(name), SomeComponents.Affine(Hidden, ToyNnet.Classes),
            new Softmax(ToyNnet.Classes),
        ];
        _toy.Write("start.nnet", network);
        foreach (var momentum in new[] { 0, 0.9 })
        {
            foreach (var text in new[] { "--binary=false", "--binary=true" })
            {
                var run = _toy.Train(
                    "start.nnet", "out.nnet", "--randomize=false", "--learn-rate=0.002", text,
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"--momentum={momentum}"));

                Assert.True(run.Status == 0, run.Errors);
                var expected = PlainlyTrained(network, 0.002, momentum);
                var actual = _toy.Parameters("out.nnet");
                Assert.Equal(expected.Length, actual.Length);
                Assert.InRange(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max(), 0, 2e-5);
                Assert.Contains("### GRADIENT STATS", run.Errors, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Whole_utterance_is_trained_as_plain_loops_train_it()
    {
        NnetComponent[] network =
        [
            SomeComponents.Affine(Inputs, Hidden), .. Between("all"), SomeComponents.Affine(Hidden, ToyNnet.Classes),
            new Softmax(ToyNnet.Classes),
        ];
        _toy.Write("start.nnet", network);

        // As in Kaldi the last utterance of the buffer is left out, so the only one is there twice.
        var (utterance, matrix) = KaldiTables.Matrix.Read($"ark:{_toy.At("feats.ark")}").First();
        _toy.Features = "twice.ark";
        using (var twice = KaldiTables.Matrix.Create($"ark:{_toy.At(_toy.Features)}"))
        {
            twice.Write(utterance, matrix);
            twice.Write($"{utterance}-again", matrix);
        }

        var targets = File.ReadLines(_toy.At("post.txt")).First();
        File.WriteAllLines(
            _toy.At("post.txt"), [targets, targets.Replace(utterance, $"{utterance}-again", StringComparison.Ordinal)]);

        var run = _toy.TrainWith(
            "nnet-train-multistream-perutt", "start.nnet", "out.nnet", "--num-streams=1", "--learn-rate=0.0005", "--momentum=0.9");

        Assert.True(run.Status == 0, run.Errors);
        Assert.Contains("-again, the last utterance of the buffer, is left out", run.Errors, StringComparison.Ordinal);
        var expected = PlainlyTrained(network, 0.0005, 0.9, matrix.Rows, utterances: 1);
        Assert.InRange(expected.Zip(_toy.Parameters("out.nnet"), (e, a) => Math.Abs(e - a)).Max(), 0, 2e-5);
    }

    [Theory]
    [InlineData("nnet-train-frmshuff", "--minibatch-size=16")]
    [InlineData("nnet-train-multistream", "--num-streams=2")]
    [InlineData("nnet-train-multistream-perutt", "--num-streams=2")]
    public void Component_that_is_only_kept_is_named_in_one_line(string tool, string option)
    {
        string[] prototypes =
        [
            "<ConvolutionalComponent> <InputDim> 12 <OutputDim> 10 <PatchDim> 2 <PatchStep> 1 <PatchStride> 6",
            "<LengthNormComponent> <InputDim> 12 <OutputDim> 12",
            "<AveragePoolingComponent> <InputDim> 12 <OutputDim> 6 <PoolSize> 2 <PoolStep> 2 <PoolStride> 6",
            "<MaxPoolingComponent> <InputDim> 12 <OutputDim> 6 <PoolSize> 2 <PoolStep> 2 <PoolStride> 6",
            "<SimpleSentenceAveragingComponent> <InputDim> 12 <OutputDim> 12",
            "<RecurrentComponent> <InputDim> 12 <OutputDim> 8",
        ];
        foreach (var prototype in prototypes)
        {
            var name = prototype.Split(' ')[0];
            var outputs = prototype.Split(' ')[4];
            File.WriteAllText(
                _toy.At("kept.proto"),
                $"{prototype}\n<AffineTransform> <InputDim> {outputs} <OutputDim> 3\n<Softmax> <InputDim> 3 <OutputDim> 3\n");
            var made = TrainingToolRun.Of("nnet-initialize", _toy.At("kept.proto"), _toy.At("kept.nnet"));
            Assert.True(made.Status == 0, made.Errors);

            var run = _toy.TrainWith(tool, "kept.nnet", "out.nnet", option);

            Assert.Equal(255, run.Status);
            var error = Assert.Single(run.Errors.Split('\n'), line => line.StartsWith("ERROR", StringComparison.Ordinal));
            Assert.Contains(name, error, StringComparison.Ordinal);
            Assert.EndsWith("can be read and written here, but not computed.", error, StringComparison.Ordinal);
            Assert.False(File.Exists(_toy.At("out.nnet")));
        }
    }

    // Kaldi's own ParametricRelu run: its prototype and seed make the same start as Kaldi's, its log has these figures.
    [SharedDataFact]
    public void Network_of_Kaldis_prototype_with_rectifiers_gives_the_figures_of_Kaldis_log()
    {
        var steps = SharedData.At("goldens/kaldi/nnet1_steps/");
        var prototype = File.ReadAllText(steps + "Sigmoid.proto").Replace("<Sigmoid>", "<ParametricRelu>", StringComparison.Ordinal);
        File.WriteAllText(_toy.At("relu.proto"), prototype);
        TrainingToolRun Run(string option, params string[] models) => TrainingToolRun.Of(
            "nnet-train-frmshuff",
            [
                $"--feature-transform={steps}transf.nnet", "--use-gpu=no", "--randomize=false", "--minibatch-size=256", option,
                $"ark:{steps}feats.ark", $"ark:{steps}post.txt", .. models.Select(_toy.At),
            ]);
        var log = File.ReadAllLines(steps + "summary.txt");
        void AssertAsInLog(string name, TrainingToolRun run)
        {
            Assert.True(run.Status == 0, run.Errors);
            foreach (var line in log.Where(line => line.Contains($"ParametricRelu.{name}.log", StringComparison.Ordinal)))
            {
                var start = Math.Max(line.IndexOf("AvgLoss", StringComparison.Ordinal), line.IndexOf("FRAME_", StringComparison.Ordinal));
                Assert.Contains(line[start..].Trim(), run.Errors, StringComparison.Ordinal);
            }
        }

        var made = TrainingToolRun.Of("nnet-initialize", "--binary=false", "--seed=777", _toy.At("relu.proto"), _toy.At("relu.init"));

        Assert.True(made.Status == 0, made.Errors);
        Assert.Equal(6, log.Count(line => line.Contains("ParametricRelu", StringComparison.Ordinal)));
        AssertAsInLog("cv-init", Run("--cross-validate=true", "relu.init"));
        AssertAsInLog("lr008", Run("--learn-rate=0.008", "relu.init", "relu.lr008"));
        AssertAsInLog("cv-lr008", Run("--cross-validate=true", "relu.lr008"));
    }

    public void Dispose() => _toy.Dispose();

    private static IEnumerable<NnetComponent> Between(string name) => name switch
    {
        "AffineTransform" => [SomeComponents.Affine(Hidden, Hidden)],
        "AffineTransform with rates and a largest norm" =>
            [SomeComponents.Affine(Hidden, Hidden) with { LearnRateCoef = 0.5f, BiasLearnRateCoef = 2, MaxNorm = 1.2f }],
        "LinearTransform" => [new LinearTransform(SomeComponents.Affine(Hidden, Hidden).Weights) { LearnRateCoef = 0.7f }],
        "Sigmoid" => [new Sigmoid(Hidden)],
        "Tanh" => [new Tanh(Hidden)],
        "HiddenSoftmax" => [new GenericComponent("HiddenSoftmax", Hidden, Hidden, [])],
        "ParametricRelu" => [Relu(1, 0.25f, 1, 0.5f)],
        "ParametricRelu that does not learn" => [Relu(0.9f, 0.25f, 0, 0)],
        "ParametricRelu with alpha" => [Relu(1, 0, 1, 0)],
        "ParametricRelu with beta" => [Relu(1, 0, 0, 1)],
        "ReLU" => [Relu(1, 0, 0, 0)],
        "ReLU behind ReLU" => [Relu(1, 0, 0, 0), Relu(1, 0, 0, 0), SomeComponents.Affine(Hidden, Hidden), Relu(1, 0, 0, 0)],
        "Copy" => [new Copy(Hidden, [7, 6, 5, 4, 3, 2, 2, 0])],
        "AddShift" => [new AddShift(SomeComponents.Values(Hidden, 0.1f)) { LearnRateCoef = 0.5f }],
        "AddShift that does not learn" => [new AddShift(SomeComponents.Values(Hidden, 0.1f)) { LearnRateCoef = 0 }],
        "Rescale" => [new Rescale(SomeComponents.Values(Hidden, 0.8f)) { LearnRateCoef = 0.5f }],
        "Rescale that does not learn" => [new Rescale(SomeComponents.Values(Hidden, 0.8f)) { LearnRateCoef = 0 }],
        _ =>
        [
            .. Between("ReLU"), .. Between("Rescale"), .. Between("ParametricRelu"), .. Between("AddShift"), .. Between("LinearTransform"),
            .. Between("Tanh"), .. Between("Copy"), .. Between("AffineTransform"), .. Between("Sigmoid"),
        ],
    };

    private static ParametricRelu Relu(float alpha, float beta, float alphaRate, float betaRate) =>
        new(SomeComponents.Values(Hidden, alpha), SomeComponents.Values(Hidden, beta))
        {
            AlphaLearnRateCoef = alphaRate,
            BetaLearnRateCoef = betaRate,
        };

    // The toy's transform splices three frames and adds 0.1; its ends are repeated.
    private double[] PlainlyTrained(NnetComponent[] network, double rate, double momentum, int minibatch = Minibatch, int utterances = 4)
    {
        var (frames, labels) = (new List<double[]>(), new List<int>());
        var targets = Posterior.Table.Read($"ark:{_toy.At("post.txt")}").ToDictionary();
        foreach (var (utterance, matrix) in KaldiTables.Matrix.Read($"ark:{_toy.At("feats.ark")}").Take(utterances))
        {
            for (var t = 0; t < matrix.Rows; t++)
            {
                frames.Add([.. new[] { t - 1, t, t + 1 }.SelectMany(
                    at => matrix.Row(Math.Clamp(at, 0, matrix.Rows - 1)).ToArray().Select(value => value + 0.1))]);
                labels.Add(targets[utterance].Indices(t)[0]);
            }
        }

        var plain = new PlainNnet(network);
        for (var first = 0; first < frames.Count; first += minibatch)
            plain.Train([.. frames.Skip(first).Take(minibatch)], [.. labels.Skip(first).Take(minibatch)], rate, momentum);

        return plain.Parameters;
    }
}
