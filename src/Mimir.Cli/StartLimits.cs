using System.Runtime.InteropServices;

namespace Mimir.Cli;

/// <summary>Looks at the limits of this process before anything else is loaded, which a limit may prevent.</summary>
/// <remarks>It uses the system's calls alone: with too few open files not even the console can be loaded.</remarks>
internal static partial class StartLimits
{
    /// <summary>The open files that the program and its libraries need at the least.</summary>
    private const long OpenFiles = 256;

    private const int OpenFilesResource = 7;
    private const int FileSizeSignal = 25;
    private const int StandardError = 2;
    private static readonly nint Ignore = 1;

    /// <summary>
    /// Says so when too few files may be open at once. A file that grows beyond its limit is an error from now on, and no longer the
    /// end of the process.
    /// </summary>
    /// <returns>True when the program can start.</returns>
    internal static unsafe bool Allow()
    {
        if (!OperatingSystem.IsLinux())
            return true;

        _ = signal(FileSizeSignal, Ignore);
        var limit = default(Pair);
        if (getrlimit(OpenFilesResource, &limit) != 0 || limit.Soft is < 0 or >= OpenFiles)
            return true;

        Write("mimir: this process may have "u8);
        Write(limit.Soft);
        Write(" files open at once (ulimit -n), and Mimir needs "u8);
        Write(OpenFiles);
        Write("; raise the limit: 'ulimit -n 4096'\n"u8);
        return false;
    }

    private static void Write(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        var first = digits.Length;
        do
        {
            digits[--first] = (byte)('0' + (number % 10));
            number /= 10;
        }
        while (number > 0);
        Write(digits[first..]);
    }

    private static unsafe void Write(ReadOnlySpan<byte> text)
    {
        fixed (byte* begin = text)
            _ = write(StandardError, begin, text.Length);
    }

    [LibraryImport("libc")]
    private static unsafe partial int getrlimit(int resource, Pair* limit);

    [LibraryImport("libc")]
    private static unsafe partial nint write(int descriptor, byte* text, nint length);

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);

    [StructLayout(LayoutKind.Sequential)]
    private struct Pair
    {
        public long Soft;
        public long Hard;
    }
}
