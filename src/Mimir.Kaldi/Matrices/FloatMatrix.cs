using Mimir.Base;

namespace Mimir.Kaldi.Matrices;

/// <summary>A dense row-major matrix of 32-bit floats; features are <c>[T, D]</c>, T frames of D values.</summary>
public sealed class FloatMatrix
{
    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="rows">The number of rows, 0 or more.</param>
    /// <param name="columns">The number of columns, 0 or more.</param>
    public FloatMatrix(int rows, int columns)
        : this(rows, columns, LargeObjects.Zeros(checked(rows * columns)))
    {
    }

    /// <summary>Wraps an array without copying it.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="data">Row-major values, exactly <c>rows * columns</c> of them.</param>
    /// <exception cref="ArgumentException">The array has another length.</exception>
    public FloatMatrix(int rows, int columns, float[] data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (data.Length != checked(rows * columns))
            throw new ArgumentException($"A {rows} x {columns} matrix holds {rows * columns} values, got {data.Length}.", nameof(data));

        Rows = rows;
        Columns = columns;
        Data = data;
    }

    /// <summary>Gets the number of rows.</summary>
    public int Rows { get; }

    /// <summary>Gets the number of columns.</summary>
    public int Columns { get; }

    /// <summary>Gets the values, row-major.</summary>
    public float[] Data { get; }

    /// <summary>Gets or sets one value.</summary>
    public float this[int row, int column]
    {
        get => Data[(row * Columns) + column];
        set => Data[(row * Columns) + column] = value;
    }

    /// <summary>Gets one row, as a view.</summary>
    public Span<float> Row(int row) => Data.AsSpan(row * Columns, Columns);
}
