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
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Option>> Known = new();

    /// <summary>Gets the name as users write it.</summary>
    public string Name => Attribute.Name;

    /// <summary>Gets the type of the value, without the question mark of a nullable one.</summary>
    public Type Type => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    /// <summary>Gets the description: the property's XML summary as plain text.</summary>
    public string Description => XmlDocs.Summary(Property);

    /// <summary>The options of a record type, those of its base types first, each type's in the order of its source.</summary>
    /// <param name="type">The record.</param>
    public static IReadOnlyList<Option> Of(Type type) => Known.GetOrAdd(type, static type => Read(type, []));

    /// <summary>The value in a record.</summary>
    /// <param name="options">The record.</param>
    public object? Get(object options) => Property.GetValue(Owner(options));

    /// <summary>Sets the value in place, also of an init-only property; only for a record that is being made.</summary>
    /// <param name="options">The record.</param>
    /// <param name="value">The value, of the property's type.</param>
    public void Set(object options, object? value) => Property.SetValue(Owner(options), value);

    /// <summary>The name of an enum's member as users write it.</summary>
    /// <param name="member">The member.</param>
    public static string NameOf(Enum member)
    {
        var name = member.ToString();
        return member.GetType().GetField(name)?.GetCustomAttribute<ChoiceAttribute>()?.Name ?? KebabCase(name);
    }

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
