using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Nnetbin;

[Collection("threads")]
public sealed class NnetForwardToolTests : IDisposable
{
    private readonly ToyNnet _toy = new(60, 45);

    [Fact]
    public void Forward_gives_posteriors_their_logarithms_and_what_is_before_the_softmax()
    {
        var posteriors = Forward("init.nnet");
        var logarithms = Forward("init.nnet", "--apply-log=true");
        var logits = Forward("init.nnet", "--no-softmax=true");

        for (var frame = 0; frame < 60; frame++)
        {
            var sum = 0.0;
            foreach (var y in posteriors.Row(frame))
                sum += y;

            Assert.Equal(1, sum, 1e-5);
            for (var c = 0; c < ToyNnet.Classes; c++)
            {
                Assert.Equal(Math.Log(posteriors[frame, c]), logarithms[frame, c], 1e-5);
                Assert.Equal(logits[frame, c] - logits[frame, 0], logarithms[frame, c] - logarithms[frame, 0], 1e-4);
            }
        }
    }

    [Fact]
    public void Forward_subtracts_scaled_priors()
    {
        File.WriteAllText(_toy.At("counts"), " [ 10 30 0 ]\n");

        var logits = Forward("init.nnet", "--no-softmax=true");
        var scaled = Forward("init.nnet", "--no-softmax=true", $"--class-frame-counts={_toy.At("counts")}", "--prior-scale=0.5");

        Assert.Equal(logits[7, 0] - (0.5 * Math.Log(0.25)), scaled[7, 0], 1e-5);
        Assert.Equal(logits[7, 1] - (0.5 * Math.Log(0.75)), scaled[7, 1], 1e-5);
        Assert.Equal(-0.5 * Math.Sqrt(float.MaxValue), scaled[7, 2], 1e14);
    }

    [Fact]
    public void Forward_through_splices_within_the_network_sees_the_whole_utterance()
    {
        _toy.Write(
            "deep.nnet", new Splice(ToyNnet.Dim, [-1, 0]), new Copy(8, [0, 4]), new Splice(2, [0, 2]),
            new Rescale(SomeComponents.Values(4, 2)));
        var features = KaldiTables.Matrix.Read($"ark:{_toy.At("feats.ark")}").First().Value;

        var output = Forward("deep.nnet", "--feature-transform=");

        for (var frame = 0; frame < features.Rows; frame++)
        {
            var later = Math.Min(frame + 2, features.Rows - 1);
            Assert.Equal(2 * features[Math.Max(frame - 1, 0), 0], output[frame, 0]);
            Assert.Equal(2 * features[frame, 0], output[frame, 1]);
            Assert.Equal(2 * features[later - 1, 0], output[frame, 2]);
            Assert.Equal(2 * features[later, 0], output[frame, 3]);
        }
    }

    [Fact]
    public void Forward_of_a_block_softmax_has_a_softmax_in_each_block()
    {
        _toy.Write(
            "blocks.nnet", SomeComponents.Affine(12, 5),
            new GenericComponent("BlockSoftmax", 5, 5, [new IntVectorField("BlockDims", [2, 3])]));

        var output = Forward("blocks.nnet");
        var logits = Forward("blocks.nnet", "--no-softmax=true");

        Assert.Equal(1, output[3, 0] + output[3, 1], 1e-5);
        Assert.Equal(1, output[3, 2] + output[3, 3] + output[3, 4], 1e-5);
        Assert.Equal(logits[3, 1] - logits[3, 0], Math.Log(output[3, 1] / output[3, 0]), 1e-4);
    }

    [Fact]
    public void Forward_turns_dropout_off_and_says_so()
    {
        _toy.Write("dropout.nnet", SomeComponents.Affine(12, 5), new Dropout(5) { Rate = 0.25f });
        _toy.Write("plain.nnet", SomeComponents.Affine(12, 5));

        var run = Run("dropout.nnet");

        Assert.Contains("Setting dropout-rate in component 1 from 0.25 to 0\n", run.Errors, StringComparison.Ordinal);
        Assert.Equal(Forward("plain.nnet").Data, Forward("dropout.nnet").Data);
    }

    [Fact]
    public void Forward_of_features_that_are_not_finite_names_the_utterance()
    {
        using (var features = KaldiTables.Matrix.Create($"ark:{_toy.At("feats.ark")}"))
            features.Write("bad", new FloatMatrix(1, ToyNnet.Dim, [1, float.NaN, 2, 3]));

        var run = Run("init.nnet");

        Assert.Equal(255, run.Status);
        Assert.Contains("NaN or inf found in features for bad", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_toy.At("out.ark")));
    }

    [Theory]
    [InlineData("--apply-log=true --no-softmax=true", "Cannot use both")]
    [InlineData("--feature-transform=", "takes frames of 12 values, these have 4")]
    [InlineData("--class-frame-counts={0}/counts", "class_frame_counts 2 pdf_output_llk 3")]
    public void Forward_with_a_fault_names_it(string options, string expected)
    {
        File.WriteAllText(_toy.At("counts"), " [ 1 2 ]\n");

        var run = Run("init.nnet", options.Replace("{0}", _toy.Folder, StringComparison.Ordinal).Split(' '));

        Assert.Equal(255, run.Status);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _toy.Dispose();

    private TrainingToolRun Run(string network, params string[] options) => TrainingToolRun.Of(
        "nnet-forward",
        [
            "--num-threads=1", $"--feature-transform={_toy.At("transform.nnet")}", .. options, _toy.At(network),
            $"ark:{_toy.At("feats.ark")}", $"ark:{_toy.At("out.ark")}",
        ]);

    private FloatMatrix Forward(string network, params string[] options)
    {
        var run = Run(network, options);
        Assert.True(run.Status == 0, run.Errors);
        return KaldiTables.Matrix.Read($"ark:{_toy.At("out.ark")}").First().Value;
    }
}
