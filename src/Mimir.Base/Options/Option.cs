using System.Collections.Concurrent;
using System.Reflection;
using System.Text;

namespace Mimir.Base.Options;

/// <summary>One option of an options record, read from its property: name, type, range, description, access.</summary>
/// <param name="Property">The property; it has an <see cref="OptionAttribute"/>.</param>
/// <param name="Attribute">The property's attribute.</param>
/// <param name="Path">The properties that lead to the nested record that has it; none for the record's own options.</param>
public sealed record Option(PropertyInfo Property, OptionAttribute Attribute, IReadOnlyList<PropertyInfo> Path)
{
    private static readonly MethodInfo MemberwiseCopy =
        typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Option>> Known = new();

    /// <summary>Gets the name as users write it.</summary>
    public string Name => Attribute.Name;

    /// <summary>Gets the type of the value, without the question mark of a nullable one.</summary>
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Gets the description: the property's XML summary as plain text.</summary>
    public string Description => XmlDocs.Summary(Property);

    /// <summary>Gets the word for the type of the value in help texts: bool, int, float or string.</summary>
    public string TypeName => OptionText.TypeName(Type);

    /// <summary>The options of a record type, those of its base types first, each type's in the order of its source.</summary>
    /// <param name="type">The record.</param>
    public static IReadOnlyList<Option> Of(Type type) => Known.GetOrAdd(type, static type => Read(type, []));

    /// <summary>The option of a record type with a name.</summary>
    /// <param name="type">The record.</param>
    /// <param name="name">The name as users write it.</param>
    /// <param name="kind">The kind of option for the message, such as <c>fbank</c>.</param>
    /// <exception cref="InputException">There is no such option; the message names the nearest.</exception>
    public static Option Find(Type type, string name, string kind)
    {
        var options = Of(type);
        return options.FirstOrDefault(option => option.Name == name) ?? throw new InputException(
            $"unknown {kind} option '{name}'; the nearest is '{options.MinBy(option => Spelling.Distance(option.Name, name))?.Name}'");
    }

    /// <summary>A copy of a record with one option set from text.</summary>
    /// <param name="options">The record; it stays as it is.</param>
    /// <param name="name">The name of the option.</param>
    /// <param name="text">The value as text.</param>
    /// <param name="kind">The kind of option for the message, such as <c>fbank</c>.</param>
    /// <exception cref="InputException">There is no such option, or the text is no such value, or it is out of range.</exception>
    public static T Set<T>(T options, string name, string text, string kind)
        where T : notnull => Find(options.GetType(), name, kind).With(options, text);

    /// <summary>Checks that all values of a record lie in the ranges of their attributes.</summary>
    /// <param name="options">The record.</param>
    /// <exception cref="InputException">A value is out of range; the message names the option.</exception>
    public static void CheckRanges(object options)
    {
        foreach (var option in Of(options.GetType()))
            OptionText.CheckRange(option, option.Get(options));
    }

    /// <summary>The value in a record.</summary>
    /// <param name="options">The record.</param>
    public object? Get(object options) => Property.GetValue(Owner(options));

    /// <summary>Sets the value in place, also of an init-only property; only for a record that is being made.</summary>
    /// <param name="options">The record.</param>
    /// <param name="value">The value, of the property's type.</param>
    public void Set(object options, object? value) => Property.SetValue(Owner(options), value);

    /// <summary>The value in a record as users write it.</summary>
    /// <param name="options">The record.</param>
    public string Format(object options) => OptionText.Format(Get(options));

    /// <summary>A copy of a record with the value that a text gives.</summary>
    /// <param name="options">The record; it stays as it is.</param>
    /// <param name="text">The value as text.</param>
    /// <exception cref="InputException">The text is no such value, or it is out of range; the message names the option.</exception>
    public T With<T>(T options, string text)
        where T : notnull => WithValue(options, OptionText.Parse(this, text));

    /// <summary>A copy of a record with another value.</summary>
    /// <param name="options">The record; it stays as it is.</param>
    /// <param name="value">The value, of the property's type.</param>
    public T WithValue<T>(T options, object? value)
        where T : notnull
    {
        var copy = Copy(options);
        var owner = copy;
        foreach (var property in Path)
        {
            var nested = Copy(property.GetValue(owner) ?? throw new InvalidOperationException($"{property.Name} is null"));
            property.SetValue(owner, nested);
            owner = nested;
        }

        Property.SetValue(owner, value);
        return (T)copy;
    }

    /// <summary>The name of an enum's member as users write it.</summary>
    /// <param name="member">The member.</param>
    public static string NameOf(Enum member)
    {
        var name = member.ToString();
        return member.GetType().GetField(name)?.GetCustomAttribute<ChoiceAttribute>()?.Name ?? KebabCase(name);
    }

    private static object Copy(object options) => MemberwiseCopy.Invoke(options, null)!;

    private object Owner(object options) => Path.Aggregate(options, (owner, property) =>
        property.GetValue(owner) ?? throw new InvalidOperationException($"{property.DeclaringType?.Name}.{property.Name} is null"));

    private static List<Option> Read(Type type, IReadOnlyList<PropertyInfo> path)
    {
        var chain = new Stack<Type>();
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
            chain.Push(t);

        var options = new List<Option>();
        foreach (var declared in chain)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (var property in declared.GetProperties(Own).OrderBy(property => property.MetadataToken))
            {
                if (property.IsDefined(typeof(IncludeOptionsAttribute)))
                    options.AddRange(Read(property.PropertyType, [.. path, property]));
                if (property.GetCustomAttribute<OptionAttribute>() is not { } attribute)
                    continue;

                // An override takes the place of what it overrides.
                var index = options.FindIndex(option => option.Name == attribute.Name);
                if (index < 0)
                    options.Add(new(property, attribute, path));
                else
                    options[index] = new(property, attribute, path);
            }
        }

        return options;
    }

    private static string KebabCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
