using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>Writes Kaldi's basic types, vectors and matrices to a stream, binary or text, byte for byte as Kaldi does.</summary>
public sealed class KaldiWriter
{
    private readonly Stream _stream;

    /// <summary>Wraps a stream, which stays the caller's.</summary>
    /// <param name="stream">Receives the bytes.</param>
    /// <param name="binary">Binary values; otherwise text of 7 significant digits.</param>
    public KaldiWriter(Stream stream, bool binary)
    {
        _stream = stream;
        Binary = binary;
    }

    /// <summary>True for binary values, false for text.</summary>
    public bool Binary { get; }

    /// <summary>Gets the number of bytes written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Writes the mark that begins a binary object; nothing in text.</summary>
    public void WriteBinaryMarker()
    {
        if (Binary)
            WriteRaw([0, (byte)'B']);
    }

    /// <summary>Writes a token and a space.</summary>
    public void WriteToken(string token) => WriteText(token + " ");

    /// <summary>Writes the end of a line in text; nothing in binary.</summary>
    public void WriteNewLine()
    {
        if (!Binary)
            WriteText("\n");
    }

    /// <summary>Writes a 32-bit integer.</summary>
    public void WriteInt(int value)
    {
        if (Binary)
            Sized(value);
        else
            WriteText(value.ToString(CultureInfo.InvariantCulture) + " ");
    }

    /// <summary>Writes an unsigned 32-bit integer, which binary data marks with the size byte -4.</summary>
    public void WriteUnsigned(uint value)
    {
        if (!Binary)
        {
            WriteText(value.ToString(CultureInfo.InvariantCulture) + " ");
            return;
        }

        WriteRaw([unchecked((byte)-4)]);
        WriteRaw(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref value, 1)));
    }

    /// <summary>Writes a float.</summary>
    public void WriteFloat(float value)
    {
        if (Binary)
            Sized(value);
        else
            WriteText(Digits(value) + " ");
    }

    /// <summary>Writes a double.</summary>
    public void WriteDouble(double value)
    {
        if (Binary)
            Sized(value);
        else
            WriteText(Digits(value) + " ");
    }

    /// <summary>Writes a vector of 32-bit integers; in text it stands in brackets.</summary>
    public void WriteIntVector(ReadOnlySpan<int> values)
    {
        if (Binary)
        {
            WriteRaw([4]);
            WriteRaw(BitConverter.GetBytes(values.Length));
            WriteRaw(MemoryMarshal.AsBytes(values));
            return;
        }

        var text = new StringBuilder("[ ");
        foreach (var value in values)
            text.Append(CultureInfo.InvariantCulture, $"{value} ");

        WriteText(text.Append("]\n").ToString());
    }

    /// <summary>Writes a vector of floats.</summary>
    public void WriteVector(ReadOnlySpan<float> values) => WriteVector(values, "FV ");

    /// <summary>Writes a vector of doubles.</summary>
    public void WriteVector(ReadOnlySpan<double> values) => WriteVector(values, "DV ");

    /// <summary>Writes a matrix of floats.</summary>
    public void WriteMatrix(FloatMatrix matrix) => WriteMatrix<float>(matrix.Data, matrix.Rows, matrix.Columns, "FM ");

    /// <summary>Writes a matrix in a compressed form, with loss; in text, the values that remain after compression.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="method">The form.</param>
    /// <exception cref="InputException">A value is infinite or NaN.</exception>
    public void WriteCompressed(FloatMatrix matrix, CompressionMethod method)
    {
        var (token, data) = MatrixCompressor.Compress(matrix, method);
        if (Binary)
        {
            WriteToken(token);
            WriteRaw(data);
            return;
        }

        using var reader = new KaldiReader(new MemoryStream(data), "compressed matrix");
        var (values, rows, columns) = CompressedMatrix.Read(reader, token);
        WriteMatrix(new FloatMatrix(rows, columns, values));
    }

    /// <summary>Writes a matrix of doubles.</summary>
    public void WriteMatrix(double[,] matrix) => WriteMatrix<double>(
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, double>(ref MemoryMarshal.GetArrayDataReference(matrix)), matrix.Length),
        matrix.GetLength(0),
        matrix.GetLength(1),
        "DM ");

    /// <summary>Writes a symmetric matrix, its lower triangle row by row.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="asFloats">True for values of single precision.</param>
    public void WriteSymmetricMatrix(SymmetricMatrix matrix, bool asFloats)
    {
        if (Binary)
        {
            WriteText(asFloats ? "FP " : "DP ");
            WriteInt(matrix.Dimension);
            WriteRaw(asFloats
                ? MemoryMarshal.AsBytes<float>(Array.ConvertAll(matrix.Values, value => (float)value))
                : MemoryMarshal.AsBytes<double>(matrix.Values));
            return;
        }

        var text = new StringBuilder(matrix.Dimension == 0 ? "[ " : "[\n");
        for (var (row, index) = (0, 0); row < matrix.Dimension; row++)
        {
            for (var column = 0; column <= row; column++, index++)
                text.Append(asFloats ? Digits((float)matrix.Values[index]) : Digits(matrix.Values[index])).Append(' ');

            text.Append(row == matrix.Dimension - 1 ? "" : "\n");
        }

        WriteText(text.Append("]\n").ToString());
    }

    /// <summary>Writes characters as they are.</summary>
    public void WriteText(string text) => WriteRaw(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes as they are.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        Written += bytes.Length;
    }

    /// <summary>Formats a number as C++ does with 7 significant digits.</summary>
    internal static string Digits<T>(T value)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (T.IsFinite(value))
            return value.ToString("g7", CultureInfo.InvariantCulture);
        if (T.IsNaN(value))
            return T.IsNegative(value) ? "-nan" : "nan";

        return T.IsNegative(value) ? "-inf" : "inf";
    }

    private void Sized<T>(T value)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref value, 1));
        WriteRaw([(byte)bytes.Length]);
        WriteRaw(bytes);
    }

    private void WriteVector<T>(ReadOnlySpan<T> values, string token)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Binary)
        {
            WriteText(token);
            WriteInt(values.Length);
            WriteRaw(MemoryMarshal.AsBytes(values));
            return;
        }

        var text = new StringBuilder(" [ ");
        foreach (var value in values)
            text.Append(Digits(value)).Append(' ');

        WriteText(text.Append("]\n").ToString());
    }

    private void WriteMatrix<T>(ReadOnlySpan<T> values, int rows, int columns, string token)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Binary)
        {
            WriteText(token);
            WriteInt(rows);
            WriteInt(columns);
            WriteRaw(MemoryMarshal.AsBytes(values));
            return;
        }

        if (columns == 0)
        {
            WriteText(" [ ]\n");
            return;
        }

        WriteText(" [");
        var line = new StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            line.Clear().Append("\n  ");
            foreach (var value in values.Slice(row * columns, columns))
                line.Append(Digits(value)).Append(' ');

            WriteText(line.ToString());
        }

        WriteText("]\n");
    }
}
