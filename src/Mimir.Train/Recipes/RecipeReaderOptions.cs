namespace Mimir.Train.Recipes;

/// <summary>What reading a recipe takes besides the file.</summary>
public sealed record RecipeReaderOptions
{
    /// <summary>
    /// Changes from the command line, each <c>key.key=value</c> with the value in YAML (<c>model.0.affine.dim=512</c>), or
    /// <c>VARIABLE=value</c> for a <c>${VARIABLE}</c> in the file. The last one wins.
    /// </summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>Looks up a variable, null when it is not set. The default is the process's environment.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The options of a feature type (<c>fbank</c>). The default knows the extractors' own.</summary>
    public Func<string, IOptionNames?> FeatureOptions { get; init; } = FeatureNames.Of;

    /// <summary>The options of a kind of made corpus (<c>mandarin-digits</c>), or null to take them unchecked.</summary>
    public Func<string, IOptionNames?> SynthOptions { get; init; } = static _ => null;
}

/// <summary>Options that another part of Mimir knows by name, so that a recipe can refuse the ones it does not.</summary>
public interface IOptionNames
{
    /// <summary>Gets the known names.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Says what is wrong with a value.</summary>
    /// <returns>A phrase such as <c>expected a whole number, got 'x'</c>, or null when the value is right.</returns>
    string? Problem(string name, string value);
}
