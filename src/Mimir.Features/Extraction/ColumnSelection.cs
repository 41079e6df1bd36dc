using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>A choice of columns in an order, such as <c>0,3-5,12</c>; <c>5-3</c> reverses the order.</summary>
public sealed class ColumnSelection
{
    private readonly int[] _columns;
    private readonly string _text;

    private ColumnSelection(int[] columns, string text) => (_columns, _text) = (columns, text);

    /// <summary>Parses columns and ranges with commas between them.</summary>
    /// <exception cref="InputException">It is empty, or a part is neither a number nor a range.</exception>
    public static ColumnSelection Parse(string text)
    {
        var columns = new List<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryParse(ends[0], out var first) || !TryParse(ends[^1], out var last))
                throw new InputException($"Expected columns like 0,3-5,12, got '{text}'.");
            if (Math.Abs(last - first) > 1 << 20)
                throw new InputException($"'{text}': expected ranges of at most {1 << 20} columns.");

            for (var column = first; ; column += Math.Sign(last - first))
            {
                columns.Add(column);
                if (column == last)
                    break;
            }
        }

        return new ColumnSelection([.. columns], text);
    }

    /// <summary>Copies the chosen columns.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <exception cref="InputException">A column is beyond D.</exception>
    public FloatMatrix Apply(FloatMatrix features)
    {
        if (_columns.Max() is var greatest && greatest >= features.Columns)
            throw new InputException($"'{_text}': expected columns from 0 to {features.Columns - 1}, got {greatest}.");

        var result = new FloatMatrix(features.Rows, _columns.Length);
        for (var t = 0; t < features.Rows; t++)
        {
            var (from, to) = (t * features.Columns, t * _columns.Length);
            for (var i = 0; i < _columns.Length; i++)
                result.Data[to + i] = features.Data[from + _columns[i]];
        }

        return result;
    }

    private static bool TryParse(string text, out int column) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out column);
}
