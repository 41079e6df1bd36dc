using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mimir.Base.Options;

namespace Mimir.Config;

/// <summary>A single value that is read from text.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="description">The words for it: <c>a whole number</c>.</param>
public abstract class ScalarKind<T>(string description) : ValueKind
    where T : notnull
{
    /// <inheritdoc/>
    public sealed override Type Type => typeof(T);

    /// <inheritdoc/>
    public sealed override string Description => description;

    /// <inheritdoc/>
    public sealed override object? Read(YamlNode node, string path, object? fallback, BindContext context)
    {
        if (node is not ScalarNode { IsNull: false } scalar)
            return Refuse(node, path, fallback, context);

        var problems = context.Problems.Count;
        var text = context.Expand(scalar, path);
        if (context.Problems.Count > problems)
            return fallback;
        return TryParse(text, out var value) ? value : Refuse(scalar with { Text = text }, path, fallback, context);
    }

    /// <inheritdoc/>
    public sealed override YamlNode Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins) =>
        new ScalarNode(Format((T)value), Plain: typeof(T) != typeof(string), OriginOf(origins, path));

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = new JsonArray("string", "number", "boolean") };

    /// <summary>Reads a value.</summary>
    /// <returns>False when the text is no such value, or the value is out of range.</returns>
    protected abstract bool TryParse(string text, out T value);

    /// <summary>Writes a value so that <see cref="TryParse"/> reads the same.</summary>
    protected abstract string Format(T value);
}

/// <summary>A text of a certain form.</summary>
/// <param name="description">The words for it.</param>
/// <param name="isRight">True for a text of the form.</param>
public class TextKind(string description, Predicate<string> isRight) : ScalarKind<string>(description)
{
    /// <summary>Creates the kind of any text with at least one character.</summary>
    public TextKind()
        : this("text", text => text.Length > 0)
    {
    }

    /// <inheritdoc/>
    protected sealed override bool TryParse(string text, out string value)
    {
        value = text;
        return isRight(text);
    }

    /// <inheritdoc/>
    protected sealed override string Format(string value) => value;
}

/// <summary>A path of a file or folder.</summary>
public sealed class PathKind() : TextKind("a path", text => text.Length > 0);

/// <summary>A name that can name a folder.</summary>
public sealed partial class NameKind() : TextKind("a name of letters, digits, '-', '_' and '.'", text => Pattern().IsMatch(text))
{
    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.\-]*\z")]
    private static partial Regex Pattern();
}

/// <summary>One of some words.</summary>
/// <param name="words">The words.</param>
public class WordKind(IReadOnlyList<string> words) : TextKind(JsonSchemas.Alternatives(words), words.Contains)
{
    /// <inheritdoc/>
    public override JsonObject Schema() => JsonSchemas.Enumeration(words);
}

/// <summary>True or false.</summary>
internal sealed class FlagKind() : ScalarKind<bool>("true or false")
{
    public override JsonObject Schema() => JsonSchemas.OrVariable(new() { ["type"] = "boolean" });

    // YAML 1.2: other words for a truth value are text.
    protected override bool TryParse(string text, out bool value)
    {
        value = text == "true";
        return value || text == "false";
    }

    protected override string Format(bool value) => value ? "true" : "false";
}

/// <summary>A member of an enum by its name in files.</summary>
internal sealed class EnumKind<T>() : ScalarKind<T>(JsonSchemas.Alternatives(Words))
    where T : struct, Enum
{
    private static readonly T[] Members = Enum.GetValues<T>();
    private static readonly string[] Words = [.. Members.Select(member => Option.NameOf(member))];

    public override JsonObject Schema() => JsonSchemas.Enumeration(Words);

    protected override bool TryParse(string text, out T value)
    {
        var index = Array.IndexOf(Words, text);
        value = Members[Math.Max(index, 0)];
        return index >= 0;
    }

    protected override string Format(T value) => Option.NameOf(value);
}

/// <summary>A whole number within the range of an option.</summary>
internal sealed class WholeKind<T>(OptionAttribute range)
    : ScalarKind<T>(NumberText.Describe("a whole number", range, typeof(T) == typeof(ulong)))
    where T : struct, IConvertible, ISpanParsable<T>
{
    public override JsonObject Schema() => JsonSchemas.Number("integer", range, typeof(T) == typeof(ulong));

    protected override bool TryParse(string text, out T value)
    {
        value = default;
        return text.All(letter => char.IsAsciiDigit(letter) || letter is '+' or '-')
            && T.TryParse(text, CultureInfo.InvariantCulture, out value)
            && range.Allows(value.ToDouble(CultureInfo.InvariantCulture));
    }

    protected override string Format(T value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A finite number within the range of an option.</summary>
internal sealed class DoubleKind(OptionAttribute range) : ScalarKind<double>(NumberText.Describe("a number", range))
{
    public override JsonObject Schema() => JsonSchemas.Number("number", range);

    protected override bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value) && range.Allows(value);

    protected override string Format(double value) => NumberText.Format(value);
}

/// <summary>A finite number of single precision within the range of an option.</summary>
internal sealed class FloatKind(OptionAttribute range) : ScalarKind<float>(NumberText.Describe("a number", range))
{
    public override JsonObject Schema() => JsonSchemas.Number("number", range);

    // The range is that of the number in the file; rounding to single precision may reach an excluded limit.
    protected override bool TryParse(string text, out float value)
    {
        var isRight = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && range.Allows(number);
        value = (float)number;
        return isRight && float.IsFinite(value);
    }

    protected override string Format(float value) => NumberText.Format(value.ToString("R", CultureInfo.InvariantCulture));
}

/// <summary>Numbers as text.</summary>
public static class NumberText
{
    /// <summary>A number in the shortest form that reads back the same, in YAML 1.1 too (<c>1.0e-05</c>).</summary>
    /// <param name="value">The number.</param>
    public static string Format(double value) => Format(value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Gives the exponent of a number the form of YAML 1.1.</summary>
    internal static string Format(string text)
    {
        var exponent = text.IndexOf('E');
        if (exponent < 0)
            return text;

        var mantissa = text[..exponent];
        return $"{mantissa}{(mantissa.Contains('.') ? "" : ".0")}e{text[(exponent + 1)..]}";
    }

    /// <summary>A number with its range in words.</summary>
    /// <param name="what">The word for a number.</param>
    /// <param name="range">The range.</param>
    /// <param name="natural">True where the type has no negative values.</param>
    internal static string Describe(string what, OptionAttribute range, bool natural = false)
    {
        var least = natural ? Math.Max(range.Min, 0) : range.Min;
        var lower = !double.IsFinite(least) ? "" : $" {(range.MinExcluded ? "above" : "from")} {Format(least)}";
        if (!double.IsFinite(range.Max))
            return what + lower;

        var upper = $"{(range.MaxExcluded ? "below " : "")}{Format(range.Max)}";
        return lower.Length == 0 ? $"{what} {(range.MaxExcluded ? "" : "up to ")}{upper}" : $"{what}{lower} to {upper}";
    }
}
