using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Transforms;

/// <summary>Composes linear and affine transforms of features, and widens them.</summary>
public static class TransformComposition
{
    /// <summary>Makes the transform that applies one transform after another (Kaldi: compose-transforms).</summary>
    /// <param name="second">The transform that is applied last; it may have a column more than the first has rows, its offset.</param>
    /// <param name="first">The transform that is applied to the features.</param>
    /// <param name="firstIsAffine">True where the last column of <paramref name="first"/> is an offset; it counts only where the second
    /// transform has an offset too.</param>
    /// <exception cref="InputException">The dimensions do not fit, or a transform is empty.</exception>
    public static FloatMatrix Compose(FloatMatrix second, FloatMatrix first, bool firstIsAffine = false)
    {
        if (first.Rows == 0 || second.Columns == 0)
            throw new InputException("a transform to compose is empty.");
        if (second.Columns == first.Rows)
            return Multiply(second, first);
        if (second.Columns != first.Rows + 1)
        {
            throw new InputException(
                $"the transforms do not fit: the one applied last has {second.Columns} columns, the other {first.Rows} rows; expected as "
                + "many columns, or one more for an offset.");
        }

        // A row more passes the 1 on that the offset multiplies.
        var extended = new FloatMatrix(first.Rows + 1, first.Columns + (firstIsAffine ? 0 : 1));
        for (var row = 0; row < first.Rows; row++)
            first.Row(row).CopyTo(extended.Row(row));

        extended[first.Rows, extended.Columns - 1] = 1;
        return Multiply(second, extended);
    }

    /// <summary>Widens a transform: the dimensions beyond stay as they are (Kaldi: extend-transform-dim).</summary>
    /// <param name="transform">A transform <c>[D, D]</c>, or <c>[D, D + 1]</c> with an offset.</param>
    /// <param name="dimension">The number of dimensions, at least D.</param>
    /// <exception cref="InputException">The transform is not square, or the number is smaller.</exception>
    public static FloatMatrix Extend(FloatMatrix transform, int dimension)
    {
        var (rows, affine) = (transform.Rows, transform.Columns == transform.Rows + 1);
        if (!affine && transform.Columns != rows)
            throw new InputException($"expected a square transform, with or without an offset, got {rows} x {transform.Columns}.");
        if (dimension < rows)
            throw new InputException($"--new-dimension={dimension}: expected {rows} or more, the dimension of the transform.");

        var extended = new FloatMatrix(dimension, dimension + (affine ? 1 : 0));
        for (var row = 0; row < dimension; row++)
        {
            if (row < rows)
                transform.Row(row)[..rows].CopyTo(extended.Row(row));
            else
                extended[row, row] = 1;
            if (affine && row < rows)
                extended[row, dimension] = transform[row, rows];
        }

        return extended;
    }

    private static FloatMatrix Multiply(FloatMatrix left, FloatMatrix right)
    {
        var product = new FloatMatrix(left.Rows, right.Columns);
        for (var row = 0; row < left.Rows; row++)
        {
            for (var column = 0; column < right.Columns; column++)
            {
                var sum = 0.0;
                for (var k = 0; k < left.Columns; k++)
                    sum += (double)left[row, k] * right[k, column];

                product[row, column] = (float)sum;
            }
        }

        return product;
    }
}
