namespace Mimir.Dist.Collectives;

/// <summary>Cuts a vector into one part for each worker.</summary>
public static class Parts
{
    /// <summary>One of several parts that follow each other and differ by at most one element.</summary>
    /// <param name="length">The elements of the whole.</param>
    /// <param name="count">The number of parts.</param>
    /// <param name="index">The part, from 0.</param>
    /// <returns>The first element and the one after the last.</returns>
    public static (int Begin, int End) Of(int length, int count, int index) =>
        ((int)((long)length * index / count), (int)((long)length * (index + 1) / count));

    /// <summary>One of several parts, by an index modulo their number.</summary>
    internal static Span<float> Around(Span<float> values, int count, int index)
    {
        var (begin, end) = Of(values.Length, count, ((index % count) + count) % count);
        return values[begin..end];
    }
}
