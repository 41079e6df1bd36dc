using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Tensors;

/// <summary>The matrix products of every library, at shapes that fill no vector.</summary>
[Collection("threads")]
public sealed class TensorProductTests
{
    [Theory]
    [InlineData(GemmLibrary.Mkl)]
    [InlineData(GemmLibrary.OneDnn)]
    [InlineData(GemmLibrary.Own)]
    [InlineData(GemmLibrary.Chosen)]
    public void AddProduct_of_every_library_equals_a_plain_sum(GemmLibrary library)
    {
        var info = RuntimeInfo.Read();
        if ((library == GemmLibrary.Mkl && !info.Mkl) || (library == GemmLibrary.OneDnn && info.OneDnn.Length == 0))
            return;

        foreach (var threads in new[] { 1, 2 })
        {
            Threads.Count = threads;
            foreach (var (m, n, k) in new[] { (1, 1, 1), (3, 17, 5), (65, 33, 129), (97, 130, 300), (6, 500, 40), (256, 50, 7) })
            {
                foreach (var (ta, tb) in new[] { (false, false), (false, true), (true, false), (true, true) })
                    AssertProduct(library, m, n, k, ta, tb);
            }
        }

        Threads.Count = 1;
    }

    private static void AssertProduct(GemmLibrary library, int m, int n, int k, bool ta, bool tb)
    {
        var a = Some.Floats(m * k, 1);
        var b = Some.Floats(k * n, 2);
        var c = Some.Floats(m * n, 3);
        using var left = Tensor.From(a, ta ? [k, m] : [m, k]);
        using var right = Tensor.From(b, tb ? [n, k] : [k, n]);
        using var sum = Tensor.From(c, m, n);

        sum.AddProduct(left, ta, right, tb, alpha: -0.5, beta: 2, library);

        var actual = sum.ToArray();
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var expected = 2.0 * c[(i * n) + j];
                for (var l = 0; l < k; l++)
                    expected -= 0.5 * a[ta ? (l * m) + i : (i * k) + l] * b[tb ? (j * k) + l : (l * n) + j];
                Assert.Equal(expected, actual[(i * n) + j], 1e-3);
            }
        }
    }
}
