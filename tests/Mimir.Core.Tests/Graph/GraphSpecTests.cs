using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;

namespace Mimir.Core.Tests.Graph;

public sealed class GraphSpecTests
{
    private static readonly GraphSpec EveryBlock = new(5,
    [
        new("splice", SpliceSpec.Context(1, 1)),
        new("shift", new AddShiftSpec([1, -0.5f])),
        new("shift-learns", new AddShiftSpec([1]) { LearnRateCoef = 0.1f }),
        new("rescale", new RescaleSpec([0.1f])),
        new("rescale-learns", new RescaleSpec([0.1f]) { LearnRateCoef = 0.1f }),
        new("affine", new AffineSpec { OutputDim = 7 }),
        new("affine-all", new AffineSpec
        {
            OutputDim = 7, InputDim = 3, Activation = Activation.Sigmoid, ParamStddev = 0.2f, BiasMean = 1, BiasRange = 3,
            LearnRateCoef = 0.5f, BiasLearnRateCoef = 0.25f, MaxNorm = 9,
        }),
        new("linear", new LinearSpec(4)),
        new("activation", new ActivationSpec(Activation.Tanh)),
        new("prelu", new ParametricReluSpec { AlphaLearnRateCoef = 1 }),
        new("copy", new CopySpec([2, 0, 1])),
        new("batch-norm", new BatchNormSpec()),
        new("layer-norm", new LayerNormSpec()),
        new("dropout", new DropoutSpec(0.2f)),
        new("tdnn", new TdnnSpec { OutputDim = 3, Offsets = [-3, 0, 3], Activation = Activation.Relu }),
        new("softmax", new SoftmaxSpec()),
        new("sum", new SumSpec(), ["tdnn", "softmax"]),
        new("sum-scales", new SumSpec { Scales = [0.66f, 1] }, ["tdnn", "softmax"]),
        new("append", new AppendSpec(), ["tdnn", "sum"]),
        new("lstm", new LstmSpec(8) { Projection = 4 }),
        new("blstm", new BlstmSpec(8)),
        new("gru", new GruSpec(8)),
        new("gru-range", new GruSpec(8) { ParamRange = 0.1f }),
        new("lc-blstm", new LcBlstmSpec(new BlstmSpec(8), 20, 10)),
        new("lc-lstm", new LcBlstmSpec(new LstmSpec(8), 20, 10)),
        new("memory", new DfsmnMemorySpec { Left = 20, Right = 10 }),
        new("convolution", new ConvolutionSpec { Height = 40, Filters = 32, TimeOffsets = [-1, 0, 1], KernelHeight = 3 }),
        new("max-pool", new MaxPoolSpec { Height = 40, TimeOffsets = [0], KernelHeight = 2, Stride = 2 }),
    ]);

    [Fact]
    public void ToJson_writes_every_block_as_the_models_on_disk_have_it() =>
        Assert.Equal(File.ReadAllText(Golden()), EveryBlock.ToJson());

    [Fact]
    public void FromJson_of_every_block_writes_the_same_again() =>
        Assert.Equal(File.ReadAllText(Golden()), GraphSpec.FromJson(File.ReadAllText(Golden())).ToJson());

    [Fact]
    public void FromJson_of_a_graph_reads_back_as_the_same_graph()
    {
        var spec = new GraphSpec(3,
        [
            new NodeSpec("splice", SpliceSpec.Context(1, 1)), new NodeSpec("shift", new AddShiftSpec([1, 2, 3, 4, 5, 6, 7, 8, 9])),
            new NodeSpec("affine", Some.Affine(4, Activation.Tanh)), new NodeSpec("norm", new BatchNormSpec()),
            new NodeSpec("drop", new DropoutSpec(0.5f)), new NodeSpec("sum", new SumSpec(), ["drop", "norm"]),
            new NodeSpec("softmax", new SoftmaxSpec()),
        ]);

        var again = GraphSpec.FromJson(spec.ToJson());

        Assert.Equal(spec.ToJson(), again.ToJson());
        Assert.Equal(spec.Nodes[2].Block, again.Nodes[2].Block);
    }

    [Fact]
    public void FromJson_of_blocks_with_options_reads_back_as_the_same_graph()
    {
        var spec = Some.Graph(
            12, new LayerNormSpec(), Some.Convolution(6, 2, -1, 0),
            new MaxPoolSpec { Height = 5, TimeOffsets = [0], KernelHeight = 2, Stride = 2 },
            new DfsmnMemorySpec { Left = 2, Right = 1 }, Some.Tdnn(4, -1, 1) with { Orthonormal = -1, HasBias = false },
            new LcBlstmSpec(new LstmSpec(3) { ForgetBias = 1 }, 4, 2), new SumSpec { Scales = [0.5f] });

        var json = GraphSpec.FromJson(spec.ToJson()).ToJson();

        Assert.Equal(spec.ToJson(), json);
    }

    [Fact]
    public void FromJson_of_an_unknown_key_says_where()
    {
        var json = Some.Graph(3, Some.Affine(2)).ToJson().Replace("biasMean", "biasMeen", StringComparison.Ordinal);

        var error = Assert.Throws<InputException>(() => GraphSpec.FromJson(json, "graph.json"));

        Assert.Contains("biasMeen", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dropout", "rate")]
    [InlineData("fsmn-memory", "left")]
    [InlineData("conv2d", "kernelHeight")]
    [InlineData("affine", "maxNorm")]
    public void FromJson_of_a_block_without_an_option_is_an_error_that_names_it(string type, string option)
    {
        var json = JsonNode.Parse(File.ReadAllText(Golden()))!;
        var block = json["nodes"]!.AsArray().Select(node => node!["block"]!.AsObject()).First(b => (string?)b["type"] == type);
        Assert.True(block.Remove(option));

        var error = Assert.Throws<InputException>(() => GraphSpec.FromJson(json.ToJsonString()));

        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }

    private static string Golden([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "every-block.json");
}
