using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>The header of an HTK feature file, without the sizes.</summary>
/// <param name="SamplePeriod">The time between frames, in units of 100 nanoseconds; 100,000 is 10 ms.</param>
/// <param name="SampleKind">The kind of the values: a code such as 6 for MFCC, 7 for filter banks, 9 for anything, 11 for PLP,
/// and flags such as octal 100 for energy and 20000 for C0.</param>
public sealed record HtkHeader(int SamplePeriod, int SampleKind)
{
    /// <summary>The kind of MFCC.</summary>
    public const int Mfcc = 6;

    /// <summary>The kind of log mel filter banks.</summary>
    public const int FilterBank = 7;

    /// <summary>The user's own kind.</summary>
    public const int User = 9;

    /// <summary>The kind of PLP.</summary>
    public const int Plp = 11;

    /// <summary>The flag for an energy among the values.</summary>
    public const int WithEnergy = 64;

    /// <summary>The flag for C0 among the values.</summary>
    public const int WithC0 = 8192;
}

/// <summary>HTK's feature files: a header of 12 bytes and floats, all big-endian.</summary>
internal static class HtkFormat
{
    // Parts of the 16-bit parmKind (HTK book): the low 6 bits are the base kind, the rest are qualifiers.
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
        // Qualifier _K: two bytes of checksum follow the frames.
        if ((header.SampleKind & Checksum) != 0)
            reader.ReadBytes(stackalloc byte[2]);

        var values = GC.AllocateUninitializedArray<float>(words.Length);
        MemoryMarshal.Cast<int, float>(words).CopyTo(values);
        return (new FloatMatrix(rows, columns, values), header with { SampleKind = header.SampleKind & ~Checksum });
    }

    /// <exception cref="InputException">The frames are wider than the header can express.</exception>
    public static void Write(KaldiWriter writer, FloatMatrix features, HtkHeader header)
    {
        if (features.Columns > short.MaxValue / sizeof(float))
        {
            throw new InputException(
                $"A frame of an HTK file has at most {short.MaxValue / sizeof(float)} values, got {features.Columns}.");
        }

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

/// <summary>Sphinx's feature files: the number of values, then the values, in either byte order.</summary>
internal static class SphinxFormat
{
    /// <summary>The number of values in a frame, which the file does not give.</summary>
    public const int Columns = 13;

    /// <summary>Reads big-endian values, or little-endian ones when only those fit the length of the data.</summary>
    public static FloatMatrix Read(KaldiReader reader)
    {
        Span<byte> head = stackalloc byte[4];
        reader.ReadBytes(head);
        var count = BinaryPrimitives.ReadInt32BigEndian(head);
        var swapped = true;
        if (!Fits(reader, count) && BinaryPrimitives.ReadInt32LittleEndian(head) is var little && Fits(reader, little))
            (count, swapped) = (little, false);
        if (count < 0 || count % Columns != 0)
            throw reader.Error($"expected a number of Sphinx values that is a multiple of {Columns}, got {count}.");

        var words = reader.ReadRaw<int>(count);
        if (swapped)
            BinaryPrimitives.ReverseEndianness(words, words);

        return new FloatMatrix(count / Columns, count == 0 ? 0 : Columns, MemoryMarshal.Cast<int, float>(words).ToArray());
    }

    /// <summary>Writes little-endian values, as copy-feats-to-sphinx does.</summary>
    public static void Write(KaldiWriter writer, FloatMatrix features)
    {
        writer.WriteRaw(BitConverter.GetBytes(features.Data.Length));
        writer.WriteRaw(MemoryMarshal.AsBytes<float>(features.Data));
    }

    private static bool Fits(KaldiReader reader, int count) =>
        count >= 0 && count % Columns == 0 && (reader.Remaining is not { } left || 4L * count <= left);
}
