using System.Numerics.Tensors;

namespace Mimir.Kaldi.Matrices;

/// <summary>A symmetric matrix of doubles, of which the lower triangle is stored row by row (Kaldi: <c>SpMatrix</c>).</summary>
public sealed class SymmetricMatrix
{
    /// <summary>Creates a matrix of zeros.</summary>
    /// <param name="dimension">The number of rows, and of columns.</param>
    public SymmetricMatrix(int dimension)
        : this(dimension, new double[checked(dimension * (dimension + 1) / 2)])
    {
    }

    /// <summary>Wraps the values of a lower triangle without copying them.</summary>
    /// <param name="dimension">The number of rows, and of columns.</param>
    /// <param name="values">The values, row by row.</param>
    /// <exception cref="ArgumentException">The number of values is another.</exception>
    public SymmetricMatrix(int dimension, double[] values)
    {
        if (values.Length != (long)dimension * (dimension + 1) / 2)
            throw new ArgumentException($"The lower triangle of {dimension} rows has another number of values than {values.Length}.");

        Dimension = dimension;
        Values = values;
    }

    /// <summary>Gets the number of rows, and of columns.</summary>
    public int Dimension { get; }

    /// <summary>Gets the values of the lower triangle, row by row.</summary>
    public double[] Values { get; }

    /// <summary>Gets a value.</summary>
    public double this[int row, int column] =>
        row >= column ? Values[(row * (row + 1) / 2) + column] : Values[(column * (column + 1) / 2) + row];

    /// <summary>Adds the product of a vector with itself: each value gets <c>weight v[i] v[j]</c>.</summary>
    /// <param name="weight">A factor.</param>
    /// <param name="vector">The vector, of <see cref="Dimension"/> values.</param>
    public void AddOuter(double weight, ReadOnlySpan<double> vector)
    {
        for (var (row, start) = (0, 0); row < Dimension; start += ++row)
        {
            var target = Values.AsSpan(start, row + 1);
            TensorPrimitives.MultiplyAdd(vector[..(row + 1)], weight * vector[row], target, target);
        }
    }

    /// <summary>Adds a multiple of another matrix.</summary>
    /// <param name="weight">A factor.</param>
    /// <param name="other">A matrix of the same dimension.</param>
    public void Add(double weight, SymmetricMatrix other) => TensorPrimitives.MultiplyAdd<double>(other.Values, weight, Values, Values);

    /// <summary>Makes a copy that changes on its own.</summary>
    public SymmetricMatrix Clone() => new(Dimension, [.. Values]);
}
