using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Export;

/// <summary>Translates components of nnet1 to operators of ONNX, for evaluation.</summary>
internal sealed class OnnxTranslation(string origin)
{
    /// <summary>The value that the graph takes.</summary>
    public const string Input = "features";

    /// <summary>The value before the softmax.</summary>
    public const string Logits = "logits";

    /// <summary>The value behind the softmax.</summary>
    public const string Posteriors = "posteriors";

    private readonly OnnxGraph _graph = new();

    /// <summary>Makes the graph.</summary>
    /// <param name="components">The network.</param>
    public ProtoMessage Build(IReadOnlyList<NnetComponent> components)
    {
        // Dropout does nothing in evaluation.
        NnetComponent[] chain = [.. components.Where(component => component is not Dropout)];
        if (chain.Length == 0)
            throw new InputException($"{origin}: expected components that compute something, there are none.");

        _graph.Input(Input, chain[0].InputDim);
        var (value, ends) = (Input, chain[^1] is Softmax);
        for (var i = 0; i < chain.Length; i++)
        {
            var name = i == chain.Length - 1 ? (ends ? Posteriors : Logits)
                : ends && i == chain.Length - 2 ? Logits
                : $"{chain[i].Name}{i + 1}";
            value = Add(chain[i], value, name);
        }

        if (ends && chain.Length > 1)
            _graph.Output(Logits, chain[^1].InputDim);

        _graph.Output(value, chain[^1].OutputDim);
        return _graph.Build("acoustic-model");
    }

    private string Add(NnetComponent component, string x, string y) => component switch
    {
        AffineTransform affine => Affine(x, y, affine.Weights, affine.Bias),
        LinearTransform linear => Affine(x, y, linear.Weights, null),
        Sigmoid => _graph.Node("Sigmoid", [x], y),
        Tanh => _graph.Node("Tanh", [x], y),
        Softmax or GenericComponent { Kind: "HiddenSoftmax" } => _graph.Node("Softmax", [x], y, OnnxGraph.Attribute("axis", 1)),
        AddShift shift => _graph.Node("Add", [x, Row($"{y}.shift", shift.Shift)], y),
        Rescale scale => _graph.Node("Mul", [x, Row($"{y}.scale", scale.Scale)], y),
        ParametricRelu relu => Rectifier(x, y, relu),
        Splice splice => Splice(x, y, splice.Offsets),
        Copy copy => _graph.Node(
            "Gather", [x, _graph.Constant($"{y}.indices", Array.ConvertAll(copy.Indices, index => (long)index))], y,
            OnnxGraph.Attribute("axis", 1)),
        _ => throw new InputException($"{origin}: <{component.Name}> cannot be exported to ONNX; layers without memory can."),
    };

    private string Affine(string x, string y, FloatMatrix weights, float[]? bias)
    {
        var inputs = new List<string> { x, _graph.Constant($"{y}.weight", weights.Data, weights.Rows, weights.Columns) };
        if (bias is not null)
            inputs.Add(_graph.Constant($"{y}.bias", bias, bias.Length));

        return _graph.Node("Gemm", inputs, y, OnnxGraph.Attribute("transB", 1));
    }

    private string Rectifier(string x, string y, ParametricRelu relu)
    {
        if (relu.Alpha.All(alpha => alpha == 1))
        {
            return relu.Beta.All(beta => beta == 0)
                ? _graph.Node("Relu", [x], y)
                : _graph.Node("PRelu", [x, Row($"{y}.slope", relu.Beta)], y);
        }

        var positive = _graph.Node("Relu", [x], $"{y}.positive");
        var negative = _graph.Node("Min", [x, _graph.Constant($"{y}.zero", (float[])[0], 1)], $"{y}.negative");
        return _graph.Node(
            "Add",
            [
                _graph.Node("Mul", [positive, Row($"{y}.alpha", relu.Alpha)], $"{y}.rising"),
                _graph.Node("Mul", [negative, Row($"{y}.beta", relu.Beta)], $"{y}.falling"),
            ],
            y);
    }

    // The ends of the utterance are repeated as far as the context reaches; each offset is then a cut of the same length.
    private string Splice(string x, string y, int[] offsets)
    {
        var (left, right) = (Math.Max(0, -offsets.Min()), Math.Max(0, offsets.Max()));
        if (left + right > 0)
        {
            x = _graph.Node(
                "Pad", [x, _graph.Constant($"{y}.pads", left, 0, right, 0)], $"{y}.padded", OnnxGraph.Attribute("mode", "edge"));
        }

        var axes = _graph.Constant($"{y}.axes", 0);
        string Cut(int offset, string name) => _graph.Node(
            "Slice",
            [
                x,
                _graph.Constant($"{name}.start", offset + left),
                _graph.Constant($"{name}.end", offset < right ? offset - right : long.MaxValue),
                axes,
            ],
            name);
        return offsets.Length == 1
            ? Cut(offsets[0], y)
            : _graph.Node("Concat", [.. offsets.Select((offset, i) => Cut(offset, $"{y}.{i}"))], y, OnnxGraph.Attribute("axis", 1));
    }

    private string Row(string name, float[] values) => _graph.Constant(name, values, values.Length);
}
