using System.Runtime.InteropServices;

namespace Mimir.Dist.Native;

/// <summary>Linux's futex: sleeps until another process changes a word of shared memory.</summary>
internal static unsafe partial class Futex
{
    private const int Wait = 0;
    private const int Wake = 1;

    private static readonly long Call = !OperatingSystem.IsLinux() ? -1 : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => -1,
    };

    /// <summary>Sleeps while a word has a value; may wake early.</summary>
    public static void Sleep(int* word, int value, TimeSpan longest)
    {
        if (Call < 0)
        {
            Thread.Sleep(1);
            return;
        }

        var time = stackalloc long[2];
        time[0] = longest.Ticks / TimeSpan.TicksPerSecond;
        time[1] = longest.Ticks % TimeSpan.TicksPerSecond * 100;
        _ = syscall(Call, word, Wait, value, time, null, 0);
    }

    /// <summary>Wakes all threads that sleep on a word.</summary>
    public static void WakeAll(int* word)
    {
        if (Call >= 0)
            _ = syscall(Call, word, Wake, int.MaxValue, null, null, 0);
    }

    [LibraryImport("libc")]
    private static partial long syscall(long number, int* word, int operation, int value, long* timeout, int* word2, int value3);
}
