namespace Mimir.Train.Export;

/// <summary>A graph of ONNX under construction: nodes in order, and the constants that they take.</summary>
/// <remarks>Field numbers are those of onnx.proto (GraphProto, NodeProto, AttributeProto, TensorProto, ValueInfoProto).</remarks>
internal sealed class OnnxGraph
{
    private const int Float = 1;
    private const int Int64 = 7;

    private readonly ProtoMessage _nodes = new();
    private readonly ProtoMessage _constants = new();
    private readonly ProtoMessage _inputs = new();
    private readonly ProtoMessage _outputs = new();
    private int _count;

    /// <summary>Adds a node.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">The values it takes.</param>
    /// <param name="output">The value it gives.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns><paramref name="output"/>.</returns>
    public string Node(string operation, IEnumerable<string> inputs, string output, params ReadOnlySpan<ProtoMessage> attributes)
    {
        var node = new ProtoMessage();
        foreach (var input in inputs)
            node.Text(1, input);

        node.Text(2, output).Text(3, $"{operation}{++_count}").Text(4, operation);
        foreach (var attribute in attributes)
            node.Message(5, attribute);

        _nodes.Message(1, node);
        return output;
    }

    /// <summary>Adds a constant of numbers.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Constant(name, Float, shape, values);

    /// <summary>Adds a constant vector of whole numbers.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, params ReadOnlySpan<long> values) => Constant(name, Int64, [values.Length], values);

    /// <summary>Makes an attribute of a whole number.</summary>
    public static ProtoMessage Attribute(string name, long value) => new ProtoMessage().Text(1, name).Int(3, value).Int(20, 2);

    /// <summary>Makes an attribute of text.</summary>
    public static ProtoMessage Attribute(string name, string value) => new ProtoMessage().Text(1, name).Text(4, value).Int(20, 3);

    /// <summary>Names the input <c>[N, D]</c>, any N frames of D values.</summary>
    public void Input(string name, int dim) => _inputs.Message(11, Frames(name, dim));

    /// <summary>Names an output <c>[N, D]</c>.</summary>
    public void Output(string name, int dim) => _outputs.Message(12, Frames(name, dim));

    /// <summary>Builds the graph.</summary>
    public ProtoMessage Build(string name)
    {
        var graph = new ProtoMessage();
        graph.Include(_nodes);
        graph.Text(2, name);
        graph.Include(_constants);
        graph.Include(_inputs);
        graph.Include(_outputs);
        return graph;
    }

    private string Constant<T>(string name, int type, ReadOnlySpan<long> shape, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var tensor = new ProtoMessage();
        foreach (var size in shape)
            tensor.Int(1, size);

        _constants.Message(5, tensor.Int(2, type).Text(8, name).Raw(9, values));
        return name;
    }

    private static ProtoMessage Frames(string name, int dim)
    {
        var shape = new ProtoMessage()
            .Message(1, new ProtoMessage().Text(2, "frames"))
            .Message(1, new ProtoMessage().Int(1, dim));
        var type = new ProtoMessage().Message(1, new ProtoMessage().Int(1, Float).Message(2, shape));
        return new ProtoMessage().Text(1, name).Message(2, type);
    }
}
