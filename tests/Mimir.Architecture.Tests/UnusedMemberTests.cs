using System.Runtime.CompilerServices;
using Mono.Cecil;

namespace Mimir.Architecture.Tests;

/// <summary>Every member of the product is used by the product, the benchmarks or the samples, or listed with a reason.</summary>
/// <remarks>
/// Use is read from the compiled code, so constants and enum members, which the compiler copies, are not looked at. A property is
/// used when one of its accessors is. What the framework calls by itself (overrides, interface members, operators, finalizers,
/// records' generated members, members of types that serializers or the option binder fill) counts as used.
/// </remarks>
public sealed class UnusedMemberTests
{
    [Fact]
    public void Members_that_nobody_uses_are_listed_with_a_reason()
    {
        var listed = Listed();
        var unused = Unused().Select(Name).Distinct().Order(StringComparer.Ordinal).ToList();

        Rule.Holds(
        [
            .. unused.Where(name => !listed.ContainsKey(name))
                .Select(name => $"{name} is used by nobody: delete it, or list it in unused-members.txt"),
            .. listed.Keys.Except(unused)
                .Select(name => $"{name} is listed in unused-members.txt and is used, or gone: take it off the list"),
            .. listed.Where(entry => entry.Value.Length == 0).Select(entry => $"{entry.Key} is listed without a reason"),
        ]);
    }

    private static IEnumerable<IMemberDefinition> Unused()
    {
        var used = Used();
        foreach (var type in Code.Product.SelectMany(assembly => assembly.MainModule.GetTypes()).Where(IsWritten))
        {
            foreach (var property in type.Properties.Where(property => !IsCalledByOthers(property)))
            {
                if (!Accessors(property).Any(accessor => used.Contains(accessor.FullName)))
                    yield return property;
            }

            foreach (var method in type.Methods.Where(method => IsPlain(method) && !used.Contains(method.FullName)))
                yield return method;
        }
    }

    private static IEnumerable<MethodDefinition> Accessors(PropertyDefinition property) =>
        new[] { property.GetMethod, property.SetMethod }.OfType<MethodDefinition>();

    private static HashSet<string> Used()
    {
        var used = new HashSet<string>();
        foreach (var type in Code.Users.SelectMany(assembly => assembly.MainModule.GetTypes()))
        {
            foreach (var method in type.Methods)
            {
                foreach (var reference in Code.Instructions(method).Select(instruction => instruction.Operand).OfType<MethodReference>())
                {
                    // What a member calls itself is no use of it.
                    if (Code.Find(reference.DeclaringType) is not null && reference.Resolve() is { } definition && definition != method)
                        used.Add(definition.FullName);
                }
            }
        }

        return used;
    }

    private static bool IsWritten(TypeDefinition type) =>
        type.Namespace.StartsWith("Mimir", StringComparison.Ordinal) || type.DeclaringType is { } outer
        && IsWritten(outer) && !type.Name.Contains('<', StringComparison.Ordinal) && !IsGenerated(type);

    private static bool IsPlain(MethodDefinition method) =>
        !method.IsSpecialName && !method.IsConstructor && !method.Name.Contains('<', StringComparison.Ordinal) && !IsGenerated(method)
        && !IsGenerated(method.DeclaringType) && !IsFrameworks(method) && method.Name is not ("Main" or "Finalize") && !method.IsPInvokeImpl
        && !IsOfRecord(method) && method.DeclaringType.BaseType?.Name != nameof(MulticastDelegate);

    private static bool IsCalledByOthers(PropertyDefinition property) =>
        Accessors(property).Any(accessor => IsFrameworks(accessor) || IsGenerated(accessor.DeclaringType))
        || property.CustomAttributes.Any(attribute => attribute.AttributeType.Name is "OptionAttribute" or "IncludeOptionsAttribute")
        || property.CustomAttributes.Any(attribute => attribute.AttributeType.Name.StartsWith("Json", StringComparison.Ordinal))
        || property.Name is "EqualityContract";

    // Overrides and implementations of interfaces are called through what they override.
    private static bool IsFrameworks(MethodDefinition method) => method is { IsVirtual: true, IsAbstract: false, IsNewSlot: false }
        || method.HasOverrides || ImplementsInterface(method) || method.IsUnmanagedExport;

    private static bool ImplementsInterface(MethodDefinition method) => method.IsVirtual && !method.DeclaringType.IsInterface
        && Interfaces(method.DeclaringType).Any(type => type?.Methods.Any(own => own.Name == method.Name) ?? true);

    private static IEnumerable<TypeDefinition?> Interfaces(TypeDefinition type)
    {
        for (var current = type; current is not null; current = current.BaseType is null ? null : current.BaseType.Resolve())
        {
            foreach (var implemented in current.Interfaces)
                yield return implemented.InterfaceType.Resolve();
        }
    }

    private static bool IsOfRecord(MethodDefinition method) =>
        method.Name is "Deconstruct" or "PrintMembers" or "ToString" or "Equals" or "GetHashCode"
            && IsGeneratedOrRecord(method.DeclaringType);

    private static bool IsGeneratedOrRecord(TypeDefinition type) => type.Methods.Any(method => method.Name is "<Clone>$" or "PrintMembers");

    private static bool IsGenerated(ICustomAttributeProvider member) =>
        member.HasCustomAttributes && member.CustomAttributes.Any(attribute =>
        attribute.AttributeType.Name is nameof(CompilerGeneratedAttribute) or "GeneratedCodeAttribute");

    private static string Name(IMemberDefinition member) => $"{member.DeclaringType.FullName.Replace('/', '.')}.{member.Name}";

    private static Dictionary<string, string> Listed([CallerFilePath] string here = "") => File
        .ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "unused-members.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' ', 2))
        .ToDictionary(parts => parts[0], parts => parts.Length > 1 ? parts[1].Trim() : "");
}
