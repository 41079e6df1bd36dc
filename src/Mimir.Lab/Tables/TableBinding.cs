using System.Text.Json.Nodes;
using Mimir.Config;

namespace Mimir.Lab.Tables;

/// <summary>Every key of a <c>table.yaml</c>.</summary>
internal static class TableBinding
{
    private static readonly ValueKind<IReadOnlyDictionary<string, string>> Set =
        new MapKind<string>(new YamlValue(), "", "a map of recipe keys to values, such as train.optimiser.sgd.rate: 0.004");

    private static readonly ValueKind<WorkerShape> Shape = new ScalarKind<WorkerShape>(
        "workers as machines x devices, such as 8x2, or 4 for one machine", WorkerShape.TryParse, shape => shape.ToString(),
        () => new JsonObject { ["type"] = new JsonArray("string", "number") });

    private static readonly string[] ModeNames = ["sync", "ma", "bmuf", "asgd", "two-tier"];

    private static readonly ValueKind<string> Mode = Kinds.Choice([.. ModeNames.Select(name => (name, name))]);

    private static readonly Section<TableMode> ModeChange = new(new(), new()
    {
        { "set", m => m.Set, (m, v) => m with { Set = v }, Set, "What the mode changes in every recipe." },
    });

    private static readonly Section<ReportedSpeed> Reported = new(new(), new()
    {
        { "speed-up", r => r.SpeedUp, (r, v) => r with { SpeedUp = v }, Kinds.Positive, "How many times faster than one device.", true },
        { "by", r => r.By, (r, v) => r with { By = v }, Kinds.Text, "Who reported it." },
    });

    private static readonly Section<TableRecipe> Recipe = new(new(), new()
    {
        { "file", r => r.File, (r, v) => r with { File = v }, Kinds.Path, "The recipe, relative to the table.", true },
        { "set", r => r.Set, (r, v) => r with { Set = v }, Set, "What the table changes in it." },
        {
            "frames-per-second", r => r.FramesPerSecond, (r, v) => r with { FramesPerSecond = v }, new OptionalNumber<double>(Kinds.Positive),
            "Training frames a second of one device; without it the cluster file's."
        },
        {
            "workers", r => r.Workers, (r, v) => r with { Workers = v }, new ListKind<WorkerShape>(Shape, default, "a list of workers, such as [1, 4x2]"),
            "The numbers of workers; 1 is the row that the others are compared with.", true
        },
        {
            "modes", r => r.Modes, (r, v) => r with { Modes = v }, new ListKind<string>(Mode, "", "a list of update modes, such as [sync, bmuf]"),
            "The update modes of several workers."
        },
        {
            "reported", r => r.Reported, (r, v) => r with { Reported = v }, new MapKind<ReportedSpeed>(Reported, new(), "a map of workers to speed-ups"),
            "Speed-ups that others have reported, by workers."
        },
    });

    private static readonly Section<TableChange> Change = new(new(), new()
    {
        { "recipe", c => c.Recipe, (c, v) => c with { Recipe = v }, new OptionalKind<string>(Kinds.Name, ""), "The recipe; without it all." },
        { "workers", c => c.Workers, (c, v) => c with { Workers = v }, new OptionalNumber<WorkerShape>(Shape), "The workers; without them all." },
        { "mode", c => c.Mode, (c, v) => c with { Mode = v }, new OptionalKind<string>(Mode, ""), "The update mode; without it all." },
        { "set", c => c.Set, (c, v) => c with { Set = v }, Set, "What these rows change." },
    });

    /// <summary>Gets the table as a whole.</summary>
    public static Section<TableDefinition> Root { get; } = new(new(), new()
    {
        { "name", t => t.Name, (t, v) => t with { Name = v }, Kinds.Name, "The table's name, which also names its folder.", true },
        { "seed", t => t.Seed, (t, v) => t with { Seed = v }, Kinds.Seed, "The seed of every row." },
        { "cluster", t => t.Cluster, (t, v) => t with { Cluster = v }, Kinds.Path, "The cluster file, relative to the table.", true },
        {
            "clusters", t => t.Clusters, (t, v) => t with { Clusters = v }, new MapKind<string>(Kinds.Path, "", "a map of workers to cluster files"),
            "Other cluster files for some workers."
        },
        {
            "modes", t => t.Modes, (t, v) => t with { Modes = v }, new MapKind<TableMode>(ModeChange, new(), "a map of update modes"),
            "What update modes change in every recipe."
        },
        {
            "recipes", t => t.Recipes, (t, v) => t with { Recipes = v }, new MapKind<TableRecipe>(Recipe, new(), "a map of recipes"),
            "The recipes by name.", true
        },
        {
            "rows", t => t.Rows, (t, v) => t with { Rows = v }, new ListKind<TableChange>(Change, new(), "a list of rows"),
            "What single rows change, and rows besides."
        },
    });

    /// <summary>Gets the update modes that a table may name.</summary>
    public static IReadOnlyList<string> Modes => ModeNames;

    /// <summary>Any value, kept as the YAML of an override.</summary>
    private sealed class YamlValue : ValueKind<string>
    {
        public override string Description => "a value";

        public override string Read(RecipeNode node, string path, string fallback, BindContext context) =>
            context.Expand(new ScalarNode(YamlText.Flow(node), Plain: false, node.Origin), path);

        public override RecipeNode Write(string value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
            new ScalarNode(value, Plain: false, OriginOf(origins, path));

        public override JsonObject Schema() => [];
    }
}
