namespace Mimir.Kaldi.Tables;

/// <summary>
/// Kaldi's lossy matrices: CM (a byte a value between four quantiles of its column), CM2 (16 bits a value, row by row) and
/// CM3 (a byte a value, row by row).
/// </summary>
internal static class CompressedMatrix
{
    /// <summary>The share of the range that one of 65535 steps is, with Kaldi's rounding.</summary>
    public const float WordStep = 1.52590218966964e-05f; // 1 / 65535

    /// <summary>Reads what follows the token.</summary>
    public static (float[] Data, int Rows, int Columns) Read(KaldiReader reader, string token)
    {
        var header = reader.ReadRaw<int>(4);
        var minimum = BitConverter.Int32BitsToSingle(header[0]);
        var range = BitConverter.Int32BitsToSingle(header[1]);
        var (rows, columns) = (header[2], header[3]);
        var count = reader.CheckedCount(rows, columns);
        if (!float.IsFinite(minimum) || !float.IsFinite(range))
            throw reader.Error("expected the finite range of a compressed matrix, got infinity or NaN.");

        return (token switch
        {
            "CM" => ReadByColumns(reader, minimum, range, rows, columns),
            "CM2" => ReadWords(reader, minimum, range, count),
            _ => ReadBytes(reader, minimum, range, count),
        }, rows, columns);
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

    // In double with one rounding at the end, as Kaldi's expression is: the last digit depends on it.
    private static float Expand(byte value, ReadOnlySpan<float> quantile) => (float)(value switch
    {
        <= 64 => quantile[0] + ((quantile[1] - quantile[0]) * value * (1 / 64.0)),
        <= 192 => quantile[1] + ((quantile[2] - quantile[1]) * (value - 64) * (1 / 128.0)),
        _ => quantile[2] + ((quantile[3] - quantile[2]) * (value - 192) * (1 / 63.0)),
    });
}
