using System.Globalization;

namespace Mimir.Train.Checkpoints;

/// <summary>The name of a checkpoint's folder, <c>&lt;epoch&gt;-&lt;step&gt;</c>; names sort by the order of training.</summary>
/// <param name="Epoch">The epoch that is under way, from 1.</param>
/// <param name="Step">The steps of it that are done.</param>
public readonly record struct CheckpointName(int Epoch, int Step)
{
    /// <summary>Reads a folder's name.</summary>
    /// <returns>False when it is not a checkpoint's.</returns>
    public static bool TryParse(string folder, out CheckpointName name)
    {
        name = default;
        var parts = folder.Split('-');
        if (parts.Length != 2 || !TryNumber(parts[0], out var epoch) || !TryNumber(parts[1], out var step))
            return false;

        var read = new CheckpointName(epoch, step);
        if (read.ToString() != folder)
            return false;

        name = read;
        return true;
    }

    /// <summary>True for a name that comes earlier in training.</summary>
    /// <param name="other">The other name.</param>
    public bool IsBefore(CheckpointName other) => (Epoch, Step).CompareTo((other.Epoch, other.Step)) < 0;

    /// <summary>The names from the oldest to the newest.</summary>
    public static IReadOnlyList<CheckpointName> Sorted(IEnumerable<CheckpointName> names) =>
        [.. names.OrderBy(name => name.Epoch).ThenBy(name => name.Step)];

    /// <summary>Chooses the checkpoints that are no longer needed.</summary>
    /// <param name="present">Those on the disk, in any order.</param>
    /// <param name="keep">The number of newest ones that stay; less than 1 is taken as 1, so that a run can always resume.</param>
    /// <returns>Those to delete, the oldest first.</returns>
    public static IReadOnlyList<CheckpointName> Expired(IEnumerable<CheckpointName> present, int keep)
    {
        var sorted = Sorted(present);
        return [.. sorted.Take(sorted.Count - Math.Max(1, keep))];
    }

    /// <summary>The folder's name, for example <c>002-000512</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch:D3}-{Step:D6}");

    private static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
