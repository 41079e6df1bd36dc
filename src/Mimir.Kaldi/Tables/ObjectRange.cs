using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>A part of a matrix or vector, which a script file gives in square brackets: <c>0:9,2:5</c>, ends included.</summary>
/// <param name="FirstRow">The first row.</param>
/// <param name="LastRow">The last row, or null for all that follow.</param>
/// <param name="FirstColumn">The first column.</param>
/// <param name="LastColumn">The last column, or null for all that follow.</param>
public sealed record ObjectRange(int FirstRow, int? LastRow, int FirstColumn, int? LastColumn)
{
    /// <summary>Kaldi cuts a range that ends fewer than this many rows past the end.</summary>
    private const int RowTolerance = 3;

    /// <summary>Parses the text between the brackets.</summary>
    /// <exception cref="InputException">It is not <c>rows</c> or <c>rows,columns</c>, each <c>first:last</c> or empty.</exception>
    public static ObjectRange Parse(string text)
    {
        var parts = text.Split(',');
        if (parts.Length > 2)
            throw new InputException($"Expected a range like [0:9] or [0:9,2:5], got '[{text}]'.");

        var (firstRow, lastRow) = ParseSpan(parts[0], text);
        var (firstColumn, lastColumn) = parts.Length == 2 ? ParseSpan(parts[1], text) : (0, null);
        return new ObjectRange(firstRow, lastRow, firstColumn, lastColumn);
    }

    /// <summary>Copies the part of a matrix that this range names.</summary>
    /// <exception cref="InputException">The range lies outside the matrix.</exception>
    public FloatMatrix Apply(FloatMatrix matrix)
    {
        var (top, rows) = Clip(FirstRow, LastRow, matrix.Rows, RowTolerance, "row");
        var (left, columns) = Clip(FirstColumn, LastColumn, matrix.Columns, 0, "column");
        var part = new FloatMatrix(rows, columns);
        for (var row = 0; row < rows; row++)
            matrix.Row(top + row).Slice(left, columns).CopyTo(part.Row(row));

        return part;
    }

    /// <summary>Copies the part of a vector that the row part of this range names.</summary>
    /// <exception cref="InputException">The range lies outside the vector.</exception>
    public T[] Apply<T>(T[] vector)
    {
        var (first, count) = Clip(FirstRow, LastRow, vector.Length, RowTolerance, "element");
        return vector.AsSpan(first, count).ToArray();
    }

    private static (int First, int Count) Clip(int first, int? last, int size, int tolerance, string what)
    {
        var end = last ?? size - 1;
        if (first >= size || end < first || end >= size + tolerance)
            throw new InputException($"Expected a {what} range within 0:{size - 1}, got {first}:{end}.");

        return (first, Math.Min(end, size - 1) - first + 1);
    }

    private static (int First, int? Last) ParseSpan(string span, string whole)
    {
        if (span.Length == 0 || span == ":")
            return (0, null);

        var colon = span.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0
            && int.TryParse(span.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(span.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first <= last)
            return (first, last);

        throw new InputException($"Expected a range like [0:9] or [0:9,2:5], got '[{whole}]'.");
    }
}
