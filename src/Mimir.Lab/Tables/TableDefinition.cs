using System.Globalization;

namespace Mimir.Lab.Tables;

/// <summary>A table of recipes, workers and update modes: the typed form of <c>table.yaml</c>.</summary>
public sealed record TableDefinition
{
    /// <summary>The table's name, which also names its folder.</summary>
    public string Name { get; init; } = "";

    /// <summary>The seed of every row. The default is 777.</summary>
    public ulong Seed { get; init; } = 777;

    /// <summary>The cluster file with the speed of devices and links, relative to the table; a row's shape replaces the file's.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Other cluster files for some shapes (<c>1x4</c>).</summary>
    public IReadOnlyDictionary<string, string> Clusters { get; init; } = new Dictionary<string, string>();

    /// <summary>Changes of every recipe by update mode.</summary>
    public IReadOnlyDictionary<string, TableMode> Modes { get; init; } = new Dictionary<string, TableMode>();

    /// <summary>The recipes, each with its rows.</summary>
    public IReadOnlyDictionary<string, TableRecipe> Recipes { get; init; } = new Dictionary<string, TableRecipe>();

    /// <summary>Changes of single rows, and additional rows.</summary>
    public IReadOnlyList<TableChange> Rows { get; init; } = [];
}

/// <summary>The changes of every recipe for an update mode.</summary>
public sealed record TableMode
{
    /// <summary>Keys of recipes and their values in YAML.</summary>
    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();
}

/// <summary>A recipe of a table: its rows are the product of workers and modes; one worker is one row.</summary>
public sealed record TableRecipe
{
    /// <summary>The recipe's file, relative to the table.</summary>
    public string File { get; init; } = "";

    /// <summary>Keys of the recipe and their values in YAML.</summary>
    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();

    /// <summary>Training frames a second of one device, in place of the cluster file's; null for that.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>The numbers of workers.</summary>
    public IReadOnlyList<WorkerShape> Workers { get; init; } = [];

    /// <summary>The update modes of several workers.</summary>
    public IReadOnlyList<string> Modes { get; init; } = [];

    /// <summary>The speed-ups that others have reported, by shape.</summary>
    public IReadOnlyDictionary<string, ReportedSpeed> Reported { get; init; } = new Dictionary<string, ReportedSpeed>();
}

/// <summary>A speed-up that others have reported.</summary>
public sealed record ReportedSpeed
{
    /// <summary>How many times faster than one device.</summary>
    public double SpeedUp { get; init; }

    /// <summary>The source of the figure, or empty.</summary>
    public string By { get; init; } = "";
}

/// <summary>Changes of some rows. A null property matches all rows; with all three set it adds a row that the product lacks.</summary>
public sealed record TableChange
{
    /// <summary>The recipe's name in the table, or null for all.</summary>
    public string? Recipe { get; init; }

    /// <summary>The workers, or null for all.</summary>
    public WorkerShape? Workers { get; init; }

    /// <summary>The update mode, or null for all.</summary>
    public string? Mode { get; init; }

    /// <summary>Keys of the recipe and their values in YAML.</summary>
    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();
}

/// <summary>Workers by machine: <c>8x2</c> are eight machines of two devices, <c>4</c> is one machine of four.</summary>
/// <param name="Machines">The machines, from 1.</param>
/// <param name="Devices">The devices of each, from 1.</param>
public readonly record struct WorkerShape(int Machines, int Devices)
{
    private const int Most = 1024;

    /// <summary>Gets the number of workers.</summary>
    public int Workers => Machines * Devices;

    /// <summary>Reads a shape.</summary>
    /// <returns>True when the text is a shape of at most 1024 workers.</returns>
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
