namespace Mimir.Bench;

/// <summary>What a process holds at most, as Linux counts it.</summary>
internal static class PeakMemory
{
    /// <summary>The high-water mark of a process's resident memory, in bytes; 0 when it has just ended.</summary>
    public static long Of(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(6).TrimEnd("kB").Trim(), System.Globalization.CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
