namespace Mimir.Config;

/// <summary>Something that is wrong with a recipe.</summary>
/// <param name="Path">The key, with dots.</param>
/// <param name="Origin">Where the value comes from.</param>
/// <param name="Message">What is wrong, and what to do.</param>
public sealed record RecipeFinding(string Path, ValueOrigin Origin, string Message)
{
    /// <summary>The finding as one line with its place in front.</summary>
    public override string ToString() =>
        Origin.Kind == OriginKind.Default ? Message : $"{Origin.Place}: {Message}";
}
