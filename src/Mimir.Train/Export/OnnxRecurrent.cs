using Mimir.Core.Blocks;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Export;

/// <summary>Recurrent layers in a graph of ONNX.</summary>
/// <remarks>
/// ONNX's LSTM has peepholes, but neither a projection nor a limit of the cells. A projection becomes part of the recurrent
/// weights, since r(t-1) = Wp m(t-1), and a product behind the layer. A limit needs <see cref="OnnxLstmScan"/>.
/// </remarks>
/// <param name="graph">The graph.</param>
/// <param name="time">Its frames.</param>
/// <param name="keepCellLimits">False to leave limits of the cells out, for runtimes that have the LSTM operator alone.</param>
internal sealed class OnnxRecurrent(OnnxGraph graph, OnnxTime time, bool keepCellLimits)
{
    /// <summary>One direction over the utterance.</summary>
    /// <param name="x">The frames.</param>
    /// <param name="spec">The options of the layer.</param>
    /// <param name="parameters">The parameters of the direction.</param>
    /// <param name="reverse">True from the last frame to the first.</param>
    /// <param name="name">The name of the value.</param>
    public string Lstm(string x, LstmSpec spec, LstmParameters parameters, bool reverse, string name)
    {
        var sequence = graph.Node("Unsqueeze", [x, graph.Constant($"{name}.axes", 1)], $"{name}.sequence");
        var outputs = Direction(sequence, null, spec, parameters, reverse, name);
        return graph.Node("Squeeze", [outputs, graph.Constant($"{name}.outputs.axes", 1)], name);
    }

    /// <summary>The backward half of a latency-controlled layer: each chunk with its right context is a sequence of its own.</summary>
    public string Chunked(string x, LcBlstmSpec spec, LstmParameters parameters, string name)
    {
        // The frames begin + k of each chunk, [chunks, K]; beyond the end of the utterance there are none.
        string Scalar(string of, long value) => graph.Constant($"{name}.{of}", value);
        var (one, chunk) = (Scalar("one", 1), Scalar("chunk", spec.Chunk));
        var whole = graph.Node("Add", [time.Length, Scalar("rest", spec.Chunk - 1L)], $"{name}.whole");
        var count = graph.Node("Div", [whole, chunk], $"{name}.count");
        var begins = graph.Node("Mul", [Range(count, one, $"{name}.numbers"), chunk], $"{name}.begins");
        begins = graph.Node("Unsqueeze", [begins, one], $"{name}.begins.column");
        var within = graph.Constant($"{name}.within", [.. Enumerable.Range(0, spec.Chunk + spec.RightContext)]);
        var frames = graph.Node("Add", [begins, within], $"{name}.frames");
        var last = graph.Node("Sub", [time.Length, one], $"{name}.last");
        var taken = graph.Node("Min", [frames, last], $"{name}.taken");
        var chunks = graph.Node("Gather", [x, taken], $"{name}.chunks", OnnxGraph.Attribute("axis", 0));
        chunks = graph.Node("Transpose", [chunks], $"{name}.sequences", OnnxGraph.Attribute("perm", 1, 0, 2));
        var isThere = graph.Node("Less", [frames, time.Length], $"{name}.there");
        var outputs = Direction(chunks, isThere, spec.Half, parameters, reverse: true, name);

        // The frames of the chunks without their context, one behind the other.
        outputs = graph.Node(
            "Slice", [outputs, Scalar("zero", 0), chunk, Scalar("own.axes", 0)], $"{name}.own");
        outputs = graph.Node("Transpose", [outputs], $"{name}.in-order", OnnxGraph.Attribute("perm", 1, 0, 2));
        var flat = graph.Node("Reshape", [outputs, graph.Constant($"{name}.shape", -1, spec.Half.Outputs)], $"{name}.flat");
        return time.First(flat, name);
    }

    /// <summary>Gated recurrent units over the utterance.</summary>
    public string Gru(string x, GruSpec spec, Func<string, float[]> parameter, int inputDim, string name)
    {
        // Mimir's rows are those of r, z and n; ONNX has z, r and h, with the reset gate behind the product as here.
        ReadOnlySpan<int> order = [1, 0, 2];
        var cells = spec.Cells;
        var weights = OnnxWeights.Blocks(parameter("w-x"), cells * inputDim, order);
        float[] bias = [.. OnnxWeights.Blocks(parameter("bias"), cells, order), .. new float[2 * cells], .. parameter("bias-q")];
        var sequence = graph.Node("Unsqueeze", [x, graph.Constant($"{name}.axes", 1)], $"{name}.sequence");
        var outputs = graph.Node(
            "GRU",
            [
                sequence, graph.Constant($"{name}.w", weights, 1, 3 * cells, inputDim),
                graph.Constant($"{name}.r", OnnxWeights.Blocks(parameter("w-r"), cells * cells, order), 1, 3 * cells, cells),
                graph.Constant($"{name}.b", bias, 1, 6 * cells),
            ],
            $"{name}.outputs", OnnxGraph.Attribute("hidden_size", cells), OnnxGraph.Attribute("linear_before_reset", 1));
        return graph.Node("Squeeze", [outputs, graph.Constant($"{name}.outputs.axes", 1, 2)], name);
    }

    // Sequences side by side, [S, N, D]; isThere, [N, S], says which frames there are.
    private string Direction(string x, string? isThere, LstmSpec spec, LstmParameters parameters, bool reverse, string name) =>
        keepCellLimits && spec.CellClip > 0
            ? new OnnxLstmScan(graph, spec).Add(x, isThere, parameters, reverse, name)
            : Operator(x, isThere, spec, parameters, reverse, name);

    private string Operator(
        string x, string? isThere, LstmSpec spec, LstmParameters parameters, bool reverse, string name)
    {
        // Mimir's rows are those of g, i, f and o; ONNX has i, o, f and c, and peepholes in the order i, o, f.
        ReadOnlySpan<int> order = [1, 3, 2, 0];
        var (cells, inputs) = (parameters.CellDim, parameters.InputWeights.Columns);
        var projection = spec.Projection > 0 ? parameters.Projection : null;
        var recurrent = projection is null ? parameters.RecurrentWeights : OnnxWeights.Product(parameters.RecurrentWeights, projection);
        var weights = OnnxWeights.Blocks(parameters.InputWeights.Data, cells * inputs, order);
        float[] bias = [.. OnnxWeights.Blocks(parameters.Bias, cells, order), .. new float[4 * cells]];
        float[] peepholes = [.. parameters.InputPeephole, .. parameters.OutputPeephole, .. parameters.ForgetPeephole];
        var outputs = graph.Node(
            "LSTM",
            [
                x, graph.Constant($"{name}.w", weights, 1, 4 * cells, inputs),
                graph.Constant($"{name}.r", OnnxWeights.Blocks(recurrent.Data, cells * cells, order), 1, 4 * cells, cells),
                graph.Constant($"{name}.b", bias, 1, 8 * cells), isThere is null ? "" : Lengths(isThere, name),
                .. spec.Peepholes ? ["", "", graph.Constant($"{name}.p", peepholes, 1, 3 * cells)] : Array.Empty<string>(),
            ],
            $"{name}.cells", OnnxGraph.Attribute("hidden_size", cells),
            OnnxGraph.Attribute("direction", reverse ? "reverse" : "forward"));
        outputs = graph.Node("Squeeze", [outputs, graph.Constant($"{name}.cells.axes", 1)], $"{name}.memories");
        return projection is null
            ? outputs
            : graph.Node(
                "MatMul",
                [outputs, graph.Constant($"{name}.projection", OnnxWeights.Transposed(projection), cells, projection.Rows)],
                $"{name}.projected");
    }

    private string Lengths(string isThere, string name)
    {
        const int Int32 = 6;
        var ones = graph.Node("Cast", [isThere], $"{name}.ones", OnnxGraph.Attribute("to", Int32));
        return graph.Node(
            "ReduceSum", [ones, graph.Constant($"{name}.lengths.axes", 1)], $"{name}.lengths", OnnxGraph.Attribute("keepdims", 0));
    }

    // 0, 1 … count - 1; the operator takes scalars.
    private string Range(string count, string one, string name)
    {
        string Scalar(string value, string output) => graph.Node("Squeeze", [value], output);
        return graph.Node(
            "Range",
            [
                Scalar(graph.Constant($"{name}.start", 0), $"{name}.from"), Scalar(count, $"{name}.to"), Scalar(one, $"{name}.by"),
            ],
            name);
    }
}
