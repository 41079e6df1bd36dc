using System.Runtime.InteropServices;

namespace Mimir.Base;

/// <summary>The limits that the system sets to this process, in the words of <c>ulimit</c>.</summary>
public static partial class ProcessLimits
{
    private const int TooManyFiles = 24;
    private const int FileTooLarge = 27;
    private const int NoMemory = 12;
    private const long FilesAdvised = 4096;
    private const long AddressesNeeded = 6L << 30;

    /// <summary>The limit that an error comes from, and how much is needed; null for an error of something else.</summary>
    /// <param name="error">The error, or the one that caused it.</param>
    public static string? Explain(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (Limit(cause) is { } limit)
                return limit;
        }

        return null;
    }

    /// <summary>True when an error is .NET's for a file beyond the system's limit on sizes.</summary>
    /// <param name="error">The error.</param>
    public static bool IsFileSize(Exception error) => error is IOException { HResult: FileTooLarge }
        || (error is ArgumentOutOfRangeException && error.StackTrace?.Contains("at System.IO.", StringComparison.Ordinal) == true);

    private static string? Limit(Exception error)
    {
        if (error is IOException { HResult: TooManyFiles } && Limit(Resource.OpenFiles) is { } files)
        {
            var advised = Math.Max(FilesAdvised, 2 * files);
            return Text($"this process may have {files} files open at once; raise the limit: 'ulimit -n {advised}'");
        }

        if (IsFileSize(error) && Limit(Resource.FileSize) is { } bytes)
            return Text($"a file may have {bytes} bytes; raise the limit: 'ulimit -f unlimited'");
        if (IsMemory(error) && Limit(Resource.Addresses) is { } addresses)
        {
            return Text($"this process may have {addresses >> 20} MiB of addresses, and libtorch with the data needs ")
                + Text($"{AddressesNeeded >> 20} MiB or more; raise the limit: 'ulimit -v unlimited'");
        }

        return null;
    }

    private static bool IsMemory(Exception error) => error is OutOfMemoryException or IOException { HResult: NoMemory }
        || error.Message.Contains("failed to map segment", StringComparison.Ordinal)
        || error.Message.Contains("allocate memory", StringComparison.Ordinal);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private enum Resource
    {
        FileSize = 1,
        OpenFiles = 7,
        Addresses = 9,
    }

    // Null where there is no limit, or the system does not say.
    private static long? Limit(Resource resource) =>
        OperatingSystem.IsLinux() && getrlimit((int)resource, out var limit) == 0 && limit.Soft >= 0 ? limit.Soft : null;

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, out Pair limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Pair
    {
        public long Soft;
        public long Hard;
    }
}
