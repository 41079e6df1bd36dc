using Mimir.Base.Options;

namespace Mimir.Config.Tests;

public enum Colour
{
    Red,

    [Choice("deep-blue")]
    Blue,
}

/// <summary>A garden.</summary>
public sealed record Garden
{
    /// <summary>The name of the garden.</summary>
    [Option("name", Required = true), ValueKind<NameKind>]
    public string Name { get; init; } = "";

    /// <summary>The number of trees.</summary>
    [Option("trees", Min = 1, Max = 10)]
    public int Trees { get; init; } = 2;

    /// <summary>The share of shade.</summary>
    [Option("shade", Min = 0, Max = 1, MaxExcluded = true)]
    public double Shade { get; init; } = 0.5;

    /// <summary>The weight of a leaf.</summary>
    [Option("leaf", Min = 0, MinExcluded = true)]
    public float Leaf { get; init; } = 0.1f;

    /// <summary>The seed of the lawn.</summary>
    [Option("seed")]
    public ulong Seed { get; init; } = 7;

    /// <summary>The colour of the fence.</summary>
    [Option("colour")]
    public Colour Colour { get; init; }

    /// <summary>True when it has a gate.</summary>
    [Option("gate")]
    public bool Gate { get; init; }

    /// <summary>The depth of the well, without it none.</summary>
    [Option("well")]
    public double? Well { get; init; }

    /// <summary>The pond.</summary>
    [Option("pond")]
    public Pond? Pond { get; init; }

    /// <summary>The lengths of the paths.</summary>
    [Option("paths", Min = 0, Expected = "a list of lengths")]
    public IReadOnlyList<int> Paths { get; init; } = [1, 2];

    /// <summary>The beds by name.</summary>
    [Option("beds", Expected = "a map of beds")]
    public IReadOnlyDictionary<string, Pond> Beds { get; init; } = new Dictionary<string, Pond>();

    /// <summary>The heights of posts by their numbers.</summary>
    [Option("posts", Expected = "a map of heights by number")]
    public IReadOnlyDictionary<int, double> Posts { get; init; } = new Dictionary<int, double>();

    /// <summary>The owner.</summary>
    [Option("owner", Expected = "an owner")]
    public Owner Owner { get; init; } = new Cat();

    /// <summary>Any other word about it.</summary>
    [OtherKeys]
    public IReadOnlyDictionary<string, string> Others { get; init; } = new Dictionary<string, string>();
}

/// <summary>A pond.</summary>
public sealed record Pond
{
    /// <summary>The depth.</summary>
    [Option("depth", Required = true)]
    public double Depth { get; init; }

    /// <summary>The number of fish.</summary>
    [Option("fish", Min = 0)]
    public int Fish { get; init; } = 3;
}

[Kind("cat", typeof(Cat))]
[Kind("dog", typeof(Dog))]
public abstract record Owner
{
    /// <summary>Its age.</summary>
    [Option("age", Min = 0)]
    public int Age { get; init; } = 1;
}

/// <summary>A cat.</summary>
public sealed record Cat : Owner;

/// <summary>A dog, with the options of its collar.</summary>
public sealed record Dog : Owner
{
    [IncludeOptions]
    public Collar Collar { get; init; } = new(9);
}

public sealed record Collar([property: Option("size", Min = 1)] int Size)
{
    /// <summary>The text on it.</summary>
    [Option("text")]
    public string Text { get; init; } = "home";
}

internal static class Sample
{
    public static ConfigFormat<Garden> Format { get; } = new("garden", "name, trees") { AllowsExtends = true };

    public static Garden Read(string text, params string[] overrides) => Bind(text, overrides).Demand();

    public static Bound<Garden> Bind(string text, params string[] overrides) =>
        Format.Parse(text, "g.yaml", new() { Overrides = overrides, Environment = name => name == "DEPTH" ? "4.5" : null });

    public static IEnumerable<string> Problems(string text, params string[] overrides) =>
        Bind(text, overrides).Problems.Select(problem => problem.ToString());
}
