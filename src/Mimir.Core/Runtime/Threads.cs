using Mimir.Core.Native;
using TorchSharp;

namespace Mimir.Core.Runtime;

/// <summary>The threads of CPU compute, for the whole process.</summary>
/// <remarks>The results do not depend on their number: each element is summed in an order that the shapes alone decide.</remarks>
public static class Threads
{
    private static int s_count = 1;

    /// <summary>Gets or sets the number of threads, at least 1. The default is 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1.</exception>
    public static int Count
    {
        get => s_count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            TorchRuntime.Load();

            // Two pools would only fight: libtorch's own threads serve where the kernels are missing.
            torch.set_num_threads(Kernels.Available ? 1 : value);
            if (Kernels.Available)
                Kernels.Check(Kernels.mimir_set_threads(value));
            s_count = value;
        }
    }
}
