using Mimir.Core.Optimisers;

namespace Mimir.Core.Tests.Optimisers;

public sealed class SymmetricEigenTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(80)]
    public void Decompose_gives_orthonormal_vectors_that_make_up_the_matrix(int n)
    {
        var random = Some.Floats(n * n, 5);
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            // Values of very different sizes, as the fourth powers of data are.
            for (var j = 0; j < n; j++)
                matrix[(i * n) + j] = (random[(i * n) + j] + random[(j * n) + i]) * Math.Pow(10, -(i + j) % 9);
        }

        var symmetric = (double[])matrix.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++)
                symmetric[(i * n) + j] = symmetric[(j * n) + i];
        }

        var vectors = (double[])symmetric.Clone();
        var values = SymmetricEigen.Decompose(vectors, n);

        Assert.Equal(values.OrderDescending(), values);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var (product, sum) = (0.0, 0.0);
                for (var k = 0; k < n; k++)
                {
                    product += vectors[(i * n) + k] * vectors[(j * n) + k];
                    sum += values[k] * vectors[(k * n) + i] * vectors[(k * n) + j];
                }

                Assert.Equal(i == j ? 1 : 0, product, 1e-10);
                Assert.Equal(symmetric[(i * n) + j], sum, 1e-9);
            }
        }
    }

    [Fact]
    public void Decompose_takes_a_matrix_that_is_diagonal_or_zero()
    {
        double[] matrix = [1, 0, 0, 0, 3, 0, 0, 0, 2];
        Assert.Equal([3, 2, 1], SymmetricEigen.Decompose(matrix, 3));
        Assert.Equal([0, 1, 0], matrix[..3]);
        Assert.Equal([0, 0], SymmetricEigen.Decompose(new double[4], 2));
    }
}
