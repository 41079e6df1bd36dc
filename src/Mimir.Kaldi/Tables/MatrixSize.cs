namespace Mimir.Kaldi.Tables;

/// <summary>The size of a matrix, which is read without its values.</summary>
/// <param name="Rows">The number of rows.</param>
/// <param name="Columns">The number of columns.</param>
public readonly record struct MatrixSize(int Rows, int Columns);

/// <summary>Reads the sizes of matrices and passes over their values.</summary>
internal sealed class MatrixSizeHolder : Holder<MatrixSize>
{
    internal override string Kind => ObjectKinds.Matrix;

    public override MatrixSize Read(KaldiReader reader, bool binary) => reader.ReadMatrixSize(binary);

    public override void Write(KaldiWriter writer, MatrixSize value) =>
        throw new NotSupportedException("The size of a matrix is only read.");

    public override MatrixSize Extract(MatrixSize value, ObjectRange range, string rxfilename) => range.Apply(value);
}

public sealed partial class KaldiReader
{
    /// <summary>Reads the size of a matrix and passes over its values; those of text are checked.</summary>
    /// <param name="binary">True for binary data, false for text.</param>
    internal MatrixSize ReadMatrixSize(bool binary)
    {
        if (!binary)
        {
            var (_, rows, columns) = ReadTextMatrix<float>(keep: false);
            return new(rows, columns);
        }

        var token = ReadMatrixToken();
        if (token is "FM" or "DM")
        {
            var size = new MatrixSize(ReadInt(true), ReadInt(true));
            Skip(CheckedCount(size.Rows, size.Columns) * (token == "FM" ? 4L : 8L));
            return size;
        }

        var compressed = CompressedMatrix.ReadSize(this);
        var (values, head) = ((long)compressed.Rows * compressed.Columns, 8L * compressed.Columns);
        Skip(token switch { "CM" => head + values, "CM2" => 2 * values, _ => values });
        return compressed;
    }

    private void Skip(long count)
    {
        if (_length is { } length)
        {
            if (count > length - Position)
                throw Error($"expected {count} bytes of values, the file ends after {length - Position}.");

            Seek(Position + count);
            return;
        }

        // What is passed over takes no memory, so it does not count for the size of the object.
        while (count > 0)
        {
            BeginObject();
            if (Peek() < 0)
                throw Error($"expected {count} more bytes, the file ends here.");

            var step = (int)Math.Min(count, _count - _index);
            (_index, count) = (_index + step, count - step);
        }
    }
}
