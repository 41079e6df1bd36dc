using System.Runtime.InteropServices;

namespace Mimir.Train.Export;

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
        ProtoReader attribute,
        Dictionary<string, long> ints,
        Dictionary<string, float> floats,
        Dictionary<string, string> texts,
        ref OnnxTensor? tensor)
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

/// <summary>A constant of an ONNX graph.</summary>
/// <param name="Shape">The size of each axis.</param>
/// <param name="Floats">Its numbers, or null when they are whole.</param>
/// <param name="Ints">Its whole numbers, or null.</param>
internal sealed record OnnxTensor(long[] Shape, float[]? Floats, long[]? Ints)
{
    private const int Float = 1;
    private const int Int64 = 7;

    /// <summary>Reads a TensorProto.</summary>
    /// <returns>Its name, and the tensor.</returns>
    public static (string Name, OnnxTensor Value) Read(ProtoReader tensor)
    {
        var (name, type, external) = ("", 0L, false);
        var (shape, floats, ints) = (new List<long>(), new List<float>(), new List<long>());
        byte[]? raw = null;
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1:
                    tensor.Ints(shape);
                    break;
                case 2:
                    type = tensor.Int();
                    break;
                case 4:
                    tensor.Floats(floats);
                    break;
                case 7:
                    tensor.Ints(ints);
                    break;
                case 8:
                    name = tensor.Text();
                    break;
                case 9:
                    raw = tensor.Bytes().ToArray();
                    break;
                case 14:
                    external = tensor.Int() != 0;
                    break;
                default:
                    tensor.Skip();
                    break;
            }
        }

        if (external)
            throw tensor.Error($"'{name}' is kept in another file, which is not read; save the model with its data");
        if (type is not (Float or Int64))
            throw tensor.Error($"expected '{name}' of float32 or int64, got type {type} of onnx.proto");

        var value = type == Float
            ? new OnnxTensor([.. shape], raw is null ? [.. floats] : Cast<float>(raw), null)
            : new OnnxTensor([.. shape], null, raw is null ? [.. ints] : Cast<long>(raw));
        var count = shape.Aggregate((Int128)1, (product, size) => size < 0 || product > int.MaxValue ? -1 : product * size);
        var held = value.Floats?.Length ?? value.Ints?.Length ?? 0;
        if (count != held)
            throw tensor.Error($"expected '{name}' of shape [{string.Join(", ", shape)}], got {held} values");
        if (value.Floats is { } numbers && !Array.TrueForAll(numbers, float.IsFinite))
            throw tensor.Error($"expected finite '{name}', got infinity or NaN");

        return (name, value);
    }

    private static T[] Cast<T>(byte[] raw)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(raw).ToArray();
}
