using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Mimir.Base;
using Mimir.Core.Tensors;

namespace Mimir.Core.Models;

/// <summary>Reads and writes safetensors files: an 8-byte header length, a JSON header, then the tensors' bytes.</summary>
/// <remarks>Writes F32 in the order given; reads F32, F64, F16 and BF16 as 32-bit floats. The format is little-endian.</remarks>
public static class SafeTensors
{
    // The limit of the reference reader.
    private const int MaximumHeader = 100_000_000;

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="metadata">Free text by key, kept in the header.</param>
    /// <exception cref="ArgumentException">A tensor's shape and number of values disagree.</exception>
    public static void Write(
        Stream stream, IReadOnlyDictionary<string, HostTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var tensor in tensors.Values)
            stream.Write(MemoryMarshal.AsBytes(tensor.Values.AsSpan()));
    }

    /// <summary>Reads all tensors of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is damaged or not safetensors; the message says where.</exception>
    public static IReadOnlyDictionary<string, HostTensor> Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, path).Tensors;
    }

    /// <summary>Reads all tensors and the metadata from a stream that knows its length.</summary>
    /// <param name="stream">The stream, at its start.</param>
    /// <param name="origin">Its name for messages.</param>
    /// <exception cref="InputException">The content is damaged or not safetensors; the message says where.</exception>
    public static (IReadOnlyDictionary<string, HostTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(
        Stream stream, string origin)
    {
        var available = stream.Length - 8;
        Span<byte> length = stackalloc byte[8];
        if (available < 0)
            throw new InputException($"{origin}:0: expected safetensors, got a file of {stream.Length} bytes");

        stream.ReadExactly(length);
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(length);
        if (headerLength < 2 || headerLength > Math.Min(available, MaximumHeader))
        {
            throw new InputException(
                $"{origin}:0: expected a header of at most {available} bytes, got {headerLength}: not safetensors, or cut off");
        }

        var header = new byte[headerLength];
        stream.ReadExactly(header);
        return SafeTensorsHeader.Parse(header, available - headerLength, origin).ReadAll(stream, origin);
    }

    private static byte[] Header(IReadOnlyDictionary<string, HostTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            long offset = 0;
            foreach (var (name, tensor) in tensors)
            {
                if (tensor.Shape.Aggregate(1L, (product, size) => product * size) != tensor.Values.Length)
                {
                    throw new ArgumentException(
                        $"'{name}' has {tensor.Values.Length} values and the shape [{string.Join(", ", tensor.Shape)}].", nameof(tensors));
                }

                var end = offset + (4L * tensor.Values.Length);
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of 8, so that the values lie aligned in a mapped file.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');

        return buffer.ToArray();
    }
}
