using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>The kinds of input of an extended file name.</summary>
public enum RxKind
{
    /// <summary>A file, from a byte offset on.</summary>
    File,

    /// <summary>The standard input.</summary>
    StandardInput,

    /// <summary>The output of a shell command.</summary>
    Pipe,
}

/// <summary>The parts of an extended input file name: <c>path</c>, <c>path:offset</c>, <c>-</c> or <c>command |</c>.</summary>
/// <param name="Kind">The kind of input.</param>
/// <param name="Target">The path or the command, without offset, range and bar.</param>
/// <param name="Offset">The byte to start at; 0 unless the name ends in <c>:digits</c>.</param>
/// <param name="Range">The part in square brackets of a script file's entry, or null.</param>
public sealed record Rxfilename(RxKind Kind, string Target, long Offset, ObjectRange? Range)
{
    /// <summary>True when the name of the file says that it is compressed.</summary>
    public bool IsGzip => Kind == RxKind.File && Target.EndsWith(".gz", StringComparison.Ordinal);

    /// <summary>True for an uncompressed file from its first byte on.</summary>
    public bool IsWholeFile => Kind == RxKind.File && Offset == 0 && !IsGzip;

    /// <summary>Parses an extended file name.</summary>
    /// <param name="text">For example <c>feats.ark:1234[0:9]</c>, <c>-</c>, <c>gunzip -c x.gz |</c>.</param>
    /// <exception cref="InputException">The name is no input, or its range is malformed.</exception>
    public static Rxfilename Parse(string text)
    {
        var name = text.Trim();
        if (name.Length == 0 || name == "-")
            return new Rxfilename(RxKind.StandardInput, "-", 0, null);
        if (name[0] == '|')
            throw new InputException($"'{text}' writes to a command; an input ends with '|' instead.");
        if (name[0] is 'a' or 's' && Rspecifier.IsTable(name))
            throw new InputException($"'{text}' is a table where the name of a file is expected; leave the part up to the colon out.");

        ObjectRange? range = null;
        if (name[^1] == ']' && name.LastIndexOf('[') is > 0 and var bracket)
        {
            range = ObjectRange.Parse(name[(bracket + 1)..^1]);
            name = name[..bracket].TrimEnd();
        }

        if (name[^1] == '|')
            return new Rxfilename(RxKind.Pipe, name[..^1].Trim(), 0, range);

        if (name.Contains('|', StringComparison.Ordinal))
            throw new InputException($"'{text}' has a pipe sign within; a command to read from ends with '|'.");

        var colon = name.LastIndexOf(':');
        if (colon > 0 && long.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return new Rxfilename(RxKind.File, name[..colon], offset, range);

        return new Rxfilename(RxKind.File, name, 0, range);
    }
}

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

    /// <summary>The size of the part of a matrix that this range names.</summary>
    /// <exception cref="InputException">The range lies outside the matrix.</exception>
    internal MatrixSize Apply(MatrixSize matrix) => new(
        Clip(FirstRow, LastRow, matrix.Rows, RowTolerance, "row").Count,
        Clip(FirstColumn, LastColumn, matrix.Columns, 0, "column").Count);

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
