using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Optimisers;

/// <summary>One epoch of Kaldi's nnet-train-frmshuff, from the same start on the same frames, against the weights it wrote.</summary>
public sealed class Nnet1StepTests
{
    private const string Folder = "goldens/kaldi/nnet1_steps/";

    [SharedDataTheory]
    [InlineData("Sigmoid", "lr008", 256, 0.008, 0f, 0f)]
    [InlineData("Sigmoid", "mmt09", 256, 0.002, 0.9f, 0f)]
    [InlineData("Sigmoid", "l2", 256, 0.008, 0f, 1e-4f)]
    [InlineData("Sigmoid", "mb64", 64, 0.008, 0f, 0f)]
    [InlineData("Tanh", "lr008", 256, 0.008, 0f, 0f)]
    public void Step_of_each_option_gives_Kaldis_weights(string activation, string name, int batch, double rate, float momentum, float l2)
    {
        using var graph = Load($"{activation}.init.nnet", out var parameters);
        graph.Parameters.CopyFrom(parameters);

        var (loss, accuracy) = Train(graph, batch, rate, new SgdOptions { Momentum = momentum, WeightDecay = l2 });

        Load($"{activation}.{name}.nnet", out var expected).Dispose();
        var actual = graph.Parameters.Values.ToArray();
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], actual[i], 1e-5f));
        AssertLog($"{activation}.{name}.log", loss, accuracy);
    }

    [SharedDataFact]
    public void FusedStep_gives_Kaldis_weights()
    {
        using var graph = Load("Sigmoid.init.nnet", out var parameters);
        graph.Parameters.CopyFrom(parameters);

        Train(graph, 256, 0.008, options: null);

        Load("Sigmoid.lr008.nnet", out var expected).Dispose();
        var actual = graph.Parameters.Values.ToArray();
        Assert.All(Enumerable.Range(0, expected.Length), i => Assert.Equal(expected[i], actual[i], 1e-5f));
    }

    [SharedDataFact]
    public void Posteriors_of_Kaldis_model_are_Kaldis()
    {
        using var graph = Load("Sigmoid.lr008.nnet", out var parameters);
        graph.Parameters.CopyFrom(parameters);
        using var table = Frames(out _);
        var expected = Numbers(Gunzip("Sigmoid.forward-post.txt.gz")).ToArray();

        var actual = graph.Posteriors(table, Some.Rows(expected.Length / graph.OutputDim)).ToArray();

        Assert.All(Enumerable.Range(0, actual.Length), i => Assert.Equal(expected[i], actual[i], 1e-5f));
    }

    private static (double Loss, double Accuracy) Train(LayerGraph graph, int batch, double rate, SgdOptions? options)
    {
        using var table = Frames(out var targets);
        using var sgd = new Sgd(options ?? new SgdOptions());
        var fused = new FusedStep(graph);
        var total = default(LossResult);

        // Kaldi leaves out the frames that fill no batch.
        for (var start = 0; start + batch <= targets.Length; start += batch)
        {
            var logits = graph.Forward(table, Enumerable.Range(start, batch).ToArray(), PassMode.Train);
            total += CrossEntropy.Evaluate(logits, targets.AsSpan(start, batch), [], graph.OutputGradient);
            if (options is null)
            {
                fused.Backward(graph.OutputGradient, rate);
            }
            else
            {
                graph.Backward(graph.OutputGradient);
                sgd.Step(graph.Parameters, rate, batch);
            }
        }

        return (total.Loss / total.Frames, 100.0 * total.Correct / total.Frames);
    }

    private static void AssertLog(string log, double loss, double accuracy)
    {
        var text = File.ReadAllText(SharedData.At(Folder + log));
        var match = Regex.Match(text, @"AvgLoss: ([\d.]+).*FRAME_ACCURACY >> ([\d.]+)%", RegexOptions.Singleline);
        Assert.Equal(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), loss, 2e-5);
        Assert.Equal(double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), accuracy, 1e-4);
    }

    private static LayerGraph Load(string file, out float[] parameters)
    {
        var transform = Vectors(File.ReadAllText(SharedData.At(Folder + "transf.nnet")));
        var text = File.ReadAllText(SharedData.At(Folder + file));
        var activation = text.Contains("<Tanh>", StringComparison.Ordinal) ? Activation.Tanh : Activation.Sigmoid;
        var layers = Regex.Matches(text, @"<AffineTransform> (\d+)")
            .Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
        parameters = [.. Vectors(text).SelectMany(values => values)];
        return new LayerGraph(
            Some.Graph(13,
            [
                SpliceSpec.Context(2, 2), new AddShiftSpec(transform[1]), new RescaleSpec(transform[2]),
                .. layers.Select((dim, i) => Some.Affine(dim, i == layers.Length - 1 ? Activation.None : activation)),
                new SoftmaxSpec(),
            ]),
            Device.Cpu);
    }

    private static FrameTable Frames(out int[] targets)
    {
        var alignments = File.ReadLines(SharedData.At(Folder + "ali-pdf.txt"))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])
            .Select(words => words.Select(s => int.Parse(s, CultureInfo.InvariantCulture)).ToArray())
            .ToArray();
        targets = [.. alignments.SelectMany(pdfs => pdfs)];
        return new FrameTable(Device.Cpu, [.. Numbers(Gunzip("feats.txt.gz"))], 13, [.. alignments.Select(pdfs => pdfs.Length)]);
    }

    private static string Gunzip(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedData.At(Folder + file)), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private static List<float[]> Vectors(string text) =>
        [.. Regex.Matches(text, @"\[([^\]]*)\]").Select(match => Numbers(match.Groups[1].Value).ToArray())];

    private static IEnumerable<float> Numbers(string text) => text
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Where(word => word[0] is '-' or (>= '0' and <= '9'))
        .Select(word => float.Parse(word, CultureInfo.InvariantCulture));
}
