using System.Globalization;
using System.Reflection;

namespace Mimir.Base.Options;

/// <summary>Makes a property of an options record an option of recipes, Kaldi's programs or the command line.</summary>
/// <remarks>
/// Each fact is said once: the attribute has the name and the range, the property's initial value is the default, and its XML
/// summary is the description that help texts, the JSON schema and docs/recipes.md show. So a summary says what the option
/// means, its unit and its special values in one or two short sentences, and never repeats the default.
/// </remarks>
/// <param name="name">The name as users write it, in Kaldi's spelling where Kaldi has the option: <c>num-mel-bins</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string name) : Attribute
{
    /// <summary>Gets the name as users write it.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the smallest value allowed.</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Gets the largest value allowed.</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>True when <see cref="Min"/> itself is out of range.</summary>
    public bool MinExcluded { get; init; }

    /// <summary>True when <see cref="Max"/> itself is out of range.</summary>
    public bool MaxExcluded { get; init; }

    /// <summary>
    /// Gets the option without which this one has no effect, so that giving it alone is an error of Kaldi's programs; null for none.
    /// </summary>
    public string? Needs { get; init; }

    /// <summary>True when the option has to be given.</summary>
    public bool Required { get; init; }

    /// <summary>
    /// Gets the words for a value in messages and references, such as <c>a list of layers</c>; null takes them from type and range.
    /// </summary>
    public string? Expected { get; init; }

    /// <summary>Gets the range in words, such as <c>0 to 1</c> or <c>above 0</c>; <c>a finite number</c> where there is none.</summary>
    public string Range => (double.IsFinite(Min), double.IsFinite(Max)) switch
    {
        (true, true) when !MinExcluded && !MaxExcluded => string.Create(CultureInfo.InvariantCulture, $"{Min} to {Max}"),
        (true, true) => $"{Least} and {Most}",
        (true, false) => Least,
        (false, true) => Most,
        _ => "a finite number",
    };

    private string Least => MinExcluded
        ? string.Create(CultureInfo.InvariantCulture, $"above {Min}")
        : string.Create(CultureInfo.InvariantCulture, $"{Min} or more");

    private string Most => string.Create(CultureInfo.InvariantCulture, $"{(MaxExcluded ? "below" : "at most")} {Max}");

    /// <summary>True when a value lies within the range.</summary>
    /// <param name="value">The value; NaN lies within no range.</param>
    public bool Allows(double value) =>
        (MinExcluded ? value > Min : value >= Min) && (MaxExcluded ? value < Max : value <= Max);
}

/// <summary>Makes the options of a nested record options of the record that has it, as Kaldi registers them.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IncludeOptionsAttribute : Attribute;

/// <summary>Gives the members of an enum the names that users write; without it a member is named in kebab case.</summary>
/// <param name="name">The name as users write it.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class ChoiceAttribute(string name) : Attribute
{
    /// <summary>Gets the name as users write it.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// Registers a kind of an abstract options record: in a recipe the one key of the mapping names the kind, as in
/// <c>update: {bmuf: {…}}</c>.
/// </summary>
/// <param name="name">The key that names the kind.</param>
/// <param name="type">The record; it derives from the one that has the attribute.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class KindAttribute(string name, Type type) : Attribute
{
    /// <summary>Gets the key that names the kind.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the record.</summary>
    public Type Type { get; } = type;

    /// <summary>The key that names the kind of a record; null for a record that is registered nowhere.</summary>
    /// <param name="record">The record.</param>
    public static string? NameOf(object record)
    {
        for (var root = record.GetType().BaseType; root is not null; root = root.BaseType)
        {
            if (root.GetCustomAttributes<KindAttribute>(inherit: false).FirstOrDefault(kind => kind.Type == record.GetType()) is { } kind)
                return kind.Name;
        }

        return null;
    }
}
