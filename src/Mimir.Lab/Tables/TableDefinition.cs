using System.Globalization;
using System.Text.Json.Nodes;
using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Dist.Updates;

namespace Mimir.Lab.Tables;

/// <summary>A comparison of update modes and numbers of workers: the record of a <c>table.yaml</c>.</summary>
public sealed record TableDefinition
{
    /// <summary>The table's name, which also names its folder.</summary>
    [Option("name", Required = true), ValueKind<NameKind>]
    public string Name { get; init; } = "";

    /// <summary>The seed of every row.</summary>
    [Option("seed")]
    public ulong Seed { get; init; } = 777;

    /// <summary>The cluster file, relative to the table; the workers of a row replace the machines and devices of the file.</summary>
    [Option("cluster", Required = true), ValueKind<PathKind>]
    public string Cluster { get; init; } = "";

    /// <summary>Other cluster files for some workers (<c>1x4</c>).</summary>
    [Option("clusters", Expected = "a map of workers to cluster files"), ValueKind<PathKind>]
    public IReadOnlyDictionary<string, string> Clusters { get; init; } = new Dictionary<string, string>();

    /// <summary>The changes of update modes in every recipe.</summary>
    [Option("modes", Expected = "a map of update modes")]
    public IReadOnlyDictionary<string, TableMode> Modes { get; init; } = new Dictionary<string, TableMode>();

    /// <summary>The recipes by name, each with its rows.</summary>
    [Option("recipes", Required = true, Expected = "a map of recipes")]
    public IReadOnlyDictionary<string, TableRecipe> Recipes { get; init; } = new Dictionary<string, TableRecipe>();

    /// <summary>The changes of single rows, and additional rows.</summary>
    [Option("rows", Expected = "a list of rows")]
    public IReadOnlyList<TableChange> Rows { get; init; } = [];
}

/// <summary>The changes of an update mode in every recipe.</summary>
public sealed record TableMode
{
    /// <summary>Keys of recipes and their values in YAML.</summary>
    [Option("set", Expected = RecipeChangeKind.Words), ValueKind<RecipeChangeKind>]
    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();
}

/// <summary>A recipe of a table: its rows are the product of workers and modes; one worker is one row.</summary>
public sealed record TableRecipe
{
    /// <summary>The recipe, relative to the table.</summary>
    [Option("file", Required = true), ValueKind<PathKind>]
    public string File { get; init; } = "";

    /// <summary>Keys of the recipe and their values in YAML.</summary>
    [Option("set", Expected = RecipeChangeKind.Words), ValueKind<RecipeChangeKind>]
    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();

    /// <summary>Training frames a second of one device; without it the cluster file's.</summary>
    [Option("frames-per-second", Min = 0, MinExcluded = true)]
    public double? FramesPerSecond { get; init; }

    /// <summary>The numbers of workers; 1 is the row that the others are compared with.</summary>
    [Option("workers", Required = true, Expected = "a list of workers, such as [1, 4x2]"), ValueKind<WorkerShapeKind>]
    public IReadOnlyList<WorkerShape> Workers { get; init; } = [];

    /// <summary>The update modes of several workers.</summary>
    [Option("modes", Expected = "a list of update modes, such as [sync, bmuf]"), ValueKind<UpdateModeKind>]
    public IReadOnlyList<string> Modes { get; init; } = [];

    /// <summary>The speed-ups that others have reported, by workers.</summary>
    [Option("reported", Expected = "a map of workers to speed-ups")]
    public IReadOnlyDictionary<string, ReportedSpeed> Reported { get; init; } = new Dictionary<string, ReportedSpeed>();
}

/// <summary>A speed-up that others have reported.</summary>
public sealed record ReportedSpeed
{
    /// <summary>The speed as a multiple of that of one device.</summary>
    [Option("speed-up", Min = 0, MinExcluded = true, Required = true)]
    public double SpeedUp { get; init; }

    /// <summary>The source of the number; empty for none in particular.</summary>
    [Option("by")]
    public string By { get; init; } = "";
}

/// <summary>
/// The changes of some rows. A key that is left out stands for all rows; a row that the product of workers and modes lacks is
/// added when recipe, workers and mode are named.
/// </summary>
public sealed record TableChange
{
    /// <summary>The recipe's name in the table; without it all recipes.</summary>
    [Option("recipe"), ValueKind<NameKind>]
    public string? Recipe { get; init; }

    /// <summary>The workers; without it all.</summary>
    [Option("workers"), ValueKind<WorkerShapeKind>]
    public WorkerShape? Workers { get; init; }

    /// <summary>The update mode; without it all.</summary>
    [Option("mode"), ValueKind<UpdateModeKind>]
    public string? Mode { get; init; }

    /// <summary>Keys of the recipe and their values in YAML.</summary>
    [Option("set", Expected = RecipeChangeKind.Words), ValueKind<RecipeChangeKind>]
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

/// <summary>The name of an update mode.</summary>
public sealed class UpdateModeKind() : WordKind([.. UpdateOptions.Defaults.Select(mode => mode.Name)]);

/// <summary>Workers by machine.</summary>
public sealed class WorkerShapeKind() : ScalarKind<WorkerShape>("workers as machines x devices, such as 8x2, or 4 for one machine")
{
    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = new JsonArray("string", "number") };

    /// <inheritdoc/>
    protected override bool TryParse(string text, out WorkerShape value) => WorkerShape.TryParse(text, out value);

    /// <inheritdoc/>
    protected override string Format(WorkerShape value) => value.ToString();
}

/// <summary>The value of a recipe's key, as the YAML of an override.</summary>
public sealed class RecipeChangeKind : ValueKind
{
    /// <summary>The words for a map of changes.</summary>
    internal const string Words = "a map of recipe keys to values, such as train.optimiser.sgd.rate: 0.004";

    /// <inheritdoc/>
    public override Type Type => typeof(string);

    /// <inheritdoc/>
    public override string Description => "a value";

    /// <inheritdoc/>
    public override object Read(YamlNode node, string path, object? fallback, BindContext context) =>
        context.Expand(new ScalarNode(YamlText.Flow(node), Plain: false, node.Origin), path);

    /// <inheritdoc/>
    public override YamlNode Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        new ScalarNode((string)value, Plain: false, OriginOf(origins, path));

    /// <inheritdoc/>
    public override JsonObject Schema() => [];
}
