using System.Globalization;
using System.Text.RegularExpressions;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>The trainers over lattices, on lattices in which each frame may be of any class.</summary>
[Collection("threads")]
public sealed class LatticeTrainingToolTests : IDisposable
{
    private static readonly int[] Lengths = [30, 21, 26, 33];

    private readonly ToyNnet _toy = new(Lengths);

    public LatticeTrainingToolTests()
    {
        SomeTransitionModel.Make(chain: false).Write(_toy.At("final.mdl"));
        using var lattices = Lattice.Table.Create($"ark:{_toy.At("den.ark")}");
        using var alignments = KaldiTables.IntVector.Create($"ark:{_toy.At("ali.ark")}");
        for (var utterance = 0; utterance < Lengths.Length; utterance++)
        {
            lattices.Write($"utt{utterance}", AnyClass(Lengths[utterance]));
            alignments.Write(
                $"utt{utterance}", [.. Enumerable.Range(0, Lengths[utterance]).Select(frame => TransitionOf(frame / 5 % ToyNnet.Classes))]);
        }
    }

    public void Dispose() => _toy.Dispose();

    [Theory]
    [InlineData("nnet-train-mmi-sequential", "MMI-objective/frame is ")]
    [InlineData("nnet-train-mpe-sequential", "average frame-accuracy is ", "--do-smbr=true")]
    [InlineData("nnet-train-mpe-sequential", "average frame-accuracy is ", "--momentum=0.5")]
    public void Passes_raise_the_objective(string tool, string name, params string[] options)
    {
        var objectives = new List<double>();
        var model = "init.nnet";
        for (var pass = 1; pass <= 4; pass++)
        {
            var run = Run(tool, model, $"{pass}.nnet", ["--learn-rate=0.02", .. options]);
            Assert.True(run.Status == 0, run.Errors);
            objectives.Add(double.Parse(Regex.Match(run.Errors, name + @"(-?[\d.]+)").Groups[1].Value, CultureInfo.InvariantCulture));
            model = $"{pass}.nnet";
        }

        Assert.Equal(objectives.Order(), objectives);
        Assert.True(objectives[^1] > objectives[0] + 0.02, string.Join(' ', objectives));
    }

    [Fact]
    public void Utterances_that_lack_a_part_are_skipped_with_Kaldis_words()
    {
        using (var lattices = Lattice.Table.Create($"ark:{_toy.At("den.ark")}"))
        {
            lattices.Write("utt0", AnyClass(Lengths[0]));
            lattices.Write("utt1", AnyClass(Lengths[1] + 1));
            lattices.Write("utt2", new LatticeBuilder().Build());
        }

        var run = Run("nnet-train-mmi-sequential", "init.nnet", "out.nnet");

        Assert.True(run.Status == 0, run.Errors);
        Assert.Contains("Duration mismatch! denominator lattice 22 features 21, skipping utt1\n", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Empty lattice of utt2, skipping.\n", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Missing lattice of utt3\n", run.Errors, StringComparison.Ordinal);
        Assert.Contains(
            "Done 1 files, 0 with no numerator alignments, 1 with no denominator lattices, 2 with other errors.\n", run.Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_utterance_there_is_no_network()
    {
        var run = Run("nnet-train-mpe-sequential", "init.nnet", "out.nnet", "--max-frames=5");

        Assert.Equal(255, run.Status);
        Assert.Contains("No utterance was left", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_toy.At("out.nnet")));
    }

    private TrainingToolRun Run(string tool, string model, string output, params string[] options) => TrainingToolRun.Of(
        tool,
        [
            "--num-threads=1", "--use-gpu=no", $"--feature-transform={_toy.At("transform.nnet")}", .. options, _toy.At(model),
            _toy.At("final.mdl"), $"ark:{_toy.At("feats.ark")}", $"ark:{_toy.At("den.ark")}", $"ark:{_toy.At("ali.ark")}",
            _toy.At(output),
        ]);

    // Pdfs 0 and 1 are of phone 1, pdf 2 of phone 2; each has two transition-ids.
    private static int TransitionOf(int pdf) => (2 * pdf) + 1;

    private static Lattice AnyClass(int frames)
    {
        var builder = new LatticeBuilder();
        var state = builder.AddState();
        for (var frame = 0; frame < frames; frame++)
        {
            var next = builder.AddState();
            for (var pdf = 0; pdf < ToyNnet.Classes; pdf++)
                builder.AddArc(state, new(TransitionOf(pdf), 0, new(0.1f * pdf, 5), next));
            state = next;
        }

        builder.SetFinal(state, LatticeWeight.One);
        return builder.Build();
    }
}
