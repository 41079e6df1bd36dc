using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>Kaldi's compressed forms of a matrix, by Kaldi's numbers (Kaldi: --compression-method).</summary>
public enum CompressionMethod
{
    /// <summary><see cref="SpeechFeature"/> for more than 8 rows, else <see cref="TwoByteAuto"/>.</summary>
    Automatic = 1,

    /// <summary>A byte a value, on a scale of its own for each column (CM).</summary>
    SpeechFeature = 2,

    /// <summary>Two bytes a value from the least to the greatest of the matrix (CM2).</summary>
    TwoByteAuto = 3,

    /// <summary>Two bytes a value, integers from -32768 to 32767 (CM2).</summary>
    TwoByteSignedInteger = 4,

    /// <summary>A byte a value from the least to the greatest of the matrix (CM3).</summary>
    OneByteAuto = 5,

    /// <summary>A byte a value, integers from 0 to 255 (CM3).</summary>
    OneByteUnsignedInteger = 6,

    /// <summary>A byte a value from 0 to 1 (CM3).</summary>
    OneByteZeroOne = 7,
}

/// <summary>
/// Reads Kaldi's compressed matrices: CM (a byte a value between four quantiles of its column), CM2 (16 bits a value, row by row) and
/// CM3 (a byte a value, row by row).
/// </summary>
internal static class CompressedMatrix
{
    /// <summary>One of 65535 steps as a fraction of the range, with Kaldi's rounding.</summary>
    public const float WordStep = 1.52590218966964e-05f; // 1 / 65535

    /// <summary>Reads the header and the values behind the token.</summary>
    public static (float[] Data, int Rows, int Columns) Read(KaldiReader reader, string token)
    {
        var (minimum, range, (rows, columns)) = ReadHeader(reader);
        var count = rows * columns;
        return (token switch
        {
            "CM" => ReadByColumns(reader, minimum, range, rows, columns),
            "CM2" => ReadWords(reader, minimum, range, count),
            _ => ReadBytes(reader, minimum, range, count),
        }, rows, columns);
    }

    /// <summary>Reads the header behind the token; the reader stands before the values then.</summary>
    public static MatrixSize ReadSize(KaldiReader reader) => ReadHeader(reader).Size;

    // The header: minimum and range as floats, then the size.
    private static (float Minimum, float Range, MatrixSize Size) ReadHeader(KaldiReader reader)
    {
        var header = reader.ReadRaw<int>(4);
        var minimum = BitConverter.Int32BitsToSingle(header[0]);
        var range = BitConverter.Int32BitsToSingle(header[1]);
        reader.CheckedCount(header[2], header[3]);
        return float.IsFinite(minimum) && float.IsFinite(range)
            ? (minimum, range, new(header[2], header[3]))
            : throw reader.Error("expected the finite range of a compressed matrix, got infinity or NaN.");
    }

    private static float[] ReadWords(KaldiReader reader, float minimum, float range, int count)
    {
        var increment = (float)(range * (1 / 65535.0));
        return Array.ConvertAll(reader.ReadRaw<ushort>(count), word => minimum + (word * increment));
    }

    private static float[] ReadBytes(KaldiReader reader, float minimum, float range, int count)
    {
        var increment = (float)(range * (1 / 255.0));
        return Array.ConvertAll(reader.ReadRaw<byte>(count), value => minimum + (value * increment));
    }

    private static float[] ReadByColumns(KaldiReader reader, float minimum, float range, int rows, int columns)
    {
        if (columns > Array.MaxLength / 4)
            throw reader.Error($"expected the size of a matrix, got {rows} x {columns}.");

        // Four quantiles of 16 bits for each column, then the bytes column by column.
        var quantiles = Array.ConvertAll(reader.ReadRaw<ushort>(4 * columns), word => minimum + (range * WordStep * word));
        var bytes = reader.ReadRaw<byte>(rows * columns);
        var data = new float[rows * columns];
        for (var column = 0; column < columns; column++)
        {
            var quantile = quantiles.AsSpan(4 * column, 4);
            for (var row = 0; row < rows; row++)
                data[(row * columns) + column] = Expand(bytes[(column * rows) + row], quantile);
        }

        return data;
    }

    // 0 to 64, 192 and 255 stand for the quantiles 0, 1/4, 3/4 and 1 of the column (Kaldi: CharToFloat). In double with one
    // rounding at the end, as Kaldi's expression is: the last digit depends on it.
    private static float Expand(byte value, ReadOnlySpan<float> quantile) => (float)(value switch
    {
        <= 64 => quantile[0] + ((quantile[1] - quantile[0]) * value * (1 / 64.0)),
        <= 192 => quantile[1] + ((quantile[2] - quantile[1]) * (value - 64) * (1 / 128.0)),
        _ => quantile[2] + ((quantile[3] - quantile[2]) * (value - 192) * (1 / 63.0)),
    });
}

/// <summary>Writes matrices in Kaldi's compressed forms, byte for byte as Kaldi does; <see cref="CompressedMatrix"/> reads them.</summary>
internal static class MatrixCompressor
{
    /// <summary>Compresses a matrix to a token and the bytes that follow it.</summary>
    /// <exception cref="InputException">A value is not finite.</exception>
    public static (string Token, byte[] Data) Compress(FloatMatrix matrix, CompressionMethod method)
    {
        if (matrix.Data.Length == 0)
            return ("CM", new byte[16]);
        if (!Array.TrueForAll(matrix.Data, float.IsFinite))
            throw new InputException("A matrix with infinity or NaN cannot be compressed.");

        if (method == CompressionMethod.Automatic)
            method = matrix.Rows > 8 ? CompressionMethod.SpeechFeature : CompressionMethod.TwoByteAuto;

        // The header: least value and range, from the data or given by the method (Kaldi: ComputeGlobalHeader).
        var scale = ScaleOf(matrix.Data, method);

        // CM has quantiles for each column and a byte a value; CM2 and CM3 have a linear scale for the whole matrix.
        return method switch
        {
            CompressionMethod.SpeechFeature => ("CM", [.. Header(scale, matrix), .. Columns(scale, matrix)]),
            CompressionMethod.TwoByteAuto or CompressionMethod.TwoByteSignedInteger => ("CM2",
                [.. Header(scale, matrix), .. MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(matrix.Data, scale.ToWord))]),
            _ => ("CM3", [.. Header(scale, matrix), .. Array.ConvertAll(matrix.Data, scale.ToByte)]),
        };
    }

    private static Scale ScaleOf(float[] values, CompressionMethod method)
    {
        switch (method)
        {
            case CompressionMethod.TwoByteSignedInteger:
                return new Scale(-32768, 65535);
            case CompressionMethod.OneByteUnsignedInteger:
                return new Scale(0, 255);
            case CompressionMethod.OneByteZeroOne:
                return new Scale(0, 1);
            default:
                var (least, greatest) = (values.Min(), values.Max());

                // A constant matrix gets a range above 0, so that no value is divided by 0.
                if (least == greatest)
                    greatest = (float)(least + (1.0 + Math.Abs(least)));

                return new Scale(least, greatest - least);
        }
    }

    private static byte[] Header(Scale scale, FloatMatrix matrix) =>
    [
        .. BitConverter.GetBytes(scale.Minimum), .. BitConverter.GetBytes(scale.Range),
        .. BitConverter.GetBytes(matrix.Rows), .. BitConverter.GetBytes(matrix.Columns),
    ];

    private static byte[] Columns(Scale scale, FloatMatrix matrix)
    {
        var data = new byte[matrix.Columns * (8 + matrix.Rows)];
        var quantiles = MemoryMarshal.Cast<byte, ushort>(data.AsSpan(0, 8 * matrix.Columns));
        var sorted = new float[matrix.Rows];
        Span<float> bounds = stackalloc float[4];
        for (var column = 0; column < matrix.Columns; column++)
        {
            for (var row = 0; row < matrix.Rows; row++)
                sorted[row] = matrix[row, column];

            Array.Sort(sorted);
            var words = quantiles.Slice(4 * column, 4);
            Quantiles(scale, sorted, words);
            for (var i = 0; i < 4; i++)
                bounds[i] = scale.FromWord(words[i]);

            var bytes = data.AsSpan((8 * matrix.Columns) + (column * matrix.Rows), matrix.Rows);
            for (var row = 0; row < matrix.Rows; row++)
                bytes[row] = ToByte(matrix[row, column], bounds);
        }

        return data;
    }

    // The least, the quartiles and the greatest value of a column (Kaldi: ComputeColHeader), each above the one before, so that
    // no part of the scale is empty.
    private static void Quantiles(Scale scale, float[] sorted, Span<ushort> words)
    {
        var quarter = sorted.Length / 4;
        ReadOnlySpan<int> places = sorted.Length >= 5 ? [0, quarter, 3 * quarter, sorted.Length - 1] : [0, 1, 2, 3];
        var previous = -1;
        for (var i = 0; i < 4; i++)
        {
            var word = places[i] < sorted.Length ? scale.ToWord(sorted[places[i]]) : previous + 1;
            previous = Math.Min(Math.Max(word, previous + 1), ushort.MaxValue - 3 + i);
            words[i] = (ushort)previous;
        }
    }

    private static byte ToByte(float value, ReadOnlySpan<float> bounds)
    {
        if (value < bounds[1])
            return Place(value, bounds[0], bounds[1], 0, 64);

        return value < bounds[2] ? Place(value, bounds[1], bounds[2], 64, 192) : Place(value, bounds[2], bounds[3], 192, 255);
    }

    // The nearest of the steps of a part of the scale.
    private static byte Place(float value, float from, float to, int first, int last)
    {
        var share = (value - from) / (to - from);
        return (byte)Math.Clamp(first + (int)((share * (last - first)) + 0.5), first, last);
    }

    private readonly record struct Scale(float Minimum, float Range)
    {
        // Kaldi: FloatToUint16 adds 0.499, not 0.5, before it truncates.
        public ushort ToWord(float value) => (ushort)((Share(value) * 65535) + 0.499);

        public byte ToByte(float value) => (byte)((Share(value) * 255) + 0.499);

        public float FromWord(ushort word) => Minimum + (Range * CompressedMatrix.WordStep * word);

        private float Share(float value) => Math.Clamp((value - Minimum) / Range, 0, 1);
    }
}
