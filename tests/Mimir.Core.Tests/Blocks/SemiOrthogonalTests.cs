using Mimir.Core.Blocks;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

public sealed class SemiOrthogonalTests
{
    [Theory]
    [InlineData(6, 14, -1)]
    [InlineData(14, 6, -1)]
    [InlineData(6, 14, 2)]
    public void Steps_make_rows_of_one_length_at_right_angles(int rows, int columns, float scale)
    {
        var values = Some.Floats(rows * columns, 4, 0.5);
        using var weight = Tensor.From(values, rows, columns);
        var size = Math.Min(rows, columns);

        for (var i = 0; i < 60; i++)
            SemiOrthogonal.Step(weight, scale);

        using var product = Tensor.Zeros(Device.Cpu, [size, size]);
        product.AddProduct(weight, rows > columns, weight, rows <= columns, beta: 0);
        var square = product.ToArray();
        for (var i = 0; i < square.Length; i++)
            Assert.Equal(i % (size + 1) == 0 ? (scale > 0 ? scale * scale : square[0]) : 0, square[i], 1e-3 * square[0]);
    }

    [Fact]
    public void Step_equals_the_formula()
    {
        using var weight = Tensor.From([2, 0, 1, 0, 1, 1], 2, 3);

        SemiOrthogonal.Step(weight, -1);

        // P = [[5, 1], [1, 2]]: tr P = 7, tr P^2 = 31, ratio 62 / 49 > 1.1, so nu = 1 / 32 and alpha^2 = 31 / 7.
        var rate = 4.0 / 32 * 7 / 31;
        var q = new[] { 5 - (31.0 / 7), 1, 1, 2 - (31.0 / 7) };
        double[] w = [2, 0, 1, 0, 1, 1];
        var actual = weight.ToArray();
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++)
                Assert.Equal(w[(3 * i) + j] - (rate * ((q[2 * i] * w[j]) + (q[(2 * i) + 1] * w[3 + j]))), actual[(3 * i) + j], 1e-6);
        }
    }

    [Fact]
    public void Step_leaves_a_matrix_of_zeros()
    {
        using var weight = Tensor.Zeros(Device.Cpu, [2, 3]);

        SemiOrthogonal.Step(weight, -1);

        Assert.Equal(new float[6], weight.ToArray());
    }
}
