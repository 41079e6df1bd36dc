using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Export;

/// <summary>Translates an ONNX graph that is one chain of layers to components of nnet1: the exports of this program, and
/// feed-forward networks of other systems.</summary>
internal sealed class OnnxReading
{
    private static readonly HashSet<string> Known =
    [
        "Constant", "Identity", "Dropout", "Gemm", "MatMul", "Add", "Sub", "Mul", "Sigmoid", "Tanh", "Relu", "PRelu", "Softmax",
        "BatchNormalization", "Gather", "Pad", "Slice", "Concat", "Min",
    ];

    private readonly OnnxFile _file;
    private readonly List<NnetComponent> _components = [];
    private string _value;
    private int _dim;

    private OnnxReading(OnnxFile file)
    {
        if (file.Inputs is not [var input] || input.Dim == 0)
        {
            throw new InputException(
                $"{file.Name}: graph: expected one input [frames, D], got "
                + $"{string.Join(", ", file.Inputs.Select(value => $"'{value.Name}' of {value.Dim}"))}.");
        }

        (_file, _value) = (file, input.Name);
        _dim = Checked(input.Dim);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is damaged, or has an operator that is no layer of a chain.</exception>
    public static ExportableModel Read(string path)
    {
        var file = OnnxFile.Read(path);
        var components = new OnnxReading(file).Chain();
        if (file.Metadata.GetValueOrDefault("splice_in_graph") == "false" && file.Metadata.TryGetValue("splice", out var offsets))
            components.Insert(0, SpliceOf(path, offsets, components[0].InputDim));

        return new(components, path)
        {
            Counts = file.Metadata.TryGetValue("class_counts", out var counts) ? CountsOf(path, counts, components[^1].OutputDim) : null,
        };
    }

    private List<NnetComponent> Chain()
    {
        string[] others = [.. _file.Nodes.Select(node => node.Operation).Where(name => !Known.Contains(name)).Distinct()];
        if (others.Length > 0)
        {
            throw Error(
                $"{(others.Length == 1 ? "operator" : "operators")} {string.Join(", ", others)}: only feed-forward networks are read.");
        }

        // Each node is taken at most once, so that a circle ends.
        var left = _file.Nodes.Where(node => node.Operation != "Constant").ToList();
        while (left.Count > 0)
        {
            var users = left.Where(node => node.Inputs.Contains(_value)).ToList();
            if (users.Count == 0)
                throw Error($"node {left[0].Operation} is not reached from the input along one chain.");

            if (users is [{ Operation: "Pad" }] || users.TrueForAll(node => node.Operation == "Slice"))
            {
                AddSplice(users, left);
                continue;
            }

            if (users is not [var only] || only.Outputs.Count == 0)
            {
                throw Error(
                    $"'{_value}' goes to {string.Join(", ", users.Select(node => node.Operation))}; a network is one chain, without "
                    + "branches.");
            }


            left.Remove(only);
            Add(only);
            _value = only.Outputs[0];
        }

        return _components.Count > 0 ? _components : throw Error("expected layers, there are none.");
    }

    private void Add(OnnxNode node)
    {
        switch (node.Operation)
        {
            case "Identity" or "Dropout":
                return;
            case "Gemm" when node.Ints.GetValueOrDefault("transA") == 0 && node.Floats.GetValueOrDefault("alpha", 1) == 1
                && node.Floats.GetValueOrDefault("beta", 1) == 1 && node.Inputs[0] == _value:
                AddWeights(node, node.Ints.GetValueOrDefault("transB") != 0, withBias: node.Inputs.Count > 2);
                return;
            case "MatMul" when node.Inputs[0] == _value:
                AddWeights(node, transposed: false, withBias: false);
                return;
            case "Sigmoid":
                Append(new Sigmoid(_dim));
                return;
            case "Tanh":
                Append(new Tanh(_dim));
                return;
            case "Relu":
                Append(new ParametricRelu(Filled(1), new float[_dim]));
                return;
            case "PRelu" when node.Inputs[0] == _value:
                Append(new ParametricRelu(Filled(1), Row(node, 1)));
                return;
            case "Softmax" when node.Ints.GetValueOrDefault("axis", -1) is 1 or -1:
                Append(new Softmax(_dim));
                return;
            case "Add":
                AddShift(Row(node, node.Inputs[0] == _value ? 1 : 0));
                return;
            case "Sub" when node.Inputs[0] == _value:
                AddShift(Array.ConvertAll(Row(node, 1), value => -value));
                return;
            case "Mul":
                Append(new Rescale(Row(node, node.Inputs[0] == _value ? 1 : 0)) { LearnRateCoef = 0 });
                return;
            case "Gather" when node.Ints.GetValueOrDefault("axis") is 1 or -1 && node.Inputs[0] == _value:
                Append(new Copy(_dim, Array.ConvertAll(Ints(node, 1), index => index >= 0 && index < _dim
                    ? (int)index
                    : throw Error($"Gather: expected indices from 0 to {_dim - 1}, got {index}."))));
                return;
            case "BatchNormalization" when node.Inputs.Count >= 5 && node.Inputs[0] == _value:
                AddBatchNorm(node);
                return;
            default:
                throw Error($"operator {node.Operation} (or its attributes) is none of the layers that are read.");
        }
    }

    private void AddWeights(OnnxNode node, bool transposed, bool withBias)
    {
        var tensor = Constant(node, 1);
        if (tensor is not { Floats: { } values, Shape: [var rows, var columns] }
            || (transposed ? columns : rows) != _dim
            || values.Length == 0)
        {
            throw Error($"{node.Operation}: expected weights for {_dim} values, got [{string.Join(", ", tensor.Shape)}].");
        }

        var weights = new FloatMatrix((int)(transposed ? rows : columns), _dim, transposed ? values : new float[values.Length]);
        if (!transposed)
        {
            for (var input = 0; input < _dim; input++)
            {
                for (var output = 0; output < weights.Rows; output++)
                    weights[output, input] = values[(input * weights.Rows) + output];
            }
        }

        _dim = weights.Rows;
        _components.Add(withBias ? new AffineTransform(weights, Row(node, 2)) : new LinearTransform(weights));
    }

    // A product and a sum of its own make one affine transform.
    private void AddShift(float[] shift)
    {
        if (_components is [.., LinearTransform linear])
            _components[^1] = new AffineTransform(linear.Weights, shift);
        else
            Append(new AddShift(shift) { LearnRateCoef = 0 });
    }

    private void AddBatchNorm(OnnxNode node)
    {
        var (gamma, beta, mean, variance) = (Row(node, 1), Row(node, 2), Row(node, 3), Row(node, 4));
        var epsilon = node.Floats.GetValueOrDefault("epsilon", 1e-5f);
        var scale = gamma.Select((value, i) => value / Math.Sqrt((double)variance[i] + epsilon)).ToArray();
        float[] shift = [.. beta.Select((value, i) => (float)(value - (mean[i] * scale[i])))];
        if (!Array.TrueForAll(scale, double.IsFinite) || !Array.TrueForAll(shift, float.IsFinite))
            throw Error("BatchNormalization: expected variances above 0.");

        Append(new Rescale(Array.ConvertAll(scale, value => (float)value)) { LearnRateCoef = 0 });
        Append(new AddShift(shift) { LearnRateCoef = 0 });
    }

    // Repeated ends, cuts of one length, and the cuts side by side.
    private void AddSplice(List<OnnxNode> users, List<OnnxNode> left)
    {
        var (before, after) = (0L, 0L);
        if (users is [{ Operation: "Pad" } pad])
        {
            var pads = Ints(pad, 1);
            var isEdge = pad.Texts.GetValueOrDefault("mode") == "edge" && pad.Outputs.Count > 0;
            if (pads is not [_, 0, _, 0] || pads[0] < 0 || pads[2] < 0 || !isEdge)
                throw Error("Pad: expected the ends of the utterance repeated.");

            (before, after, _value) = (pads[0], pads[2], pad.Outputs[0]);
            left.Remove(pad);
        }

        var cuts = left.Where(node => node.Inputs.Contains(_value)).ToList();
        var offsets = cuts.ToDictionary(cut => cut.Outputs is [var name] ? name : "", cut => OffsetOf(cut, before, after));
        left.RemoveAll(cuts.Contains);
        var join = left.Find(node => node.Inputs.Any(offsets.ContainsKey));
        int[] spliced = cuts.Count == 1 && join?.Operation != "Concat"
            ? [.. offsets.Values]
            : join is { Operation: "Concat", Outputs: [_, ..] }
                && join.Ints.GetValueOrDefault("axis") == 1
                && join.Inputs.All(offsets.ContainsKey)
                ? [.. join.Inputs.Select(input => offsets[input])]
                : throw Error("Slice: expected cuts of the utterance that Concat puts side by side.");
        if (join?.Operation == "Concat")
            left.Remove(join);

        _value = join?.Operation == "Concat" ? join.Outputs[0] : offsets.Keys.First();
        Checked((long)_dim * spliced.Length);
        Append(new Splice(_dim, spliced));
    }

    private int OffsetOf(OnnxNode cut, long before, long after)
    {
        if (cut.Operation == "Slice" && cut.Inputs.Count == 4 && cut.Inputs[0] == _value
            && Ints(cut, 1) is [var start] && Ints(cut, 2) is [var end] && Ints(cut, 3) is [0])
        {
            var offset = start - before;
            var expected = offset < after ? offset - after : long.MaxValue;
            if (Math.Abs(offset) <= Math.Max(before, after) && end == expected)
                return (int)offset;
        }

        throw Error($"{cut.Operation}: expected a cut of as many frames as the utterance has.");
    }

    private void Append(NnetComponent component)
    {
        _components.Add(component);
        _dim = component.OutputDim;
    }

    // Layers have weights for what they take, so a wrong size shows before memory is taken for it.
    private int Checked(long dim) => dim <= _file.Length
        ? (int)dim
        : throw Error($"expected sizes that weights are there for, got {dim} values in a file of {_file.Length} bytes.");

    private OnnxTensor Constant(OnnxNode node, int input) =>
        input < node.Inputs.Count && _file.Constants.TryGetValue(node.Inputs[input], out var tensor)
        ? tensor
        : throw Error($"{node.Operation}: expected a constant as input {input}.");

    private long[] Ints(OnnxNode node, int input) =>
        Constant(node, input).Ints ?? throw Error($"{node.Operation}: expected whole numbers as input {input}.");

    // One number for each dimension, or one for all.
    private float[] Row(OnnxNode node, int input) => Constant(node, input).Floats switch
    {
        { } values when values.Length == _dim => values,
        [var one] => Filled(one),
        _ => throw Error($"{node.Operation}: expected {_dim} numbers as input {input}."),
    };

    private float[] Filled(float value)
    {
        var values = new float[_dim];
        Array.Fill(values, value);
        return values;
    }

    private static Splice SpliceOf(string path, string text, int spliced)
    {
        int[] offsets = Array.ConvertAll(Numbers(path, text), value => (int)value);
        return offsets.Length > 0 && spliced % offsets.Length == 0
            ? new(spliced / offsets.Length, offsets)
            : throw new InputException($"{path}: metadata: expected a 'splice' that {spliced} values share, got '{text}'.");
    }

    private static PdfCounts CountsOf(string path, string text, int classes)
    {
        var counts = Numbers(path, text);
        return counts.Length == classes && Array.TrueForAll(counts, count => count >= 0)
            ? new(counts)
            : throw new InputException(
                $"{path}: metadata: expected 'class_counts' of {classes} classes, none negative, got {counts.Length}.");
    }

    private static double[] Numbers(string path, string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            && Math.Abs(value) < 1e15
            ? value
            : throw new InputException($"{path}: metadata: expected numbers, got '{word}'."))];

    private InputException Error(string message) => new($"{_file.Name}: graph: {message}");
}
