namespace Mimir.Train.Export.Onnx;

/// <summary>A node of an ONNX graph.</summary>
/// <param name="Operation">The operator.</param>
/// <param name="Inputs">The values it takes.</param>
/// <param name="Outputs">The values it gives.</param>
internal sealed record OnnxNode(string Operation, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>Gets the attributes that are whole numbers.</summary>
    public required IReadOnlyDictionary<string, long> Ints { get; init; }

    /// <summary>Gets the attributes that are numbers.</summary>
    public required IReadOnlyDictionary<string, float> Floats { get; init; }

    /// <summary>Gets the attributes that are text.</summary>
    public required IReadOnlyDictionary<string, string> Texts { get; init; }

    /// <summary>Reads a NodeProto; constants in its attributes go to <paramref name="constants"/>.</summary>
    public static OnnxNode Read(ProtoReader node, Dictionary<string, OnnxTensor> constants)
    {
        var (operation, tensor) = ("", (OnnxTensor?)null);
        var (inputs, outputs) = (new List<string>(), new List<string>());
        var (ints, floats, texts) = (new Dictionary<string, long>(), new Dictionary<string, float>(), new Dictionary<string, string>());
        while (node.Next())
        {
            switch (node.Field)
            {
                case 1:
                    inputs.Add(node.Text());
                    break;
                case 2:
                    outputs.Add(node.Text());
                    break;
                case 4:
                    operation = node.Text();
                    break;
                case 5:
                    ReadAttribute(node.Message(), ints, floats, texts, ref tensor);
                    break;
                default:
                    node.Skip();
                    break;
            }
        }

        if (operation == "Constant" && tensor is not null && outputs is [var name])
            constants[name] = tensor;

        return new(operation, inputs, outputs) { Ints = ints, Floats = floats, Texts = texts };
    }

    private static void ReadAttribute(
        ProtoReader attribute, Dictionary<string, long> ints, Dictionary<string, float> floats, Dictionary<string, string> texts, ref OnnxTensor? tensor)
    {
        var (name, number, real, text) = ("", (long?)null, (float?)null, (string?)null);
        while (attribute.Next())
        {
            switch (attribute.Field)
            {
                case 1:
                    name = attribute.Text();
                    break;
                case 2:
                    real = attribute.Float();
                    break;
                case 3:
                    number = attribute.Int();
                    break;
                case 4:
                    text = attribute.Text();
                    break;
                case 5:
                    tensor = OnnxTensor.Read(attribute.Message()).Value;
                    break;
                default:
                    attribute.Skip();
                    break;
            }
        }

        if (number is { } whole)
            ints[name] = whole;
        if (real is { } given)
            floats[name] = given;
        if (text is not null)
            texts[name] = text;
    }
}
