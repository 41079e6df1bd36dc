using System.Runtime.InteropServices;

namespace Mimir.Train.Export.Onnx;

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
