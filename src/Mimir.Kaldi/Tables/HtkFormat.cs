using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>HTK's feature files: a header of 12 bytes and floats, all big-endian.</summary>
internal static class HtkFormat
{
    private const int BaseKind = 63;
    private const int Compressed = 1024;
    private const int Checksum = 4096;
    private const int Quantised = 16384;
    private const int Waveform = 0;
    private const int IntegerReflections = 5;
    private const int Discrete = 10;

    public static (FloatMatrix Features, HtkHeader Header) Read(KaldiReader reader)
    {
        Span<byte> head = stackalloc byte[12];
        reader.ReadBytes(head);
        var rows = BinaryPrimitives.ReadInt32BigEndian(head);
        var width = BinaryPrimitives.ReadInt16BigEndian(head[8..]);
        var header = new HtkHeader(BinaryPrimitives.ReadInt32BigEndian(head[4..]), BinaryPrimitives.ReadUInt16BigEndian(head[10..]));
        CheckKind(reader, header.SampleKind);
        if (width < 0 || width % sizeof(float) != 0 || (width == 0 && rows != 0))
            throw reader.Error($"expected the width of an HTK frame, a multiple of 4 bytes, got {width}.");

        var columns = rows == 0 ? 0 : width / sizeof(float);
        var words = reader.ReadRaw<int>(reader.CheckedCount(rows, columns));
        BinaryPrimitives.ReverseEndianness(words, words);
        if ((header.SampleKind & Checksum) != 0)
            reader.ReadBytes(stackalloc byte[2]);

        var values = GC.AllocateUninitializedArray<float>(words.Length);
        MemoryMarshal.Cast<int, float>(words).CopyTo(values);
        return (new FloatMatrix(rows, columns, values), header with { SampleKind = header.SampleKind & ~Checksum });
    }

    /// <exception cref="ArgumentException">The frames are wider than the header can say.</exception>
    public static void Write(KaldiWriter writer, FloatMatrix features, HtkHeader header)
    {
        if (features.Columns > short.MaxValue / sizeof(float))
            throw new ArgumentException($"A frame of an HTK file has at most {short.MaxValue / sizeof(float)} values, got {features.Columns}.");

        Span<byte> head = stackalloc byte[12];
        BinaryPrimitives.WriteInt32BigEndian(head, features.Rows);
        BinaryPrimitives.WriteInt32BigEndian(head[4..], header.SamplePeriod);
        BinaryPrimitives.WriteInt16BigEndian(head[8..], (short)(features.Columns * sizeof(float)));
        BinaryPrimitives.WriteUInt16BigEndian(head[10..], (ushort)header.SampleKind);
        writer.WriteRaw(head);
        var words = MemoryMarshal.Cast<float, int>(features.Data).ToArray();
        BinaryPrimitives.ReverseEndianness(words, words);
        writer.WriteRaw(MemoryMarshal.AsBytes<int>(words));
    }

    private static void CheckKind(KaldiReader reader, int kind)
    {
        if ((kind & (Compressed | Quantised)) != 0)
            throw reader.Error($"expected plain HTK features, got compressed or quantised ones (kind {kind}); convert them with HCopy.");
        if ((kind & BaseKind) is Waveform or IntegerReflections or Discrete)
            throw reader.Error($"expected HTK features, got a waveform or discrete symbols (kind {kind}).");
    }
}
