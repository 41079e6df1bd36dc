namespace Mimir.Dist.Updates;

/// <summary>Whole numbers as floats, 16 bits a float: exact through sums, half precision excepted, and files of floats.</summary>
internal static class WholeNumbers
{
    /// <summary>The floats a number takes.</summary>
    public const int Pieces = 4;

    public static void Write(ReadOnlySpan<long> numbers, Span<float> pieces)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            for (var p = 0; p < Pieces; p++)
                pieces[(i * Pieces) + p] = (ushort)(numbers[i] >> (16 * p));
        }
    }

    public static float[] ToFloats(params ReadOnlySpan<long> numbers)
    {
        var pieces = new float[numbers.Length * Pieces];
        Write(numbers, pieces);
        return pieces;
    }

    public static long[] Read(ReadOnlySpan<float> pieces)
    {
        var numbers = new long[pieces.Length / Pieces];
        for (var i = 0; i < numbers.Length; i++)
        {
            for (var p = 0; p < Pieces; p++)
                numbers[i] |= (long)(ushort)pieces[(i * Pieces) + p] << (16 * p);
        }

        return numbers;
    }
}
