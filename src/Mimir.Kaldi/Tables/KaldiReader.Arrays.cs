using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

public sealed partial class KaldiReader
{
    /// <summary>Reads a matrix of floats, doubles or compressed values.</summary>
    /// <param name="binary">True for binary data, false for text (see <see cref="ReadBinaryMarker"/>).</param>
    /// <exception cref="InputException">It is none of these, its rows differ in length, or the stream ends early.</exception>
    public FloatMatrix ReadMatrix(bool binary)
    {
        var (data, rows, columns) = ReadMatrix<float>(binary);
        return new FloatMatrix(rows, columns, data);
    }

    /// <summary>Reads a matrix like <see cref="ReadMatrix(bool)"/> with the full precision of doubles.</summary>
    public double[,] ReadDoubleMatrix(bool binary)
    {
        var (data, rows, columns) = ReadMatrix<double>(binary);
        var matrix = new double[rows, columns];
        Buffer.BlockCopy(data, 0, matrix, 0, data.Length * sizeof(double));
        return matrix;
    }

    /// <summary>Reads a symmetric matrix of floats or doubles.</summary>
    /// <exception cref="InputException">It is none, or the stream ends early.</exception>
    public SymmetricMatrix ReadSymmetricMatrix(bool binary)
    {
        if (!binary)
        {
            var values = ReadBracketed<double>(lines: true);
            var dimension = (int)((Math.Sqrt((8.0 * values.Length) + 1) - 1) / 2);
            return (long)dimension * (dimension + 1) / 2 == values.Length
                ? new SymmetricMatrix(dimension, values)
                : throw Error($"expected the lower triangle of a matrix, got {values.Length} values.");
        }

        var token = ReadToken();
        var size = ReadInt(true);
        if (token is not ("FP" or "DP") || size < 0 || (long)size * (size + 1) / 2 > Array.MaxLength)
            throw Error($"expected a symmetric matrix (FP or DP), got '{Printable(token)}' of {size} rows.");

        var count = (int)((long)size * (size + 1) / 2);
        return new SymmetricMatrix(size, token == "FP" ? Converted<float, double>(count) : Converted<double, double>(count));
    }

    /// <summary>Reads a vector of floats or doubles.</summary>
    public float[] ReadVector(bool binary) => ReadVector<float>(binary);

    /// <summary>Reads a vector of doubles or floats with the full precision of doubles.</summary>
    public double[] ReadDoubleVector(bool binary) => ReadVector<double>(binary);

    /// <summary>Reads a vector of 32-bit integers; in text it stands in brackets.</summary>
    public int[] ReadIntVector(bool binary)
    {
        if (!binary)
            return ReadBracketed<int>();

        if (ReadByte() != 4)
            throw Error("expected a vector of 4-byte integers, got another size byte.");

        return ReadRaw<int>(ReadRawInt());
    }

    /// <summary>Reads the rest of a line as integers: the text form of integer vectors in archives.</summary>
    public int[] ReadIntLine()
    {
        var values = new List<int>();
        while (true)
        {
            SkipWhiteInLine();
            if (Peek() is -1 or '\n')
            {
                ReadByte();
                return [.. values];
            }

            values.Add(ReadNumber<int>());
        }
    }

    /// <summary>Reads the rest of a line as words.</summary>
    public string[] ReadWordLine()
    {
        var words = new List<string>();
        while (true)
        {
            SkipWhiteInLine();
            if (Peek() is -1 or '\n')
            {
                ReadByte();
                return [.. words];
            }

            words.Add(ReadName());
        }
    }

    private void SkipWhiteInLine()
    {
        while (Peek() is not '\n' and var next && IsWhite(next))
            _index++;
    }

    private T[] ReadVector<T>(bool binary)
        where T : unmanaged, IFloatingPoint<T>
    {
        if (!binary)
            return ReadBracketed<T>();

        return ReadToken() switch
        {
            "FV" => Converted<float, T>(ReadInt(true)),
            "DV" => Converted<double, T>(ReadInt(true)),
            var other => throw Error($"expected a vector (FV or DV), got '{Printable(other)}'."),
        };
    }

    private (T[] Data, int Rows, int Columns) ReadMatrix<T>(bool binary)
        where T : unmanaged, IFloatingPoint<T>
    {
        if (!binary)
            return ReadTextMatrix<T>(keep: true);

        var token = ReadMatrixToken();
        if (token is "CM" or "CM2" or "CM3")
        {
            var (data, compressedRows, compressedColumns) = CompressedMatrix.Read(this, token);
            return (Convert<float, T>(data), compressedRows, compressedColumns);
        }

        var rows = ReadInt(true);
        var columns = ReadInt(true);
        var count = CheckedCount(rows, columns);
        return (token == "FM" ? Converted<float, T>(count) : Converted<double, T>(count), rows, columns);
    }

    private string ReadMatrixToken() => ReadToken() switch
    {
        ("FM" or "DM" or "CM" or "CM2" or "CM3") and var known => known,
        var other => throw Error($"expected a matrix (FM, DM, CM, CM2 or CM3), got '{Printable(other)}'."),
    };

    /// <summary>Returns the number of values of a matrix; fails when its header cannot be right.</summary>
    internal int CheckedCount(int rows, int columns)
    {
        if (rows < 0 || columns < 0 || (long)rows * columns > Array.MaxLength || (rows == 0) != (columns == 0))
            throw Error($"expected the size of a matrix, got {rows} x {columns}.");

        return rows * columns;
    }

    private int ReadRawInt()
    {
        Span<byte> bytes = stackalloc byte[4];
        ReadBytes(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    /// <summary>Reads little-endian values without a size byte before them.</summary>
    /// <param name="count">Their number; memory grows with the data that is there.</param>
    /// <exception cref="InputException">The count is negative, or the stream ends early.</exception>
    public T[] ReadRaw<T>(int count)
        where T : unmanaged
    {
        if (count < 0)
            throw Error($"expected a length, got {count}.");

        var size = Unsafe.SizeOf<T>();
        CheckAllowance((long)count * size);
        if (_length is { } length)
        {
            if ((long)count * size > length - Position)
                throw Error($"expected {(long)count * size} bytes of values, the file ends after {length - Position}.");

            LargeObjects.Expect((long)count * size);
            var values = GC.AllocateUninitializedArray<T>(count);
            ReadBytes(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }

        // The length of a pipe or of unpacked data is unknown: memory grows with the bytes that arrive.
        var grown = new T[Math.Min(count, 1 << 16)];
        for (var filled = 0; ; Array.Resize(ref grown, (int)Math.Min(count, 2L * grown.Length)))
        {
            ReadBytes(MemoryMarshal.AsBytes(grown.AsSpan(filled)));
            filled = grown.Length;
            if (filled == count)
                return grown;
        }
    }

    private static TTo[] Convert<TFrom, TTo>(TFrom[] values)
        where TFrom : unmanaged, IFloatingPoint<TFrom>
        where TTo : unmanaged, IFloatingPoint<TTo>
    {
        if (values is TTo[] same)
            return same;

        var converted = new TTo[values.Length];
        for (var i = 0; i < values.Length; i++)
            converted[i] = TTo.CreateTruncating(values[i]);

        return converted;
    }

    private TTo[] Converted<TFrom, TTo>(int count)
        where TFrom : unmanaged, IFloatingPoint<TFrom>
        where TTo : unmanaged, IFloatingPoint<TTo> => Convert<TFrom, TTo>(ReadRaw<TFrom>(count));

    private T[] ReadBracketed<T>(bool lines = false)
        where T : struct, INumber<T>
    {
        OpenBracket();
        var values = new List<T>();
        while (true)
        {
            // A vector ends on its line; the rows of a matrix begin on the next.
            SkipWhiteInLine();
            if (lines)
                SkipWhite();
            if (Peek() == '\n')
                throw Error("expected a vector on one line, the line ends here.");
            if (Peek() == ']')
            {
                CloseBracket();
                return [.. values];
            }

            values.Add(ReadNumber<T>());
        }
    }

    // Without keeping them, the values are only checked.
    private (T[] Data, int Rows, int Columns) ReadTextMatrix<T>(bool keep)
        where T : unmanaged, IFloatingPoint<T>
    {
        OpenBracket();
        var values = new List<T>();
        var (rows, columns, width) = (0, 0, 0);
        while (true)
        {
            var next = Peek();
            if (next is '\n' or ';' or ']')
            {
                if (width > 0)
                {
                    if (rows++ > 0 && width != columns)
                        throw Error($"expected {columns} values in row {rows}, got {width}.");

                    (columns, width) = (width, 0);
                }

                if (next == ']')
                {
                    CloseBracket();
                    return ([.. values], rows, columns);
                }

                _index++;
            }
            else if (IsWhite(next))
            {
                _index++;
            }
            else
            {
                var value = ReadNumber<T>();
                width++;
                if (keep)
                    values.Add(value);
            }
        }
    }

    private void OpenBracket()
    {
        SkipWhite();
        if (ReadByte() != '[')
            throw Error("expected '['.");
    }

    private void CloseBracket()
    {
        _index++;
        if (Peek() == '\r')
            _index++;
        if (Peek() == '\n')
            _index++;
    }
}
