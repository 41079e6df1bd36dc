using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;

namespace Mimir.Train.Export;

/// <summary>A protocol-buffer message that is put together field by field; large fields are kept, not copied, until it is
/// written.</summary>
internal sealed class ProtoMessage
{
    private readonly List<ReadOnlyMemory<byte>> _pieces = [];

    /// <summary>Gets the size of the message in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a whole number.</summary>
    public ProtoMessage Int(int field, long value) => Small(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    });

    /// <summary>Adds text.</summary>
    public ProtoMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds numbers as their bytes.</summary>
    public ProtoMessage Raw<T>(int field, ReadOnlySpan<T> values)
        where T : unmanaged => Bytes(field, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Adds a message.</summary>
    public ProtoMessage Message(int field, ProtoMessage message)
    {
        Head(field, message.Length);
        Include(message);
        return this;
    }

    /// <summary>Adds all fields of another message.</summary>
    public void Include(ProtoMessage message)
    {
        foreach (var piece in message._pieces)
            Append(piece);
    }

    /// <summary>Writes the message.</summary>
    public void WriteTo(Stream stream)
    {
        foreach (var piece in _pieces)
            stream.Write(piece.Span);
    }

    private ProtoMessage Bytes(int field, byte[] value)
    {
        Head(field, value.Length);
        Append(value);
        return this;
    }

    private void Head(int field, long length) => Small(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteInt64(length);
    });

    private ProtoMessage Small(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            write(output);

        Append(bytes.ToArray());
        return this;
    }

    private void Append(ReadOnlyMemory<byte> piece)
    {
        _pieces.Add(piece);
        Length += piece.Length;
    }
}
