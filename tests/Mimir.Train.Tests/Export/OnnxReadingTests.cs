using Mimir.Base;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1;
using Mimir.Train.Export;
using Mimir.Train.Runs;
using Xunit.Abstractions;

namespace Mimir.Train.Tests.Export;

public sealed class OnnxReadingTests(ITestOutputHelper console) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-onnx-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(SomeNetwork.Names), MemberType = typeof(SomeNetwork))]
    public void Exported_model_comes_back_and_computes_the_same(string layers)
    {
        using var graph = SomeNetwork.Make(layers);
        new TrainedModel(At("model")).Save(graph, [], new PdfCounts([1, 2.5, 3, 4, 5]), transitions: null, cmvn: null);
        Export("m.onnx", spliceInGraph: true);
        Export("spliced.onnx", spliceInGraph: false);

        ModelImport.Run([At("m.onnx")], At("again"));
        ModelImport.Run([At("spliced.onnx")], At("spliced"));

        using var again = ModelFolder.Load(At("again"), Device.Cpu);
        using var spliced = ModelFolder.Load(At("spliced"), Device.Cpu);
        var posteriors = SomeNetwork.Posteriors(graph, SomeNetwork.Frames());
        var largest = SomeNetwork.Largest(posteriors, SomeNetwork.Posteriors(again, SomeNetwork.Frames()));
        console.WriteLine($"{layers}: {largest}");
        Assert.True(largest < 1e-6, $"{largest}");
        Assert.Equal(SomeNetwork.Posteriors(again, SomeNetwork.Frames()), SomeNetwork.Posteriors(spliced, SomeNetwork.Frames()));
        Assert.Equal([1, 2.5, 3, 4, 5], new TrainedModel(At("again")).Counts().Values);
    }

    [Fact]
    public void Operators_of_other_systems_become_layers()
    {
        var graph = new OnnxGraph();
        graph.Input("x", 2);
        var y = graph.Node("MatMul", ["x", graph.Constant("w", [1f, 2, 3, 4, 5, 6], 2, 3)], "a");
        y = graph.Node("Add", [graph.Constant("b", [1f, 2, 3], 3), y], "b1");
        y = graph.Node(
            "BatchNormalization",
            [
                y, graph.Constant("g", [2f, 2, 2], 3), graph.Constant("h", [1f, 1, 1], 3), graph.Constant("m", [3f, 3, 3], 3),
                graph.Constant("v", [4f, 4, 4], 3),
            ],
            "n");
        y = graph.Node("Sub", [y, graph.Constant("s", [1f], 1)], "c");
        y = graph.Node("Relu", [graph.Node("Identity", [y], "i")], "r");
        graph.Output(graph.Node("Softmax", [y], "p", OnnxGraph.Attribute("axis", -1)), 3);
        Write("m.onnx", graph);

        var components = ModelSource.Open(At("m.onnx")).Components;

        var affine = Assert.IsType<AffineTransform>(components[0]);
        Assert.Equal([1, 4, 2, 5, 3, 6], affine.Weights.Data);
        Assert.Equal([1, 2, 3], affine.Bias);
        Assert.Equal(1, Assert.IsType<Rescale>(components[1]).Scale[0], 4);
        Assert.Equal(-2, Assert.IsType<AddShift>(components[2]).Shift[0], 4);
        Assert.Equal([-1, -1, -1], Assert.IsType<AddShift>(components[3]).Shift);
        Assert.Equal(["ParametricRelu", "Softmax"], components.Skip(4).Select(component => component.Name));
    }

    [Fact]
    public void Graph_that_is_no_chain_of_layers_is_refused()
    {
        var branches = new OnnxGraph();
        branches.Input("x", 2);
        branches.Output(branches.Node("Add", [branches.Node("Tanh", ["x"], "a"), branches.Node("Sigmoid", ["x"], "b")], "c"), 2);
        var recurrent = new OnnxGraph();
        recurrent.Input("x", 2);
        recurrent.Output(recurrent.Node("LSTM", ["x"], "y"), 2);
        Write("branches.onnx", branches);
        Write("recurrent.onnx", recurrent);
        File.WriteAllBytes(At("short.onnx"), File.ReadAllBytes(At("branches.onnx"))[..20]);

        string Refusal(string file) => Assert.Throws<InputException>(() => ModelSource.Open(At(file))).Message;

        Assert.Contains("'x' goes to Tanh, Sigmoid; a network is one chain", Refusal("branches.onnx"), StringComparison.Ordinal);
        Assert.Contains("operator LSTM: only feed-forward networks are read", Refusal("recurrent.onnx"), StringComparison.Ordinal);
        Assert.Contains("short.onnx: byte ", Refusal("short.onnx"), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_with_a_message()
    {
        using var graph = SomeNetwork.Make("relu norm");
        new TrainedModel(At("model")).Save(graph, [], new PdfCounts([1, 2, 3, 4, 5]), transitions: null, cmvn: null);
        Export("m.onnx", spliceInGraph: true);

        // A wrong operator has a name, not a place.
        var report = Fuzzer.Run("onnx", File.ReadAllBytes(At("m.onnx")), path => OnnxReading.Read(path), "m.onnx", needsPlace: false);

        console.WriteLine($"{report}");
        Assert.Equal(Fuzzer.Inputs, report.Inputs);
    }

    private void Export(string name, bool spliceInGraph) => ModelExport.Run(new()
    {
        Sources = [At("model")],
        Format = ExportFormat.Onnx,
        Output = At(name),
        SpliceInGraph = spliceInGraph,
    });

    private void Write(string name, OnnxGraph graph)
    {
        using var stream = File.Create(At(name));
        new ProtoMessage().Int(1, 7).Message(7, graph.Build("g")).WriteTo(stream);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
