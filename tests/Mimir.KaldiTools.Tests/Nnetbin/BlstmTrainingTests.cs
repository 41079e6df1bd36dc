using Mimir.Core.Tensors;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>There is no output of Kaldi's for a BLSTM, so nnet1's formulas stand here once more, in loops.</summary>
[Collection("threads")]
public sealed class BlstmTrainingTests : IDisposable
{
    private const int Inputs = 12, Cells = 6, Outputs = 4, Frames = 11;
    private const double Rate = 0.02, Momentum = 0.6;

    private readonly ToyNnet _toy = new(31, 24, 28);
    private readonly List<double[][]> _features;
    private readonly List<int[]> _labels;

    public BlstmTrainingTests()
    {
        using var transform = new Nnet1Pipeline(Device.Cpu, Nnet1File.Read(_toy.At("transform.nnet")).Components, "transform");
        _features = [.. KaldiTables.Matrix.Read($"ark:{_toy.At("feats.ark")}").Select(entry => Doubles(transform.Forward(entry.Value)))];
        _labels = [.. Posterior.Table.Read($"ark:{_toy.At("post.txt")}").Select(entry => Labels(entry.Value))];
    }

    public static TheoryData<LstmTraining> Limits =>
    [
        new LstmTraining(),
        new LstmTraining
        {
            CellClip = 0.3f,
            DiffClip = 0.01f,
            CellDiffClip = 0.05f,
            GradClip = 0.4f,
            LearnRateCoef = 0.5f,
            BiasLearnRateCoef = 2,
        },
    ];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Training_follows_nnet1s_formulas(LstmTraining training)
    {
        var blstm = SomeComponents.Blstm(Inputs, Cells, Outputs, training);
        var affine = SomeComponents.Affine(2 * Outputs, ToyNnet.Classes);
        _toy.Write("blstm.nnet", blstm, affine, new Softmax(ToyNnet.Classes));

        // Both utterances of a batch from nothing, in chunks that no state crosses.
        var run = _toy.TrainWith(
            "nnet-train-multistream", "blstm.nnet", "out.nnet", "--num-streams=2", $"--batch-size={Frames}", $"--learn-rate={Rate}",
            $"--momentum={Momentum}");
        var expected = Train(blstm, affine, [[(0, 0), (1, 0)], [(0, 11), (1, 11)], [(0, 22), (1, 22)]]);

        Assert.True(run.Status == 0, run.Errors);
        Assert.Contains("Done 2 files", run.Errors, StringComparison.Ordinal);
        Assert.InRange(NnetGoldens.Difference(expected, NnetGoldens.Parameters(_toy.At("out.nnet"))), 0, 1e-5);
        Assert.InRange(
            NnetGoldens.Difference(NnetGoldens.Parameters(_toy.At("blstm.nnet")), NnetGoldens.Parameters(_toy.At("out.nnet"))), 0.02, 10);
    }

    [Fact]
    public void Training_on_whole_utterances_is_that_on_chunks_that_hold_them()
    {
        _toy.Write(
            "blstm.nnet", SomeComponents.Blstm(Inputs, Cells, Outputs), SomeComponents.Affine(2 * Outputs, ToyNnet.Classes),
            new Softmax(ToyNnet.Classes));

        // Of three utterances, one never comes in either program: the third, or the one that would be drawn last.
        var whole = _toy.TrainWith("nnet-train-multistream-perutt", "blstm.nnet", "whole", "--num-streams=1");
        var order = Enumerable.Range(0, 3).SelectMany(a => Enumerable.Range(0, 3).Where(b => b != a).Select(b => (a, b)));
        var expected = order.Select(pair => Train(
            SomeComponents.Blstm(Inputs, Cells, Outputs), SomeComponents.Affine(2 * Outputs, ToyNnet.Classes),
            [[(pair.a, 0)], [(pair.b, 0)]], 100, 0.008, 0));

        Assert.True(whole.Status == 0, whole.Errors);
        Assert.Single(expected, weights => NnetGoldens.Difference(weights, NnetGoldens.Parameters(_toy.At("whole"))) < 1e-5);
    }

    [Fact]
    public void Forward_follows_nnet1s_formulas()
    {
        var blstm = SomeComponents.Blstm(Inputs, Cells, Outputs);
        _toy.Write("blstm.nnet", blstm);

        var run = TrainingToolRun.Of(
            "nnet-forward", $"--feature-transform={_toy.At("transform.nnet")}", _toy.At("blstm.nnet"), $"ark:{_toy.At("feats.ark")}",
            $"ark:{_toy.At("out.ark")}");

        Assert.True(run.Status == 0, run.Errors);
        var (forward, backward) = Directions(blstm);
        foreach (var (output, x) in KaldiTables.Matrix.Read($"ark:{_toy.At("out.ark")}").Select(entry => entry.Value).Zip(_features))
        {
            var expected = forward.Forward(x).Zip(backward.Forward(x), (f, b) => f.Concat(b)).SelectMany(row => row);
            Assert.All(expected.Zip(output.Data), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    public void Dispose() => _toy.Dispose();

    private static double[][] Doubles(FloatMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.Rows).Select(row => matrix.Row(row).ToArray().Select(value => (double)value).ToArray())];

    private static int[] Labels(Posterior posterior) =>
        [.. Enumerable.Range(0, posterior.Frames).Select(frame => posterior.Indices(frame)[0])];

    private static (PlainLstm Forward, PlainLstm Backward) Directions(BlstmProjected blstm) =>
        (new(blstm.Forward, blstm.Training, reverse: false), new(blstm.Backward, blstm.Training, reverse: true));

    private float[] Train(
        BlstmProjected blstm, AffineTransform affine, (int Utterance, int First)[][] batches, int length = Frames, double rate = Rate,
        double momentum = Momentum)
    {
        var (forward, backward) = Directions(blstm);
        double[] w = [.. affine.Weights.Data.Select(v => (double)v)], b = [.. affine.Bias.Select(v => (double)v)];
        double[] wStep = new double[w.Length], bStep = new double[b.Length];
        foreach (var batch in batches)
        {
            for (var i = 0; i < w.Length; i++)
                wStep[i] *= momentum;
            for (var i = 0; i < b.Length; i++)
                bStep[i] *= momentum;

            foreach (var (utterance, first) in batch)
            {
                var x = _features[utterance].Skip(first).Take(length).ToArray();
                double[][] y = [.. forward.Forward(x).Zip(backward.Forward(x), (f, g) => f.Concat(g).ToArray())];
                double[][] d = [.. y.Select((row, t) => Output(row, _labels[utterance][first + t], w, b, wStep, bStep))];
                forward.Backward([.. d.Select(row => row[..Outputs])]);
                backward.Backward([.. d.Select(row => row[Outputs..])]);
            }

            forward.Step(rate, momentum);
            backward.Step(rate, momentum);
            for (var i = 0; i < w.Length; i++)
                w[i] -= rate * wStep[i];
            for (var i = 0; i < b.Length; i++)
                b[i] -= rate * bStep[i];
        }

        var parameters = forward.Parameters.Concat(backward.Parameters).Append(w).Append(b);
        return [.. parameters.SelectMany(values => values).Select(value => (float)value)];
    }

    // Softmax and cross-entropy of one frame: adds to the steps, and gives the gradient of the input.
    private static double[] Output(double[] row, int label, double[] w, double[] b, double[] wStep, double[] bStep)
    {
        double[] scores = [.. b.Select((bias, o) => Math.Exp(bias + row.Select((value, i) => value * w[(o * row.Length) + i]).Sum()))];
        var total = scores.Sum();
        var gradient = new double[row.Length];
        for (var o = 0; o < b.Length; o++)
        {
            var d = (scores[o] / total) - (o == label ? 1 : 0);
            bStep[o] += d;
            for (var i = 0; i < row.Length; i++)
            {
                wStep[(o * row.Length) + i] += d * row[i];
                gradient[i] += d * w[(o * row.Length) + i];
            }
        }

        return gradient;
    }
}
