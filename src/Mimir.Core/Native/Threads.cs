using System.Diagnostics;
using Mimir.Core.Runtime;
using TorchSharp;

namespace Mimir.Core.Native;

/// <summary>The threads of CPU compute, for the whole process.</summary>
/// <remarks>
/// The results of the kernels do not depend on their number: each element is summed in an order that the shapes alone decide.
/// Those of libtorch may, on the route without kernels and in modules of the user's own.
/// </remarks>
public static class Threads
{
    private static int _count = 1;
    private static ThreadChooser? _chooser;
    private static long _began;

    /// <summary>Gets or sets the number of threads, at least 1. The default is 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1.</exception>
    public static int Count
    {
        get => _count;
        set
        {
            _chooser = null;
            Apply(value);
        }
    }

    /// <summary>Lets the times of training steps choose the number, now and again; a busy core is not waited for.</summary>
    /// <remarks>Without the kernels it stays at the largest: results of libtorch may depend on it.</remarks>
    /// <param name="maximum">The largest number of threads, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1.</exception>
    public static void Choose(int maximum)
    {
        Count = maximum;
        _chooser = Kernels.Available ? new ThreadChooser(maximum) : null;
    }

    /// <summary>Begins the time of a training step.</summary>
    internal static void BeginStep()
    {
        if (_chooser is not { } chooser)
            return;

        if (chooser.Count != _count)
            Apply(chooser.Count);
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends the time of a training step.</summary>
    /// <param name="rows">The rows of the batch.</param>
    internal static void EndStep(int rows) => _chooser?.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, rows);

    /// <summary>Lends the threads to libtorch for the calls of this thread: what is no kernel, such as a module of the user's.</summary>
    /// <remarks>
    /// A number that is chosen by time is not lent: libtorch's results may depend on it, and the same seed must give the same bits.
    /// </remarks>
    /// <returns>The loan; dispose of it on the same thread.</returns>
    internal static TorchLoan LendToTorch() => new(Kernels.Available && _chooser is null ? _count : 1);

    private static void Apply(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        TorchRuntime.Load();

        // Two pools would only fight: libtorch's own threads serve where the kernels are missing.
        torch.set_num_threads(Kernels.Available ? 1 : count);
        if (Kernels.Available)
            Kernels.Check(Kernels.mimir_set_threads(count));
        _count = count;
    }
}

/// <summary>Threads that libtorch may use until it is disposed.</summary>
internal readonly ref struct TorchLoan
{
    private readonly int _count;

    /// <summary>Begins the loan.</summary>
    /// <param name="count">The number of threads; 1 changes nothing.</param>
    public TorchLoan(int count)
    {
        _count = count;
        if (count > 1)
            torch.set_num_threads(count);
    }

    /// <summary>Ends the loan.</summary>
    public void Dispose()
    {
        if (_count > 1)
            torch.set_num_threads(1);
    }
}
