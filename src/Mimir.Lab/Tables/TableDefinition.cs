namespace Mimir.Lab.Tables;

/// <summary>What a table compares: the typed form of a <c>table.yaml</c>.</summary>
public sealed record TableDefinition
{
    /// <summary>The table's name, which also names its folder.</summary>
    public string Name { get; init; } = "";

    /// <summary>The seed of every row. The default is 777.</summary>
    public ulong Seed { get; init; } = 777;

    /// <summary>The cluster file that says how fast devices and links are, relative to the table; a row's shape replaces the file's.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Other cluster files for some shapes (<c>1x4</c>).</summary>
    public IReadOnlyDictionary<string, string> Clusters { get; init; } = new Dictionary<string, string>();

    /// <summary>What the update modes change in every recipe.</summary>
    public IReadOnlyDictionary<string, TableMode> Modes { get; init; } = new Dictionary<string, TableMode>();

    /// <summary>The recipes, each with its rows.</summary>
    public IReadOnlyDictionary<string, TableRecipe> Recipes { get; init; } = new Dictionary<string, TableRecipe>();

    /// <summary>What single rows change, and rows besides.</summary>
    public IReadOnlyList<TableChange> Rows { get; init; } = [];
}

/// <summary>What an update mode changes in every recipe.</summary>
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

    /// <summary>Who reported it; empty for nobody in particular.</summary>
    public string By { get; init; } = "";
}

/// <summary>What some rows change. What is not named holds for all; a row that the product lacks is added when all three are named.</summary>
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
