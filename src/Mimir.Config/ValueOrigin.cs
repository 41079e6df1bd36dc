namespace Mimir.Config;

/// <summary>Who gave a value of a recipe.</summary>
public enum OriginKind
{
    /// <summary>Nobody: it is Mimir's default.</summary>
    Default,

    /// <summary>A recipe file.</summary>
    File,

    /// <summary>A recipe file that refers to a variable of the environment.</summary>
    Environment,

    /// <summary>The command line.</summary>
    Override,
}

/// <summary>Where a value of a recipe comes from.</summary>
/// <param name="Kind">Who gave it.</param>
/// <param name="Place"><c>file:line</c>, <c>--set key=value</c>, or <c>default</c>.</param>
/// <param name="Note">What else is to be said, such as the variables that the value refers to; or null.</param>
public sealed record ValueOrigin(OriginKind Kind, string Place, string? Note = null)
{
    /// <summary>Gets the origin of a value that nobody gave.</summary>
    public static ValueOrigin Default { get; } = new(OriginKind.Default, "default");

    /// <summary>The origin as <c>mimir recipe show</c> prints it behind a value.</summary>
    public override string ToString() => Note is null ? Place : $"{Place}, {Note}";
}
