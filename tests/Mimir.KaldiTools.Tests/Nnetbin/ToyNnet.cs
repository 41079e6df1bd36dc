using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>A small task on disk: features that show their class, posteriors, a splice and a network.</summary>
internal sealed class ToyNnet : IDisposable
{
    public const int Dim = 4, Classes = 3;

    public ToyNnet(params int[] lengths)
    {
        Folder = Directory.CreateTempSubdirectory("mimir-toy-nnet").FullName;
        var random = SeededRandom.Of(5, 0);
        using var features = KaldiTables.Matrix.Create($"ark:{At("feats.ark")}");
        using var targets = Posterior.Table.Create($"ark,t:{At("post.txt")}");
        for (var utterance = 0; utterance < lengths.Length; utterance++)
        {
            int[] labels = [.. Enumerable.Range(0, lengths[utterance]).Select(frame => (frame / 5) % Classes)];
            var matrix = new FloatMatrix(labels.Length, Dim);
            for (var frame = 0; frame < labels.Length; frame++)
            {
                for (var d = 0; d < Dim; d++)
                    matrix[frame, d] = (random.BelowExactly(1000) / 500f) - 1 + (d == labels[frame] ? 1.5f : 0);
            }

            features.Write($"utt{utterance}", matrix);
            targets.Write($"utt{utterance}", Posterior.FromLabels(labels));
        }

        Write("transform.nnet", new Splice(Dim, [-1, 0, 1]), new AddShift(SomeComponents.Values(3 * Dim, 0.1f)) { LearnRateCoef = 0 });
        Write("init.nnet", SomeComponents.Affine(3 * Dim, 8), new Sigmoid(8), SomeComponents.Affine(8, Classes), new Softmax(Classes));
    }

    public string Folder { get; }

    /// <summary>Gets or sets the archive that is trained on.</summary>
    public string Features { get; set; } = "feats.ark";

    public string At(string file) => Path.Combine(Folder, file);

    public void Write(string file, params NnetComponent[] components) => new Nnet1File(components).Write(At(file));

    /// <summary>Trains on shuffled frames or, when no output is named, cross-validates.</summary>
    public TrainingToolRun Train(string model, string? output, params string[] options) =>
        TrainWith("nnet-train-frmshuff", model, output, ["--minibatch-size=16", .. options]);

    /// <summary>Runs a trainer, which cross-validates when no output is named; its own options come before those given.</summary>
    public TrainingToolRun TrainWith(string tool, string model, string? output, params string[] options) => TrainingToolRun.Of(
        tool,
        [
            "--num-threads=1", "--use-gpu=no", $"--feature-transform={At("transform.nnet")}",
            .. output is null ? ["--cross-validate=true"] : Array.Empty<string>(), .. options,
            $"ark:{At(Features)}", $"ark:{At("post.txt")}", At(model), .. output is null ? [] : new[] { At(output) },
        ]);

    public float[] Parameters(string file) => [.. Nnet1File.Read(At(file)).Components.SelectMany(component => component switch
    {
        AffineTransform affine => affine.Weights.Data.Concat(affine.Bias),
        LinearTransform linear => linear.Weights.Data,
        ParametricRelu relu => relu.Alpha.Concat(relu.Beta),
        AddShift shift => shift.Shift,
        Rescale scale => scale.Scale,
        _ => Array.Empty<float>(),
    })];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
