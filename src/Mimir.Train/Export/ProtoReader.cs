using System.Buffers.Binary;
using System.Text;
using Mimir.Base;

namespace Mimir.Train.Export;

/// <summary>Reads the fields of a protocol-buffer message within a file's bytes; every length is checked against them.</summary>
internal sealed class ProtoReader
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private readonly byte[] _data;
    private readonly int _end;
    private readonly string _file;
    private int _position;
    private int _wire;

    /// <summary>Wraps a whole file.</summary>
    public ProtoReader(byte[] data, string file)
        : this(data, 0, data.Length, file)
    {
    }

    private ProtoReader(byte[] data, int start, int end, string file) => (_data, _position, _end, _file) = (data, start, end, file);

    /// <summary>Gets the number of the field that comes next.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>True when there is one; its value must be read or skipped.</returns>
    public bool Next()
    {
        if (_position == _end)
            return false;

        var tag = ReadVarint();
        (Field, _wire) = ((int)(tag >> 3) & int.MaxValue, (int)(tag & 7));
        return Field != 0 && _wire is Varint or Fixed64 or Delimited or Fixed32
            ? true
            : throw Error($"expected a field of a message, got tag {tag}");
    }

    /// <summary>Reads a whole number.</summary>
    public long Int()
    {
        Demand(Varint, "a whole number");
        return (long)ReadVarint();
    }

    /// <summary>Reads a number of single precision.</summary>
    public float Float()
    {
        Demand(Fixed32, "a number");
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    /// <summary>Reads text.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Reads bytes.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Demand(Delimited, "bytes");
        return Take(ReadVarint());
    }

    /// <summary>Reads a message.</summary>
    public ProtoReader Message()
    {
        Demand(Delimited, "a message");
        var length = Take(ReadVarint()).Length;
        return new(_data, _position - length, _position, _file);
    }

    /// <summary>Reads whole numbers, packed or one by one.</summary>
    public void Ints(List<long> values)
    {
        if (_wire == Varint)
        {
            values.Add(Int());
            return;
        }

        for (var packed = Message(); packed._position < packed._end;)
            values.Add((long)packed.ReadVarint());
    }

    /// <summary>Reads numbers of single precision, packed or one by one.</summary>
    public void Floats(List<float> values)
    {
        if (_wire == Fixed32)
        {
            values.Add(Float());
            return;
        }

        for (var packed = Message(); packed._position < packed._end;)
            values.Add(BinaryPrimitives.ReadSingleLittleEndian(packed.Take(4)));
    }

    /// <summary>Passes over the field.</summary>
    public void Skip()
    {
        switch (_wire)
        {
            case Varint:
                ReadVarint();
                break;
            case Delimited:
                Take(ReadVarint());
                break;
            default:
                Take(_wire == Fixed32 ? 4u : 8u);
                break;
        }
    }

    /// <summary>Makes an exception that names file and byte.</summary>
    public InputException Error(string message) => new($"{_file}: byte {_position}: {message}.");

    private void Demand(int wire, string what)
    {
        if (_wire != wire)
            throw Error($"expected {what} in field {Field}, got wire type {_wire}; is this an ONNX model?");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_end - _position))
            throw Error($"expected {length} more bytes, there are {_end - _position}");

        _position += (int)length;
        return _data.AsSpan(_position - (int)length, (int)length);
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_position == _end)
                throw Error("expected a number, the message ends here");

            var next = _data[_position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw Error("expected a number of at most 10 bytes");
    }
}
