using System.Reflection;
using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Train.Export;
using Xunit.Abstractions;

namespace Mimir.Train.Tests.Export;

/// <summary>Every block as ONNX Runtime computes it, on utterances of lengths at which chunks and contexts end in every way.</summary>
public sealed class OnnxBlockTests(ITestOutputHelper console) : IDisposable
{
    private const int Dim = 6, Classes = 4;

    private static readonly int[] Lengths = [1, 2, 3, 5, 6, 7, 12, 40];

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-onnx-").FullName;

    private static Dictionary<string, NodeSpec[]> Networks { get; } = new()
    {
        ["splice, shift and scale"] =
        [
            new("a", new SpliceSpec([-3, 0, 2])), new("b", new AddShiftSpec(Numbers(18, 1))), new("c", new RescaleSpec(Numbers(18, 2))),
            new("d", new AddShiftSpec(Numbers(18, 3)) { LearnRateCoef = 1 }),
            new("e", new RescaleSpec(Numbers(18, 4)) { LearnRateCoef = 1 }),
        ],
        ["splice behind only"] = [new("a", new SpliceSpec([-2, -1]))],
        ["affine, linear, copy"] =
        [
            new("a", Affine(5)), new("b", new LinearSpec(4) { ParamStddev = 0.5f }), new("c", new CopySpec([3, 3, 0, 1, 2])),
        ],
        ["activations"] =
        [
            new("a", Affine(5) with { Activation = Activation.Sigmoid }), new("b", Affine(5) with { Activation = Activation.Tanh }),
            new("c", Affine(5) with { Activation = Activation.Relu }), new("d", new ActivationSpec(Activation.Tanh)),
            new("e", new ActivationSpec(Activation.None)),
        ],
        ["slopes"] = [new("a", Affine(5)), new("b", new ParametricReluSpec { AlphaLearnRateCoef = 1, BetaLearnRateCoef = 1 })],
        ["batch norm and dropout"] = [new("a", Affine(5)), new("b", new BatchNormSpec()), new("c", new DropoutSpec(0.5f))],
        ["layer norm"] = [new("a", Affine(5)), new("b", new LayerNormSpec { Epsilon = 1e-3f })],
        ["softmax within"] = [new("a", new SoftmaxSpec())],
        ["branches"] =
        [
            new("a", Affine(5)), new("b", Affine(5), ["input"]), new("c", new SumSpec { Scales = [0.66f, 1] }, ["a", "b"]),
            new("d", new SumSpec(), ["a", "b", "c"]), new("e", new AppendSpec(), ["d", "a"]),
            new("f", new SumSpec { Scales = [-2] }, ["e"]), new("g", new SumSpec(), ["f"]),
        ],
        ["beside the splice"] =
        [
            new("a", new SpliceSpec([-1, 1])), new("b", Affine(5), ["input"]), new("c", new AppendSpec(), ["a", "b"]),
        ],
        ["names of the graph's own"] =
        [
            new("logits", Affine(5)), new("features", Affine(5)), new("posteriors", Affine(5)), new("features.weight", Affine(5)),
            new("length", Tdnn([-1, 1], 2)),
        ],
        ["tdnn"] = [new("a", Tdnn([-3, 0, 3])), new("b", Tdnn([0])), new("c", Tdnn([2])), new("d", Tdnn([-9]) with { HasBias = false })],
        ["tdnn with strides"] = [new("a", Tdnn([-1, 0, 1], 3)), new("b", Tdnn([-3, 3], 2)), new("c", Tdnn([0], 5))],
        ["tdnnf"] =
        [
            new("a", Affine(5)), new("b", Tdnn([-1, 0]) with { OutputDim = 2, HasBias = false, Orthonormal = -1 }), new("c", Tdnn([0, 1])),
            new("d", new BatchNormSpec()), new("e", new SumSpec { Scales = [0.66f, 1] }, ["a", "d"]),
        ],
        ["dfsmn"] =
        [
            new("a", Memory(2, 3, 1, 1)), new("b", Memory(3, 2, 2, 3)), new("c", Memory(0, 4, 1, 2)), new("d", Memory(4, 0, 2, 1)),
            new("e", Memory(0, 0, 1, 1)),
        ],
        ["convolution"] =
        [
            new("a", Convolution(6, 3) with { TimeOffsets = [-1, 0, 1], Padding = 1 }),
            new("b", Convolution(6, 2) with { TimeOffsets = [-2, 1], Stride = 2, Padding = 2, Activation = Activation.Relu }),
        ],
        ["convolution of whole steps"] =
            [new("a", Convolution(6, 2) with { KernelHeight = 4, Stride = 3, Padding = 1 }), new("b", new MaxPoolSpec
            {
                Height = 2, TimeOffsets = [0, -1], KernelHeight = 2, Stride = 1,
            })],
        ["pooling"] =
        [
            new("a", Convolution(3, 4) with { KernelHeight = 2 }),
            new("b", new MaxPoolSpec { Height = 2, TimeOffsets = [-1, 0, 1], KernelHeight = 1, Stride = 1 }),
        ],
        ["lstm"] = [new("a", Lstm(5, 3))],
        ["lstm without projection"] = [new("a", Lstm(5, 0)), new("b", Lstm(4, 0) with { Peepholes = false })],
        ["lstm without a limit"] = [new("a", Lstm(5, 3) with { CellClip = 0 }), new("b", Lstm(5, 0) with { CellClip = 0 })],
        ["lstm without limit and peepholes"] = [new("a", Lstm(5, 3) with { CellClip = 0, Peepholes = false })],
        ["lstm at its limit"] = [new("a", Lstm(5, 3) with { CellClip = 0.05f }), new("b", Lstm(5, 0) with { CellClip = 0.05f })],
        ["blstm"] = [new("a", Blstm(5, 3)), new("b", Blstm(4, 0) with { Peepholes = false })],
        ["blstm without a limit"] = [new("a", Blstm(5, 3) with { CellClip = 0 }), new("b", Blstm(4, 0) with { CellClip = 0 })],
        ["blstm at its limit"] = [new("a", Blstm(5, 3) with { CellClip = 0.05f })],
        ["lc-blstm"] = [new("a", new LcBlstmSpec(Blstm(5, 3), 5, 2)), new("b", new LcBlstmSpec(Blstm(4, 0), 3, 0))],
        ["lc-blstm of single frames"] = [new("a", new LcBlstmSpec(Blstm(5, 3) with { CellClip = 0.05f }, 1, 3))],
        ["lc-blstm without a limit"] =
        [
            new("a", new LcBlstmSpec(Blstm(5, 3) with { CellClip = 0 }, 5, 2)),
            new("b", new LcBlstmSpec(Blstm(4, 0) with { CellClip = 0, Peepholes = false }, 6, 9)),
        ],
        ["gru"] = [new("a", new GruSpec(5) { ParamRange = 0.8f }), new("b", new GruSpec(3))],
        ["all together"] =
        [
            new("splice", new SpliceSpec([-1, 0, 1])), new("conv", Convolution(18, 2) with { TimeOffsets = [0, 1] }),
            new("tdnn", Tdnn([-1, 1], 2)), new("memory", Memory(2, 2, 1, 2)), new("lstm", Lstm(5, 3)), new("norm", new LayerNormSpec()),
            new("gru", new GruSpec(5)), new("blstm", Blstm(4, 2)), new("lc", new LcBlstmSpec(Blstm(4, 2), 4, 1)),
            new("sum", new AppendSpec(), ["lc", "tdnn"]),
        ],
    };

    public static TheoryData<string> Names => [.. Networks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Network_is_computed_as_here(string name)
    {
        using var graph = Save(Networks[name]);

        ModelExport.Run(Options("m.onnx"));

        var worst = 0f;
        foreach (var length in Lengths)
        {
            var frames = Numbers(length * Dim, length);
            var (logits, posteriors) = Computed(graph, frames, length);
            worst = Math.Max(worst, SomeNetwork.Largest(logits, OnnxRuntime.Compute(At("m.onnx"), frames, "logits").Values));
            worst = Math.Max(worst, SomeNetwork.Largest(posteriors, OnnxRuntime.Compute(At("m.onnx"), frames, "posteriors").Values));
        }

        console.WriteLine($"{name}: {worst}");
        Assert.InRange(worst, 0, 2e-5f);
    }

    [Fact]
    public void Block_that_has_no_translation_is_refused_by_its_name()
    {
        Save([new("fold", new PnormSpec { GroupCount = 3 })]).Dispose();

        var error = Assert.Throws<InputException>(() => ModelExport.Run(Options("m.onnx")));

        Assert.Contains("node 'fold' (pnorm) cannot be exported to ONNX", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(At("m.onnx")));
    }

    [Fact]
    public void Every_block_with_a_translation_is_among_the_networks()
    {
        var known = typeof(BlockSpec).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(block => block.DerivedType).ToHashSet();

        var exported = Networks.Values.SelectMany(nodes => nodes).Select(node => node.Block.GetType()).ToHashSet();

        Assert.Equal(
            [
                typeof(PnormSpec), typeof(MaxoutSpec), typeof(RenormSpec), typeof(HighwaySpec), typeof(StatisticsPoolingSpec),
                typeof(RestrictedAttentionSpec), typeof(ConformerSpec), typeof(ModuleSpec),
            ],
            known.Except(exported));
    }

    [Theory]
    [InlineData(50f, true, "Scan")]
    [InlineData(50f, false, "LSTM")]
    [InlineData(0f, true, "LSTM")]
    public void Limit_of_cells_decides_the_operator(float limit, bool keep, string operation)
    {
        Save([new("a", Lstm(5, 3) with { CellClip = limit })]).Dispose();

        ModelExport.Run(Options("m.onnx") with { KeepCellLimits = keep });

        var node = Assert.Single(OnnxFile.Read(At("m.onnx")).Nodes, node => node.Operation is "Scan" or "LSTM");
        Assert.Equal(operation, node.Operation);
        if (operation == "LSTM")
            Assert.Equal("a.p", node.Inputs[7]);
    }

    [Fact]
    public void Limit_that_is_left_out_changes_the_outputs()
    {
        using var graph = Save([new("a", Lstm(5, 3) with { CellClip = 0.05f })]);
        var frames = Numbers(9 * Dim, 1);

        ModelExport.Run(Options("m.onnx") with { KeepCellLimits = false });

        var logits = OnnxRuntime.Compute(At("m.onnx"), frames, "logits").Values;
        Assert.InRange(SomeNetwork.Largest(Computed(graph, frames, 9).Logits, logits), 1e-3f, 1);
    }

    [Fact]
    public void Spliced_frames_are_the_input_of_a_recurrent_network_too()
    {
        using var graph = Save([new("a", new SpliceSpec([0, 1])), new("b", Lstm(5, 3)), new("c", Tdnn([-1, 1]))]);
        var frames = Numbers(9 * Dim, 1);
        float[] spliced = [.. Enumerable.Range(0, 9).SelectMany(t =>
            frames[(t * Dim)..((t + 1) * Dim)].Concat(frames.Skip(Math.Min(t + 1, 8) * Dim).Take(Dim)))];

        ModelExport.Run(Options("m.onnx") with { SpliceInGraph = false });

        var logits = OnnxRuntime.Compute(At("m.onnx"), spliced, "logits").Values;
        Assert.InRange(SomeNetwork.Largest(Computed(graph, frames, 9).Logits, logits), 0, 2e-5f);
    }

    [Fact]
    public void What_cannot_be_expressed_is_said_in_one_line()
    {
        string Refusal(NodeSpec[] nodes, ExportOptions options)
        {
            Save(nodes).Dispose();
            var error = Assert.Throws<InputException>(() => ModelExport.Run(options));
            Assert.DoesNotContain('\n', error.Message);
            Assert.False(File.Exists(options.Output));
            return error.Message[(_folder.Length + 1)..];
        }

        Assert.Equal(
            "model: layers beside the splice take the frames too, so it can only be exported as part of the graph.",
            Refusal(Networks["beside the splice"], Options("m.onnx") with { SpliceInGraph = false }));
        Assert.Equal(
            "model: node 'a' (gru) has no counterpart in nnet1; --format onnx exports the model.",
            Refusal(Networks["gru"], Options("final.nnet") with { Format = ExportFormat.KaldiNnet1 }));
        Assert.Equal(
            "model: no layer limits its cells (cell-clip), so '--lstm operator' would change nothing; leave it out.",
            Refusal(Networks["lstm without a limit"], Options("m.onnx") with { KeepCellLimits = false }));
        Assert.Equal(
            "model: no frames are spliced before the network, so '--splice input' would change nothing; leave it out.",
            Refusal(Networks["lstm"], Options("m.onnx") with { SpliceInGraph = false }));
        Assert.Equal(
            "model: node 'b' takes input; a network of nnet1 is one chain, without branches; --format onnx exports the model.",
            Refusal(Networks["branches"], Options("final.nnet") with { Format = ExportFormat.KaldiNnet1 }));
    }

    [Fact]
    public void Options_of_the_other_format_are_refused()
    {
        Save(Networks["affine, linear, copy"]).Dispose();
        var kaldi = Options("final.nnet") with { Format = ExportFormat.KaldiNnet1 };

        foreach (var options in new[]
            { kaldi with { SpliceInGraph = false }, kaldi with { KeepCellLimits = false }, kaldi with { FrameShift = 10 } })
        {
            var error = Assert.Throws<InputException>(() => ModelExport.Run(options));
            Assert.Contains("are for ONNX models", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Folder_as_the_output_and_a_frame_shift_that_is_none_are_refused()
    {
        Save(Networks["affine, linear, copy"]).Dispose();
        Directory.CreateDirectory(At("there"));

        var folder = Assert.Throws<InputException>(() => ModelExport.Run(Options("there")));
        Assert.Contains("there: is a folder", folder.Message, StringComparison.Ordinal);
        foreach (var shift in new[] { -5, 0, double.NaN, double.PositiveInfinity })
        {
            var error = Assert.Throws<InputException>(() => ModelExport.Run(Options("m.onnx") with { FrameShift = shift }));
            Assert.Contains("--frame-shift: expected milliseconds above 0", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ExportFormat.Onnx)]
    [InlineData(ExportFormat.KaldiNnet1)]
    public void Module_is_refused_by_its_name_even_where_its_assembly_is_missing(ExportFormat format)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "Mimir.Samples.ModuleBlock.dll");
        File.Copy(assembly, At("mine.dll"));
        Save([new("gate", new ModuleSpec("GatedLinear", At("mine.dll"), new Dictionary<string, string> { ["output-dim"] = "5" }))])
            .Dispose();
        File.Delete(At("mine.dll"));

        var error = Assert.Throws<InputException>(() => ModelExport.Run(Options("out") with { Format = format }));

        Assert.StartsWith(
            $"{At("model")}: node 'gate' is a module of your own (GatedLinear): it is code, which neither nnet1 nor ONNX can express",
            error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(At("out")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static AffineSpec Affine(int outputs) => new() { OutputDim = outputs, ParamStddev = 0.5f, BiasMean = 0 };

    private static TdnnSpec Tdnn(int[] offsets, int stride = 1) =>
        new() { OutputDim = 5, Offsets = offsets, Stride = stride, Activation = Activation.Tanh, ParamStddev = 0.4f, BiasRange = 1 };

    private static DfsmnMemorySpec Memory(int left, int right, int leftStride, int rightStride) =>
        new() { Left = left, Right = right, LeftStride = leftStride, RightStride = rightStride, ParamStddev = 0.4f };

    private static ConvolutionSpec Convolution(int height, int filters) =>
        new() { Height = height, Filters = filters, TimeOffsets = [0], ParamStddev = 0.4f, BiasRange = 1 };

    private static LstmSpec Lstm(int cells, int projection) => new(cells) { Projection = projection, ParamRange = 0.8f };

    private static BlstmSpec Blstm(int cells, int projection) => new(cells) { Projection = projection, ParamRange = 0.8f };

    private static float[] Numbers(int count, int seed)
    {
        var random = SeededRandom.Of((ulong)seed, 9);
        return [.. Enumerable.Range(0, count).Select(_ => (random.BelowExactly(2001) / 1000f) - 1)];
    }

    private static (float[] Logits, float[] Posteriors) Computed(LayerGraph graph, float[] frames, int length)
    {
        using var table = new FrameTable(Device.Cpu, frames, Dim, [length]);
        int[] rows = [.. Enumerable.Range(0, length)];
        var sequences = new SequenceLayout([length]);
        var logits = graph.Forward(table, rows, PassMode.Evaluate, sequences).ToArray();
        return (logits, graph.Posteriors(table, rows, sequences: sequences).ToArray());
    }

    private LayerGraph Save(NodeSpec[] nodes)
    {
        var graph = new LayerGraph(
            new GraphSpec(Dim, [.. nodes, new NodeSpec("output", Affine(Classes)), new NodeSpec("softmax", new SoftmaxSpec())]),
            Device.Cpu);
        graph.Initialise(1);
        for (var i = 0; i < graph.Parameters.Slices.Count; i++)
        {
            var slice = graph.Parameters.Slices[i];
            var numbers = Numbers((int)slice.Count, i);
            if (slice.Name.EndsWith("variance", StringComparison.Ordinal))
                numbers = Array.ConvertAll(numbers, value => (value * value) + 0.1f);
            else if (!slice.Name.Contains("running", StringComparison.Ordinal) && !slice.Name.Contains("gamma", StringComparison.Ordinal)
                && !slice.Name.Contains("beta", StringComparison.Ordinal) && !slice.Name.Contains("alpha", StringComparison.Ordinal))
                continue;

            graph.Parameters.ValueOf(i).CopyFrom(numbers);
        }

        ModelFolder.Save(At("model"), graph);
        return graph;
    }

    private ExportOptions Options(string output) =>
        new() { Sources = [At("model")], Format = ExportFormat.Onnx, Output = At(output) };

    private string At(string name) => Path.Combine(_folder, name);
}
