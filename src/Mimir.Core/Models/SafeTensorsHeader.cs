using System.Buffers.Binary;
using System.Text.Json;
using Mimir.Base;
using Mimir.Core.Tensors;

namespace Mimir.Core.Models;

/// <summary>The parsed header of a safetensors file, with every number checked against the size of the file.</summary>
internal sealed class SafeTensorsHeader
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];

    /// <summary>Parses a header.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="dataLength">The bytes after the header.</param>
    /// <param name="origin">The name of the file, for messages.</param>
    /// <exception cref="InputException">It is not a header, or it describes bytes that the file does not have.</exception>
    public static SafeTensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength, string origin)
    {
        try
        {
            var header = new SafeTensorsHeader();
            using var document = JsonDocument.Parse(json);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "__metadata__")
                {
                    foreach (var item in property.Value.EnumerateObject())
                        header._metadata[item.Name] = item.Value.GetString() ?? "";
                }
                else
                {
                    header._entries.Add(ParseEntry(property, dataLength, origin));
                }
            }

            header._entries.Sort((left, right) => left.Begin.CompareTo(right.Begin));
            return header;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InputException($"{origin}:8: expected a safetensors header, got a fault: {error.Message}", error);
        }
    }

    /// <summary>Reads the values, in the order of the file.</summary>
    public (IReadOnlyDictionary<string, HostTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) ReadAll(
        Stream stream, string origin)
    {
        var start = stream.Position;
        var tensors = new Dictionary<string, HostTensor>(StringComparer.Ordinal);
        foreach (var entry in _entries)
        {
            stream.Position = start + entry.Begin;
            var bytes = new byte[entry.End - entry.Begin];
            stream.ReadExactly(bytes);
            if (!tensors.TryAdd(entry.Name, new HostTensor(entry.Shape, ToFloats(bytes, entry.Type))))
                throw new InputException($"{origin}:8: expected each tensor once, got '{entry.Name}' twice");
        }

        return (tensors, _metadata);
    }

    private static Entry ParseEntry(JsonProperty property, long dataLength, string origin)
    {
        var type = property.Value.GetProperty("dtype").GetString() ?? "";
        var size = type switch
        {
            "F64" => 8,
            "F32" => 4,
            "F16" or "BF16" => 2,
            _ => throw new InputException($"{origin}:8: expected '{property.Name}' as F32, F64, F16 or BF16, got '{type}'"),
        };
        long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(Integer)];
        long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(Integer)];
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > dataLength)
        {
            throw new InputException(
                $"{origin}:8: expected '{property.Name}' inside the {dataLength} bytes of values, got [{string.Join(", ", offsets)}]: "
                + "the file is cut off or damaged");
        }

        // Divided, not multiplied: a shape from a damaged file may overflow.
        var count = (end - begin) / size;
        var rest = count;
        foreach (var axis in shape)
            rest = axis > 0 && rest % axis == 0 ? rest / axis : -1;

        if (count == 0 && shape.Contains(0) && shape.All(axis => axis >= 0))
            rest = 1;

        return rest == 1 && count * size == end - begin && count <= Array.MaxLength
            ? new Entry(property.Name, type, shape, begin, end)
            : throw new InputException(
                $"{origin}:8: expected '{property.Name}' of shape [{string.Join(", ", shape)}], got {end - begin} bytes of {type}");

        long Integer(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var value)
            ? value
            : throw new InputException($"{origin}:8: expected whole numbers for '{property.Name}', got {element.GetRawText()}");
    }

    private static float[] ToFloats(byte[] bytes, string type)
    {
        var size = type == "F64" ? 8 : type == "F32" ? 4 : 2;
        var values = new float[bytes.Length / size];
        for (var i = 0; i < values.Length; i++)
        {
            var at = bytes.AsSpan(i * size);
            values[i] = type switch
            {
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(at),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
            };
        }

        return values;
    }

    private sealed record Entry(string Name, string Type, long[] Shape, long Begin, long End);
}
