using System.Globalization;
using System.IO.Compression;
using Mimir.Base;
using Mimir.Core.Models;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Export;
using Mimir.Train.Runs;
using Xunit.Abstractions;

namespace Mimir.Train.Tests.Export;

public sealed class OnnxExportTests(ITestOutputHelper console) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-onnx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(SomeNetwork.Names), MemberType = typeof(SomeNetwork))]
    public void Another_runtime_computes_the_same_posteriors(string layers)
    {
        using var graph = SomeNetwork.Make(layers);
        ModelFolder.Save(At("model"), graph);
        var frames = SomeNetwork.Frames(8..28);
        var expected = SomeNetwork.Posteriors(graph, frames, 20);

        ModelExport.Run(Options("m.onnx"));
        var (posteriors, metadata) = OnnxRuntime.Compute(At("m.onnx"), frames, "posteriors");

        var largest = SomeNetwork.Largest(expected, posteriors);
        console.WriteLine($"{layers}: {largest}; {metadata}");
        Assert.True(largest < 2e-6, $"{largest}");
    }

    [Fact]
    public void Spliced_frames_can_be_the_input_and_a_single_frame_is_an_utterance()
    {
        using var graph = SomeNetwork.Make("relu norm");
        new TrainedModel(At("model")).Save(graph, [], new PdfCounts([1, 2, 3, 4, 5]), transitions: null, cmvn: null);
        var frame = SomeNetwork.Frames(0..1);
        var expected = SomeNetwork.Posteriors(graph, frame, 1);

        ModelExport.Run(Options("graph.onnx"));
        ModelExport.Run(Options("input.onnx") with { SpliceInGraph = false, FrameShift = 12.5 });
        var inGraph = OnnxRuntime.Compute(At("graph.onnx"), frame, "posteriors");
        var input = OnnxRuntime.Compute(At("input.onnx"), [.. frame, .. frame, .. frame], "posteriors");

        Assert.True(SomeNetwork.Largest(expected, inGraph.Values) < 2e-6);
        Assert.True(SomeNetwork.Largest(expected, input.Values) < 2e-6);
        foreach (var entry in new[] { "splice=-2 0 1", "splice_in_graph=false", "frame_shift_ms=12.5", "class_counts=1 2 3 4 5",
            "log_priors=-2.7080" })
            Assert.Contains(entry, input.Metadata, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_components_of_nnet1_are_computed()
    {
        File.WriteAllText(
            At("n"),
            "<Nnet> <Copy> 3 2 [ 2 1 2 ] <ParametricRelu> 3 3 [ 1 1 1 ] [ 0.5 0.25 0 ] <ParametricRelu> 3 3 [ 2 3 4 ] [ -1 -2 -3 ] "
            + "<LinearTransform> 2 3 [ 1 0 0 ; 0 1 1 ] <Splice> 4 2 [ 1 0 ] <Tanh> 4 4 </Nnet>");

        ModelExport.Run(Options("m.onnx") with { Sources = [At("n")] });
        var (values, _) = OnnxRuntime.Compute(At("m.onnx"), [1, -2, 3, 4], "logits");

        // Frame 1 is copied to (-2, 1, -2), (-1, 1, 0), (1, 3, 0), (1, 3); frame 2 to (4, 3, 4), (8, 9, 16), (8, 25).
        Assert.Equal(new float[] { 8, 25, 1, 3, 8, 25, 8, 25 }.Select(MathF.Tanh), values, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [SharedDataFact]
    public void Kaldis_network_gives_Kaldis_log_likelihoods_and_posteriors()
    {
        string Golden(string file) => SharedData.At($"goldens/kaldi/exp/dnn3x512/{file}");
        var priors = PdfCounts.Read(Golden("ali_train_pdf.counts")).LogPriors();
        var (key, features) = KaldiTables.Matrix.Read($"ark:{Golden("test2.in.ark")}").First();
        var wanted = KaldiTables.Matrix.Read($"ark:{Golden("test2.llk.txt.gz")}").First(entry => entry.Key == key).Value.Data;
        var wantedPosteriors = KaldiTables.Matrix.Read($"ark:{Golden("test2.posteriors.first.txt.gz")}").First().Value.Data;

        ModelExport.Run(Options("m.onnx") with { Sources = [SharedData.At("goldens/kaldi/exp/dnn3x512")] });
        var logits = OnnxRuntime.Compute(At("m.onnx"), features.Data, "logits").Values;
        var posteriors = OnnxRuntime.Compute(At("m.onnx"), features.Data, "posteriors").Values;

        var likelihoods = logits.Select((value, i) => value - priors[i % priors.Length]).ToArray();
        var (largest, largestPosterior) = (SomeNetwork.Largest(wanted, likelihoods), SomeNetwork.Largest(wantedPosteriors, posteriors));
        console.WriteLine($"log-likelihoods {largest}, posteriors {largestPosterior}");
        Assert.True(largest < 1e-3 && largestPosterior < 1e-4, $"{largest} {largestPosterior}");
    }

    [SharedDataTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Kaldis_recurrent_network_gives_Kaldis_posteriors(bool keepCellLimits)
    {
        string Golden(string file) => SharedData.At($"goldens/kaldi/nnet1_steps/{file}");
        var features = KaldiTables.Matrix.Read($"ark:{Golden("feats.ark")}").First().Value;
        float[] wanted = [.. File.ReadLines(Unpacked(Golden("lstm.perutt1.forward-post.txt.gz"))).Skip(1).SelectMany(line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word != "]")
                .Select(word => float.Parse(word, CultureInfo.InvariantCulture)))];

        ModelExport.Run(Options("m.onnx") with
        {
            Sources = [Golden("transf.nnet"), Golden("lstm.perutt1.nnet.gz")],
            KeepCellLimits = keepCellLimits,
        });

        var posteriors = OnnxRuntime.Compute(At("m.onnx"), features.Data, "posteriors").Values[..wanted.Length];
        Assert.InRange(SomeNetwork.Largest(wanted, posteriors), 0, 1e-6f);
    }

    [Fact]
    public void Several_softmaxes_side_by_side_are_exported()
    {
        File.WriteAllText(At("n"), "<Nnet> <Tanh> 5 5 <BlockSoftmax> 5 5 [ 2 3 ] </Nnet>");

        ModelExport.Run(Options("m.onnx") with { Sources = [At("n")] });
        var (values, _) = OnnxRuntime.Compute(At("m.onnx"), [0, 0, 1, 1, 1], "posteriors");

        Assert.Equal([0.5f, 0.5f, 1 / 3f, 1 / 3f, 1 / 3f], values, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void File_begins_as_an_ONNX_model_and_is_the_same_every_time()
    {
        using var graph = SomeNetwork.Make("sigmoid");
        ModelFolder.Save(At("model"), graph);

        ModelExport.Run(Options("a.onnx"));
        ModelExport.Run(Options("b.onnx"));

        // ir_version 7, producer_name "mimir".
        byte[] expected = [0x08, 7, 0x12, 5, .. "mimir"u8];
        Assert.Equal(expected, File.ReadAllBytes(At("a.onnx"))[..expected.Length]);
        Assert.Equal(File.ReadAllBytes(At("a.onnx")), File.ReadAllBytes(At("b.onnx")));
    }

    [Theory]
    [InlineData("<Nnet> <MaxPoolingComponent> 4 6 <PoolSize> 2 <PoolStep> 1 <PoolStride> 2 </Nnet>",
        "<MaxPoolingComponent>, can be read and written here, but not computed")]
    [InlineData("<Nnet> <Dropout> 2 2 </Nnet>", "there are none")]
    [InlineData("<Nnet> <Tanh> 2 2 <Splice> 2 2 [ 0 ] </Nnet>", "as part of the graph")]
    public void What_ONNX_cannot_express_is_refused(string network, string message)
    {
        File.WriteAllText(At("n"), network);

        var error = Assert.Throws<InputException>(
            () => ModelExport.Run(Options("m.onnx") with
            {
                Sources = [At("n")],
                SpliceInGraph = !message.Contains("part of the graph", StringComparison.Ordinal),
            }));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(At("m.onnx")));
    }

    // The archive holds the first lines of one utterance.
    private string Unpacked(string file)
    {
        using (var input = new GZipStream(File.OpenRead(file), CompressionMode.Decompress))
        using (var output = File.Create(At("unpacked")))
            input.CopyTo(output);

        return At("unpacked");
    }

    private ExportOptions Options(string output) =>
        new() { Sources = [At("model")], Format = ExportFormat.Onnx, Output = At(output) };

    private string At(string name) => Path.Combine(_folder, name);
}
