using Mimir.Core.Native;
using Mimir.Core.Tensors;
using Mimir.Core.Tests.Native;

namespace Mimir.Core.Tests.Tensors;

/// <summary>The matrix products of every library, at shapes that fill no vector.</summary>
[Collection("threads")]
public sealed class TensorProductTests
{
    [KernelTheory]
    [InlineData(GemmLibrary.Mkl)]
    [InlineData(GemmLibrary.OneDnn)]
    [InlineData(GemmLibrary.Own)]
    [InlineData(GemmLibrary.Chosen)]
    public void AddProduct_of_every_library_equals_a_plain_sum(GemmLibrary library)
    {
        var info = RuntimeInfo.Read().Kernels;
        if (library == GemmLibrary.Mkl && info?.Mkl is not { Length: > 0 })
            return;
        if (library == GemmLibrary.OneDnn && info?.OneDnn is not { Length: > 0 })
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

    [KernelTheory]
    [InlineData(GemmLibrary.Mkl)]
    [InlineData(GemmLibrary.OneDnn)]
    [InlineData(GemmLibrary.Own)]
    [InlineData(GemmLibrary.Chosen)]
    public void AddProduct_gives_the_same_bits_with_any_number_of_threads(GemmLibrary library)
    {
        var info = RuntimeInfo.Read().Kernels;
        if (library == GemmLibrary.Mkl && info?.Mkl is not { Length: > 0 })
            return;
        if (library == GemmLibrary.OneDnn && info?.OneDnn is not { Length: > 0 })
            return;

        foreach (var (m, n, k) in new[] { (10, 1024, 300), (257, 130, 600), (700, 97, 261), (33, 611, 20) })
        {
            foreach (var (ta, tb) in new[] { (false, false), (false, true), (true, false) })
            {
                using var left = Tensor.From(Some.Floats(m * k, 1), ta ? [k, m] : [m, k]);
                using var right = Tensor.From(Some.Floats(k * n, 2), tb ? [n, k] : [k, n]);
                var expected = Product(threads: 1);
                foreach (var threads in new[] { 2, 3, 4, 7 })
                    Assert.Equal(expected, Product(threads));

                float[] Product(int threads)
                {
                    Threads.Count = threads;
                    using var sum = Tensor.From(Some.Floats(m * n, 3), m, n);
                    sum.AddProduct(left, ta, right, tb, alpha: 0.7, beta: 0.3, library);
                    Threads.Count = 1;
                    return sum.ToArray();
                }
            }
        }
    }

    [KernelFact]
    public void Rows_of_an_own_product_have_the_bits_of_the_whole()
    {
        const int M = 150, N = 77, K = 530;
        using var left = Tensor.From(Some.Floats(M * K, 1), M, K);
        using var right = Tensor.From(Some.Floats(N * K, 2), N, K);
        using var whole = Tensor.From(new float[M * N], M, N);
        whole.AddProduct(left, false, right, true, alpha: 1, beta: 0, GemmLibrary.Own);
        using var cut = Tensor.From(new float[M * N], M, N);

        foreach (var (begin, rows) in new[] { (0, 1), (1, 13), (14, 130), (144, 6) })
        {
            using var some = cut.narrow(0, begin, rows);
            using var of = left.narrow(0, begin, rows);
            some.AddProduct(of, false, right, true, alpha: 1, beta: 0, GemmLibrary.Own);
        }

        Assert.Equal(whole.ToArray(), cut.ToArray());
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
