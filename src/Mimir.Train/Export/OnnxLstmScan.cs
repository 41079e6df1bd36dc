using Mimir.Core.Blocks;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Export;

/// <summary>One direction of an LSTM whose cells have a limit, as a Scan: ONNX's LSTM limits the inputs of gates instead.</summary>
/// <param name="graph">The graph.</param>
/// <param name="spec">The options of the layer.</param>
internal sealed class OnnxLstmScan(OnnxGraph graph, LstmSpec spec)
{
    private const int Real = 1;

    /// <summary>Adds the direction.</summary>
    /// <param name="x">Sequences side by side, <c>[S, N, D]</c>.</param>
    /// <param name="isThere">Which frames there are, <c>[N, S]</c>, or null for all; where there are none, the state is zero.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="reverse">True from the last frame to the first.</param>
    /// <param name="name">The name of the layer.</param>
    /// <returns>The outputs, <c>[S, N, R]</c>.</returns>
    public string Add(string x, string? isThere, LstmParameters parameters, bool reverse, string name)
    {
        var (cells, inputs, outputs) = (parameters.CellDim, parameters.InputWeights.Columns, parameters.Projection.Rows);

        // The input products of all steps at once.
        var products = graph.Node(
            "MatMul", [x, graph.Constant($"{name}.w-x", OnnxWeights.Transposed(parameters.InputWeights), inputs, 4 * cells)],
            $"{name}.products");
        products = graph.Node("Add", [products, graph.Constant($"{name}.bias", parameters.Bias, 4 * cells)], $"{name}.gates");
        string[] scanned = isThere is null ? [products] : [products, Mask(isThere, name)];
        string[] initial = [Zeros(x, isThere, cells, $"{name}.cell"), Zeros(x, isThere, outputs, $"{name}.output")];

        var directions = Enumerable.Repeat(reverse ? 1L : 0, scanned.Length).ToArray();
        return graph.Node(
            "Scan", [.. initial, .. scanned], [$"{name}.last-cell", $"{name}.last-output", $"{name}.outputs"],
            OnnxGraph.Attribute("body", Step(parameters, scanned.Length > 1, name)),
            OnnxGraph.Attribute("num_scan_inputs", scanned.Length), OnnxGraph.Attribute("scan_input_directions", directions),
            OnnxGraph.Attribute("scan_output_directions", [reverse ? 1 : 0]))[2];
    }

    private OnnxGraph Step(LstmParameters parameters, bool isMasked, string name)
    {
        var (cells, outputs) = (parameters.CellDim, parameters.Projection.Rows);
        var body = new OnnxGraph(graph);
        var (cell, output, products) = (body.Input($"{name}.c"), body.Input($"{name}.r"), body.Input($"{name}.z"));
        var mask = isMasked ? body.Input($"{name}.m") : null;
        string Of(string operation, string result, params string[] values) => body.Node(operation, values, $"{name}.{result}");
        string Peephole(string gate, float[] weights, string of) => !spec.Peepholes ? gate : Of(
            "Add", $"{gate}.sum", gate, Of("Mul", $"{gate}.seen", of, graph.Constant($"{name}.{gate}.peephole", weights, cells)));
        string Masked(string value, string result) => mask is null ? value : Of("Mul", result, value, mask);

        var recurrent = graph.Constant($"{name}.w-r", OnnxWeights.Transposed(parameters.RecurrentWeights), outputs, 4 * cells);
        var all = Of("Add", "all", products, Of("MatMul", "recurrent", output, recurrent));
        var gates = body.Node(
            "Split", [all], [$"{name}.g-in", $"{name}.i-in", $"{name}.f-in", $"{name}.o-in"], OnnxGraph.Attribute("axis", 1));

        // c = clip(g i + f c), r = Wp (o tanh(c)); the output gate sees the new cells.
        var i = Of("Sigmoid", "i", Peephole(gates[1], parameters.InputPeephole, cell));
        var f = Of("Sigmoid", "f", Peephole(gates[2], parameters.ForgetPeephole, cell));
        var free = Of("Add", "free", Of("Mul", "new", Of("Tanh", "g", gates[0]), i), Of("Mul", "kept", f, cell));
        var clipped = Of(
            "Clip", "clipped", free, graph.Constant($"{name}.lowest", [-spec.CellClip]),
            graph.Constant($"{name}.highest", [spec.CellClip]));
        var next = Masked(clipped, "next-cell");
        var o = Of("Sigmoid", "o", Peephole(gates[3], parameters.OutputPeephole, next));
        var memory = Of("Mul", "memory", o, Of("Tanh", "h", next));
        if (spec.Projection > 0)
        {
            var weights = graph.Constant($"{name}.w-p", OnnxWeights.Transposed(parameters.Projection), cells, outputs);
            memory = Of("MatMul", "projected", memory, weights);
        }

        var projected = Masked(memory, "next-output");
        body.Output(next);
        body.Output(projected);
        body.Output(Of("Identity", "scanned", projected));
        return body;
    }

    // [N, S] as [S, N, 1].
    private string Mask(string isThere, string name)
    {
        var mask = graph.Node("Cast", [isThere], $"{name}.mask.numbers", OnnxGraph.Attribute("to", Real));
        mask = graph.Node("Transpose", [mask], $"{name}.mask.steps", OnnxGraph.Attribute("perm", 1, 0));
        return graph.Node("Unsqueeze", [mask, graph.Constant($"{name}.mask.axes", 2)], $"{name}.mask");
    }

    // The state before the first step: one row, or one a sequence.
    private string Zeros(string x, string? isThere, int dim, string name)
    {
        var zeros = graph.Constant($"{name}.zeros", new float[dim], 1, dim);
        if (isThere is null)
            return zeros;

        string Axis(string of, long value) => graph.Constant($"{name}.{of}", value);
        var count = graph.Node(
            "Slice", [graph.Node("Shape", [x], $"{name}.shape"), Axis("start", 1), Axis("end", 2), Axis("axes", 0)], $"{name}.count");
        var shape = graph.Node("Concat", [count, Axis("dim", dim)], $"{name}.state", OnnxGraph.Attribute("axis", 0));
        return graph.Node("Expand", [zeros, shape], $"{name}.start-state");
    }
}
