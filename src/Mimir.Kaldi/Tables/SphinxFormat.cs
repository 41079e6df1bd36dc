using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>Sphinx's feature files: the number of values, then the values, in either byte order.</summary>
internal static class SphinxFormat
{
    /// <summary>The number of values in a frame, which the file does not say.</summary>
    public const int Columns = 13;

    /// <summary>Reads big-endian values, or little-endian ones where only those fit the length of the data.</summary>
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

    /// <summary>Writes little-endian values, as Kaldi does.</summary>
    public static void Write(KaldiWriter writer, FloatMatrix features)
    {
        writer.WriteRaw(BitConverter.GetBytes(features.Data.Length));
        writer.WriteRaw(MemoryMarshal.AsBytes<float>(features.Data));
    }

    private static bool Fits(KaldiReader reader, int count) =>
        count >= 0 && count % Columns == 0 && (reader.Remaining is not { } left || 4L * count <= left);
}
