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
    private readonly HashSet<string> _names;

    /// <summary>Creates an empty graph.</summary>
    /// <param name="outer">The graph around it, whose values it may take; null for none.</param>
    public OnnxGraph(OnnxGraph? outer = null) => _names = outer?._names ?? [];

    /// <summary>Gets the number of nodes.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a node.</summary>
    /// <param name="operation">The operator.</param>
    /// <param name="inputs">The values it takes; empty for an optional one that is left out.</param>
    /// <param name="output">The value it gives; a number follows where the name is taken.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <returns>The name of the value.</returns>
    public string Node(string operation, IEnumerable<string> inputs, string output, params ReadOnlySpan<ProtoMessage> attributes) =>
        Node(operation, inputs, [output], attributes)[0];

    /// <summary>Adds a node that gives several values.</summary>
    /// <returns>The names of the values.</returns>
    public string[] Node(
        string operation, IEnumerable<string> inputs, IReadOnlyList<string> outputs, params ReadOnlySpan<ProtoMessage> attributes)
    {
        string[] names = [.. outputs.Select(Fresh)];
        Add(operation, inputs, names, attributes);
        return names;
    }

    /// <summary>Adds a node that gives a value with a reserved name.</summary>
    /// <returns>The name.</returns>
    public string Final(string operation, string input, string name, params ReadOnlySpan<ProtoMessage> attributes)
    {
        Add(operation, [input], [name], attributes);
        return name;
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

    /// <summary>Makes an attribute of whole numbers.</summary>
    public static ProtoMessage Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new ProtoMessage().Text(1, name);
        foreach (var value in values)
            attribute.Int(8, value);

        return attribute.Int(20, 7);
    }

    /// <summary>Makes an attribute that is a graph.</summary>
    public static ProtoMessage Attribute(string name, OnnxGraph value) =>
        new ProtoMessage().Text(1, name).Message(6, value.Build(name)).Int(20, 5);

    /// <summary>Reserves a name for the input or for a value of <see cref="Final"/>.</summary>
    public void Reserve(string name) => _names.Add(name);

    /// <summary>Names the input <c>[N, D]</c>, any N frames of D values.</summary>
    public void Input(string name, int dim) => _inputs.Message(11, Frames(name, dim));

    /// <summary>Adds an input of any shape; a number follows where the name is taken.</summary>
    /// <returns>Its name.</returns>
    public string Input(string name)
    {
        name = Fresh(name);
        _inputs.Message(11, Value(name, new ProtoMessage().Int(1, Float)));
        return name;
    }

    /// <summary>Names an output <c>[N, D]</c>.</summary>
    public void Output(string name, int dim) => _outputs.Message(12, Frames(name, dim));

    /// <summary>Names an output of any shape.</summary>
    public void Output(string name) => _outputs.Message(12, Value(name, new ProtoMessage().Int(1, Float)));

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
        name = Fresh(name);
        var tensor = new ProtoMessage();
        foreach (var size in shape)
            tensor.Int(1, size);

        _constants.Message(5, tensor.Int(2, type).Text(8, name).Raw(9, values));
        return name;
    }

    private void Add(string operation, IEnumerable<string> inputs, string[] outputs, ReadOnlySpan<ProtoMessage> attributes)
    {
        var node = new ProtoMessage();
        foreach (var input in inputs)
            node.Text(1, input);
        foreach (var output in outputs)
            node.Text(2, output);

        node.Text(3, $"{operation}{++Count}").Text(4, operation);
        foreach (var attribute in attributes)
            node.Message(5, attribute);

        _nodes.Message(1, node);
    }

    // Every value of a graph, and of those within it, has a name of its own.
    private string Fresh(string name)
    {
        var fresh = name;
        for (var i = 2; !_names.Add(fresh); i++)
            fresh = $"{name}_{i}";

        return fresh;
    }

    private static ProtoMessage Frames(string name, int dim)
    {
        var shape = new ProtoMessage()
            .Message(1, new ProtoMessage().Text(2, "frames"))
            .Message(1, new ProtoMessage().Int(1, dim));
        return Value(name, new ProtoMessage().Int(1, Float).Message(2, shape));
    }

    private static ProtoMessage Value(string name, ProtoMessage tensor) =>
        new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(1, tensor));
}
