using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Export;

/// <summary>Weights in the order of ONNX's operators.</summary>
internal static class OnnxWeights
{
    /// <summary>The columns of a matrix as rows.</summary>
    public static float[] Transposed(FloatMatrix matrix)
    {
        var values = new float[matrix.Data.Length];
        for (var row = 0; row < matrix.Rows; row++)
        {
            for (var column = 0; column < matrix.Columns; column++)
                values[(column * matrix.Rows) + row] = matrix[row, column];
        }

        return values;
    }

    /// <summary>Blocks of one size in another order.</summary>
    /// <param name="values">The blocks, one behind the other.</param>
    /// <param name="size">The numbers of a block.</param>
    /// <param name="order">The block for each place.</param>
    public static float[] Blocks(float[] values, int size, params ReadOnlySpan<int> order)
    {
        var blocks = new float[order.Length * size];
        for (var i = 0; i < order.Length; i++)
            values.AsSpan(order[i] * size, size).CopyTo(blocks.AsSpan(i * size));

        return blocks;
    }

    /// <summary>The product of two matrices, summed in double precision.</summary>
    public static FloatMatrix Product(FloatMatrix left, FloatMatrix right)
    {
        var product = new FloatMatrix(left.Rows, right.Columns);
        Parallel.For(0, left.Rows, row =>
        {
            var sums = new double[right.Columns];
            for (var inner = 0; inner < left.Columns; inner++)
            {
                for (var column = 0; column < sums.Length; column++)
                    sums[column] += (double)left[row, inner] * right[inner, column];
            }

            for (var column = 0; column < sums.Length; column++)
                product[row, column] = (float)sums[column];
        });
        return product;
    }
}
