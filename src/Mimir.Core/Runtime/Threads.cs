using Mimir.Core.Native;

namespace Mimir.Core.Runtime;

/// <summary>The threads of CPU compute, for the whole process.</summary>
/// <remarks>The partition of work depends on this number alone: two runs with the same number give the same bytes.</remarks>
public static class Threads
{
    /// <summary>Gets or sets the number of threads, at least 1. The default is 1.</summary>
    /// <exception cref="TorchException">A number below 1.</exception>
    public static int Count
    {
        get
        {
            LibTorch.Check(LibTorch.mimir_get_threads(out var threads));
            return threads;
        }
        set => LibTorch.Check(LibTorch.mimir_set_threads(value));
    }
}
