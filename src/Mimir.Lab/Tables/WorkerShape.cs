using System.Globalization;

namespace Mimir.Lab.Tables;

/// <summary>Workers by machine: <c>8x2</c> are eight machines of two devices, <c>4</c> is one machine of four.</summary>
/// <param name="Machines">The machines, from 1.</param>
/// <param name="Devices">The devices of each, from 1.</param>
public readonly record struct WorkerShape(int Machines, int Devices)
{
    private const int Most = 1024;

    /// <summary>Gets the number of workers.</summary>
    public int Workers => Machines * Devices;

    /// <summary>Reads a shape.</summary>
    /// <returns>Whether the text is one, of at most 1024 workers.</returns>
    public static bool TryParse(string text, out WorkerShape shape)
    {
        var parts = text.Split('x');
        shape = default;
        if (parts.Length is 0 or > 2 || !Whole(parts[^1], out var devices))
            return false;

        var machines = 1;
        if (parts.Length == 2 && !Whole(parts[0], out machines))
            return false;

        shape = new(machines, devices);
        return (long)machines * devices <= Most;
    }

    /// <inheritdoc/>
    public override string ToString() => Workers == 1 ? "1" : string.Create(CultureInfo.InvariantCulture, $"{Machines}x{Devices}");

    private static bool Whole(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is >= 1 and <= Most;
}
