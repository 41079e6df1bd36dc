namespace Mimir.Bench;

/// <summary>What a process holds at most, as Linux counts it.</summary>
internal static class PeakMemory
{
    /// <summary>The high-water mark of a process's resident memory, in bytes; 0 when it has just ended.</summary>
    public static long Of(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0
                : long.Parse(line.AsSpan(6).TrimEnd("kB").Trim(), System.Globalization.CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Lets the high-water mark of this process start anew from what it holds now, where Linux allows it.</summary>
    public static void Reset()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.WriteLine($"the high-water mark stays: {error.Message}");
        }
    }
}
