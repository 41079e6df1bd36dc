using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Mimir.Base.Options;

/// <summary>The XML documentation of types and properties, from the files that the compiler writes beside the assemblies.</summary>
public static partial class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    /// <summary>The summary of a property or type as plain text; empty where the file or the summary is missing.</summary>
    /// <param name="member">A property or a type.</param>
    public static string Summary(MemberInfo member)
    {
        var (assembly, id) = member switch
        {
            Type type => (type.Assembly, $"T:{Name(type)}"),
            { DeclaringType: { } owner } => (owner.Assembly, $"{(member is FieldInfo ? 'F' : 'P')}:{Name(owner)}.{member.Name}"),
            _ => throw new ArgumentException($"expected a type, a property or a field, got {member}", nameof(member)),
        };
        var members = Files.GetOrAdd(assembly, Read);
        if (members.TryGetValue(id, out var entry) && entry.Element("summary") is { } summary)
            return Text(summary);

        // An override without a summary of its own has that of its base.
        if (entry?.Element("inheritdoc") is not null && member.DeclaringType?.BaseType?.GetProperty(member.Name) is { } inherited)
            return Summary(inherited);

        // The positional parameters of a record are documented where it is declared.
        return member is { DeclaringType: { } record } && members.TryGetValue($"T:{Name(record)}", out var type2)
            && type2.Elements("param").FirstOrDefault(param => param.Attribute("name")?.Value == member.Name) is { } parameter
                ? Text(parameter)
                : "";
    }

    // A generic record is documented as its definition.
    private static string Name(Type type)
    {
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return (definition.FullName ?? definition.Name).Replace('+', '.');
    }

    private static IReadOnlyDictionary<string, XElement> Read(Assembly assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        return File.Exists(path)
            ? XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")?.Value ?? "")
            : new Dictionary<string, XElement>();
    }

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement reference => Reference(reference),
                _ => "",
            });
        }

        return Spaces().Replace(text.ToString(), " ").Trim();
    }

    private static string Reference(XElement element)
    {
        var target = element.Attribute("cref")?.Value ?? element.Attribute("langword")?.Value ?? element.Attribute("name")?.Value;
        return element.Value.Length > 0 ? element.Value : target?[(target.LastIndexOf('.') + 1)..] ?? "";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
