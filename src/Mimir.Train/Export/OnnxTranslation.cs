using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Train.Evaluation;

namespace Mimir.Train.Export;

/// <summary>Translates layer graphs to one graph of ONNX, for evaluation: its input is one utterance, <c>[T, D]</c>.</summary>
internal sealed class OnnxTranslation
{
    /// <summary>The value that the graph takes.</summary>
    public const string Input = "features";

    /// <summary>The value before the softmax.</summary>
    public const string Logits = "logits";

    /// <summary>The value behind the softmax.</summary>
    public const string Posteriors = "posteriors";

    private readonly OnnxGraph _graph = new();
    private readonly OnnxTime _time;
    private readonly OnnxFeatureMaps _maps;
    private readonly OnnxRecurrent _recurrent;
    private readonly string _origin;

    /// <summary>Begins a graph.</summary>
    /// <param name="origin">The file or folder, for messages.</param>
    /// <param name="keepCellLimits">False to leave limits of the cells of LSTM layers out.</param>
    public OnnxTranslation(string origin, bool keepCellLimits)
    {
        (_origin, _time) = (origin, new OnnxTime(_graph, Input));
        _maps = new OnnxFeatureMaps(_graph, _time);
        _recurrent = new OnnxRecurrent(_graph, _time, keepCellLimits);
        foreach (var name in new[] { Input, Logits, Posteriors })
            _graph.Reserve(name);
    }

    /// <summary>Makes the graph.</summary>
    /// <param name="chain">The network: graphs of which each takes the output of the one before.</param>
    /// <param name="inputDim">The values of a frame of the input.</param>
    /// <param name="splices">False when the input is spliced already, so that the first splice is left out.</param>
    public ProtoMessage Build(IReadOnlyList<ExportedGraph> chain, int inputDim, bool splices)
    {
        _graph.Input(Input, inputDim);
        var value = Input;
        for (var i = 0; i < chain.Count; i++)
            value = Add(chain[i], value, isSpliced: i == 0 && !splices, isLast: i == chain.Count - 1);
        if (_graph.Count == 0 && !EndsInSoftmax(chain[^1]))
            throw new InputException($"{_origin}: expected layers that compute something, there are none.");

        var last = chain[^1];
        value = _graph.Final("Identity", value, Logits);
        _graph.Output(Logits, last.OutputDim);
        if (last.SoftmaxBlocks is { } blocks)
        {
            value = BlockSoftmax(value, blocks);
            _graph.Output(_graph.Final("Identity", value, Posteriors), last.OutputDim);
        }
        else if (EndsInSoftmax(last))
        {
            _graph.Output(_graph.Final("Softmax", value, Posteriors, OnnxGraph.Attribute("axis", 1)), last.OutputDim);
        }

        return _graph.Build("acoustic-model");
    }

    private static bool EndsInSoftmax(ExportedGraph graph) => graph.Spec.Nodes[^1].Block is SoftmaxSpec;

    private string Add(ExportedGraph graph, string input, bool isSpliced, bool isLast)
    {
        var dims = graph.Dims();
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { [NodeSpec.GraphInput] = input };
        var value = input;
        for (var i = 0; i < graph.Spec.Nodes.Count; i++)
        {
            // The softmax at the end of all comes behind the logits.
            var node = graph.Spec.Nodes[i];
            var inputs = graph.InputsOf(i);
            value = isLast && i == graph.Spec.Nodes.Count - 1 && node.Block is SoftmaxSpec ? values[inputs[0]]
                : isSpliced && node.Block is SpliceSpec ? input
                : Add(graph, node, [.. inputs.Select(name => values[name])], dims[inputs[0]]);
            values[node.Name] = value;
        }

        return value;
    }

    private string Add(ExportedGraph graph, NodeSpec node, IReadOnlyList<string> inputs, int dim)
    {
        var (name, x) = (node.Name, inputs[0]);
        float[] Values(string parameter) => graph.Parameter($"{name}.{parameter}").Values;
        string Row(string parameter, float[] values) => _graph.Constant($"{name}.{parameter}", values, values.Length);
        switch (node.Block)
        {
            case SpliceSpec splice:
                return _time.Splice(x, splice.Offsets, name);
            case AddShiftSpec shift:
                return _graph.Node("Add", [x, Row("shift", shift.LearnRateCoef == 0 ? [.. shift.Shift] : Values("shift"))], name);
            case RescaleSpec scale:
                return _graph.Node("Mul", [x, Row("scale", scale.LearnRateCoef == 0 ? [.. scale.Scale] : Values("scale"))], name);
            case AffineSpec affine:
                return Activated(affine.Activation, Product(graph, x, name, hasBias: true, affine.Activation), name);
            case LinearSpec:
                return Product(graph, x, name, hasBias: false, Activation.None);
            case TdnnSpec tdnn:
                return Tdnn(graph, tdnn, x, name);
            case ActivationSpec activation:
                return Activated(activation.Activation, x, name);
            case ParametricReluSpec:
                return Rectifier(x, Values("alpha"), Values("beta"), name);
            case CopySpec copy:
                return _graph.Node(
                    "Gather", [x, _graph.Constant($"{name}.indices", [.. copy.Indices])], name, OnnxGraph.Attribute("axis", 1));
            case BatchNormSpec norm:
                return BatchNorm(graph, norm, x, name);
            case LayerNormSpec norm:
                return LayerNorm(norm, x, Row("gamma", Values("gamma")), Row("beta", Values("beta")), name);
            case DropoutSpec:
                return x;
            case SoftmaxSpec:
                return _graph.Node("Softmax", [x], name, OnnxGraph.Attribute("axis", 1));
            case SumSpec sum:
                return Sum(inputs, sum.Scales, name);
            case AppendSpec:
                return inputs.Count == 1 ? x : _graph.Node("Concat", inputs, name, OnnxGraph.Attribute("axis", 1));
            case ConvolutionSpec convolution:
                var maps = _maps.Convolution(
                    convolution, x, dim, graph.Parameter($"{name}.weight"), graph.Parameter($"{name}.bias"),
                    convolution.Activation == Activation.None ? name : $"{name}.linear");
                return Activated(convolution.Activation, maps, name);
            case MaxPoolSpec pool:
                return _maps.MaxPool(pool, x, dim, name);
            case DfsmnMemorySpec memory:
                return _maps.Memory(memory, x, dim, graph.Parameter($"{name}.weight"), name);
            case LcBlstmSpec blstm:
                var (first, second) = (graph.Lstm(blstm.Half, dim, $"{name}.{LstmWeights.Forward}"),
                    graph.Lstm(blstm.Half, dim, $"{name}.{LstmWeights.Backward}"));
                return Halves(
                    _recurrent.Lstm(x, blstm.Half, first, reverse: false, $"{name}.forward"),
                    _recurrent.Chunked(x, blstm, second, $"{name}.backward"), name);
            case BlstmSpec blstm:
                var (forward, backward) = (graph.Lstm(blstm, dim, $"{name}.{LstmWeights.Forward}"),
                    graph.Lstm(blstm, dim, $"{name}.{LstmWeights.Backward}"));
                return Halves(
                    _recurrent.Lstm(x, blstm, forward, reverse: false, $"{name}.forward"),
                    _recurrent.Lstm(x, blstm, backward, reverse: true, $"{name}.backward"), name);
            case LstmSpec lstm:
                return _recurrent.Lstm(x, lstm, graph.Lstm(lstm, dim, $"{name}."), reverse: false, name);
            case GruSpec gru:
                return _recurrent.Gru(x, gru, Values, dim, name);
            default:
                throw new InputException($"{_origin}: node '{name}' ({node.Block.TypeName()}) cannot be exported to ONNX.");
        }
    }

    private string Product(ExportedGraph graph, string x, string name, bool hasBias, Activation activation)
    {
        var weight = graph.Parameter($"{name}.weight");
        var inputs = new List<string> { x, _graph.Constant($"{name}.weight", weight.Values, weight.Shape) };
        if (hasBias)
        {
            var bias = graph.Parameter($"{name}.bias");
            inputs.Add(_graph.Constant($"{name}.bias", bias.Values, bias.Shape));
        }

        return _graph.Node(
            "Gemm", inputs, activation == Activation.None ? name : $"{name}.linear", OnnxGraph.Attribute("transB", 1));
    }

    private string Tdnn(ExportedGraph graph, TdnnSpec spec, string x, string name)
    {
        var spliced = _time.Splice(x, spec.Offsets, $"{name}.spliced");
        if (spec.Stride > 1)
            spliced = _time.Every(spliced, spec.Stride, name);

        var y = Activated(spec.Activation, Product(graph, spliced, name, spec.HasBias, spec.Activation), name);
        return spec.Stride > 1 ? _time.Held(y, spec.Stride, spec.OutputDim, $"{name}.held") : y;
    }

    private string Activated(Activation activation, string x, string name) =>
        activation == Activation.None ? x : _graph.Node(activation.ToString(), [x], name);

    private string Rectifier(string x, float[] alpha, float[] beta, string name)
    {
        string Row(string parameter, float[] values) => _graph.Constant($"{name}.{parameter}", values, values.Length);
        if (Array.TrueForAll(alpha, value => value == 1))
        {
            return Array.TrueForAll(beta, value => value == 0)
                ? _graph.Node("Relu", [x], name)
                : _graph.Node("PRelu", [x, Row("slope", beta)], name);
        }

        var positive = _graph.Node("Relu", [x], $"{name}.positive");
        var negative = _graph.Node("Min", [x, _graph.Constant($"{name}.zero", (float[])[0], 1)], $"{name}.negative");
        return _graph.Node(
            "Add",
            [
                _graph.Node("Mul", [positive, Row("alpha", alpha)], $"{name}.rising"),
                _graph.Node("Mul", [negative, Row("beta", beta)], $"{name}.falling"),
            ],
            name);
    }

    // The running averages make it a scale and a shift.
    private string BatchNorm(ExportedGraph graph, BatchNormSpec spec, string x, string name)
    {
        float[] Values(string parameter) => graph.Parameter($"{name}.{parameter}").Values;
        var (gamma, beta, mean, variance) = (Values("gamma"), Values("beta"), Values("running-mean"), Values("running-variance"));
        var scale = gamma.Select((value, i) => value / Math.Sqrt((double)variance[i] + spec.Epsilon)).ToArray();
        float[] shift = [.. beta.Select((value, i) => (float)(value - (mean[i] * scale[i])))];
        var scaled = _graph.Node(
            "Mul", [x, _graph.Constant($"{name}.scale", Array.ConvertAll(scale, value => (float)value), scale.Length)], $"{name}.scaled");
        return _graph.Node("Add", [scaled, _graph.Constant($"{name}.shift", shift, shift.Length)], name);
    }

    private string LayerNorm(LayerNormSpec spec, string x, string gamma, string beta, string name)
    {
        string Mean(string of, string result) => _graph.Node("ReduceMean", [of], $"{name}.{result}", OnnxGraph.Attribute("axes", [1]));
        string Of(string operation, string result, params string[] values) => _graph.Node(operation, values, $"{name}.{result}");
        var centred = Of("Sub", "centred", x, Mean(x, "mean"));
        var variance = Of(
            "Add", "variance", Mean(Of("Mul", "squares", centred, centred), "spread"),
            _graph.Constant($"{name}.epsilon", [spec.Epsilon], 1));
        var normalised = Of("Div", "normalised", centred, Of("Sqrt", "deviation", variance));
        return _graph.Node("Add", [Of("Mul", "scaled", normalised, gamma), beta], name);
    }

    private string Sum(IReadOnlyList<string> inputs, IReadOnlyList<float>? scales, string name)
    {
        if (scales is null && inputs.Count == 1)
            return inputs[0];

        string[] terms = scales is null ? [.. inputs] : [.. inputs.Select((input, i) => scales[i] == 1
            ? input
            : _graph.Node("Mul", [input, _graph.Constant($"{name}.scale.{i}", [scales[i]], 1)], $"{name}.term.{i}"))];
        return terms.Length == 1 ? terms[0] : _graph.Node("Sum", terms, name);
    }

    private string Halves(string forward, string backward, string name) =>
        _graph.Node("Concat", [forward, backward], name, OnnxGraph.Attribute("axis", 1));

    private string BlockSoftmax(string x, IReadOnlyList<int> blocks)
    {
        string Block(int first, int size, int i)
        {
            var name = $"block.{i}";
            var values = _graph.Node(
                "Slice",
                [
                    x, _graph.Constant($"{name}.start", first), _graph.Constant($"{name}.end", first + size),
                    _graph.Constant($"{name}.axes", 1),
                ],
                $"{name}.values");
            return _graph.Node("Softmax", [values], name, OnnxGraph.Attribute("axis", 1));
        }

        return _graph.Node(
            "Concat", blocks.Select((size, i) => Block(blocks.Take(i).Sum(), size, i)), "blocks", OnnxGraph.Attribute("axis", 1));
    }
}
