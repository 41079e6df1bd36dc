namespace Mimir.Train.Export;

/// <summary>Moves along time in a graph of ONNX, whose values are the frames of one utterance, <c>[T, D]</c>.</summary>
/// <param name="graph">The graph.</param>
/// <param name="features">Its input.</param>
internal sealed class OnnxTime(OnnxGraph graph, string features)
{
    private string? _length;

    /// <summary>Gets the number of frames, <c>[1]</c>.</summary>
    public string Length => _length ??= graph.Node(
        "Slice",
        [
            graph.Node("Shape", [features], "shape"), graph.Constant("length.start", 0), graph.Constant("length.end", 1),
            graph.Constant("length.axes", 0),
        ],
        "length");

    /// <summary>The frames at each offset; the ends of the utterance are repeated.</summary>
    /// <param name="x">The frames.</param>
    /// <param name="offsets">The offsets, at least one.</param>
    /// <param name="name">The name of the value, where there is one offset.</param>
    /// <returns>A value for each offset.</returns>
    public IReadOnlyList<string> Shifted(string x, IReadOnlyList<int> offsets, string name)
    {
        // The ends are repeated as far as the context reaches; each offset is then a cut of the same length.
        var (left, right) = (Math.Max(0, -offsets.Min()), Math.Max(0, offsets.Max()));
        if (left + right == 0)
            return [x];

        var padded = graph.Node(
            "Pad", [x, graph.Constant($"{name}.pads", left, 0, right, 0)], $"{name}.padded", OnnxGraph.Attribute("mode", "edge"));
        var axes = graph.Constant($"{name}.axes", 0);
        string Cut(int offset, string output) => graph.Node(
            "Slice",
            [
                padded,
                graph.Constant($"{output}.start", offset + left),
                graph.Constant($"{output}.end", offset < right ? offset - right : long.MaxValue),
                axes,
            ],
            output);
        return [.. offsets.Select((offset, i) => Cut(offset, offsets.Count == 1 ? name : $"{name}.{i}"))];
    }

    /// <summary>The frames at several offsets side by side.</summary>
    public string Splice(string x, IReadOnlyList<int> offsets, string name)
    {
        var shifted = Shifted(x, offsets, name);
        return shifted.Count == 1 ? shifted[0] : graph.Node("Concat", shifted, name, OnnxGraph.Attribute("axis", 1));
    }

    /// <summary>Every n-th frame, from the first on.</summary>
    public string Every(string x, int stride, string name) => graph.Node(
        "Slice",
        [
            x, graph.Constant($"{name}.every.start", 0), graph.Constant($"{name}.every.end", long.MaxValue),
            graph.Constant($"{name}.every.axes", 0), graph.Constant($"{name}.every.steps", stride),
        ],
        $"{name}.every");

    /// <summary>Each of every n-th frame n times, as many frames as the utterance has.</summary>
    /// <param name="x">The frames of <see cref="Every"/>.</param>
    /// <param name="stride">n.</param>
    /// <param name="dim">The values of a frame.</param>
    /// <param name="name">The name of the value.</param>
    public string Held(string x, int stride, int dim, string name)
    {
        var apart = graph.Node("Unsqueeze", [x, graph.Constant($"{name}.held.axes", 1)], $"{name}.apart");
        var repeated = graph.Node("Tile", [apart, graph.Constant($"{name}.repeats", 1, stride, 1)], $"{name}.repeated");
        var flat = graph.Node("Reshape", [repeated, graph.Constant($"{name}.shape", -1, dim)], $"{name}.flat");
        return First(flat, name);
    }

    /// <summary>As many first frames as the utterance has.</summary>
    public string First(string x, string name) => graph.Node(
        "Slice", [x, graph.Constant($"{name}.first.start", 0), Length, graph.Constant($"{name}.first.axes", 0)], name);
}
