using Mono.Cecil;

namespace Mimir.Architecture.Tests;

/// <summary>An update mode is a folder under <c>Mimir.Dist/Updates</c>; nobody else asks which one runs.</summary>
public sealed class UpdateModeTests
{
    private const string Updates = "Mimir.Dist.Updates";

    [Fact]
    public void No_type_outside_Updates_names_a_mode()
    {
        var modes = Code.Product.Single(assembly => assembly.Name.Name == "Mimir.Dist").MainModule.GetTypes()
            .Where(type => !type.IsAbstract && IsMode(type)).Select(type => type.FullName).ToHashSet();
        Assert.True(modes.Count >= 10, $"expected the options and the implementations of five modes, found {string.Join(", ", modes)}");

        var namers =
            from assembly in Code.Product
            from type in Code.WrittenTypes(assembly)
            where !type.Namespace.StartsWith(Updates, StringComparison.Ordinal)
            from used in Code.Uses(type)
            where modes.Contains(used.FullName)
            select $"{type.FullName} names {used.FullName}";

        Rule.Holds(namers.Distinct());
    }

    private static bool IsMode(TypeDefinition type) => type.Interfaces.Any(i => i.InterfaceType.FullName == $"{Updates}.IUpdateMode")
        || Bases(type).Any(parent => parent.FullName is $"{Updates}.UpdateOptions" or $"{Updates}.IUpdateMode");

    private static IEnumerable<TypeDefinition> Bases(TypeDefinition type)
    {
        for (var parent = type.BaseType is null ? null : Code.Find(type.BaseType); parent is not null; parent = parent.BaseType is null
            ? null : Code.Find(parent.BaseType))
            yield return parent;
    }
}
