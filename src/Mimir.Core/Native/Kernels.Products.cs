using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Mimir.Core.Native;

/// <summary>Matrix products and threads.</summary>
internal static unsafe partial class Kernels
{
    [LibraryImport(Library)]
    internal static partial int mimir_gemm(
        int library, long m, long n, long k, [MarshalUsing(typeof(Elements))] Tensor? a, int transposeA,
        [MarshalUsing(typeof(Elements))] Tensor? b, int transposeB, double alpha, double beta,
        [MarshalUsing(typeof(Elements))] Tensor? c);

    [LibraryImport(Library)]
    internal static partial int mimir_set_threads(int threads);
}
