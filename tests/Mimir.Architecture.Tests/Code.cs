using Mono.Cecil;
using Mono.Cecil.Cil;

// Mono.Cecil reads assemblies when they are asked for, and not from several threads.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Mimir.Architecture.Tests;

/// <summary>The compiled projects: their types, and which members of each other they use.</summary>
internal static class Code
{
    private static readonly DefaultAssemblyResolver Resolver = MakeResolver();

    /// <summary>Gets the assemblies of <c>src/</c>.</summary>
    public static IReadOnlyList<AssemblyDefinition> Product { get; } = [.. Load("Mimir.*.dll").Where(IsProduct), .. Load("mimir.dll")];

    /// <summary>Gets the assemblies of <c>src/</c>, <c>bench/</c> and <c>samples/</c>: all that has a right to use a member.</summary>
    public static IReadOnlyList<AssemblyDefinition> Users { get; } = [.. Load("Mimir.*.dll").Where(IsNoTest), .. Load("mimir.dll")];

    /// <summary>The types that people have written, with nested ones.</summary>
    public static IEnumerable<TypeDefinition> WrittenTypes(AssemblyDefinition assembly) =>
        assembly.MainModule.GetTypes().Where(type => Owner(type) == type && type.Namespace.StartsWith("Mimir", StringComparison.Ordinal));

    /// <summary>The type whose source a type stems from: the same, or the outermost one of lambdas, iterators and nested types.</summary>
    public static TypeDefinition Owner(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;

        return type;
    }

    /// <summary>
    /// The types that a type's source names, those of its nested types included. A registration of kinds does not count: it lists
    /// what depends on the type.
    /// </summary>
    public static IEnumerable<TypeReference> Uses(TypeDefinition type)
    {
        IEnumerable<TypeReference?> own =
        [
            type.BaseType, .. type.Interfaces.Select(i => i.InterfaceType), .. type.Fields.Select(field => field.FieldType),
            .. type.CustomAttributes.Where(attribute => !IsRegistration(attribute)).SelectMany(Attributes),
            .. type.Methods.SelectMany(Signature), .. type.Methods.SelectMany(Instructions).SelectMany(Operands),
        ];
        return own.OfType<TypeReference>().SelectMany(Parts).Concat(type.NestedTypes.SelectMany(Uses));
    }

    /// <summary>The instructions of a method.</summary>
    public static IEnumerable<Instruction> Instructions(MethodDefinition method) => method.HasBody ? method.Body.Instructions : [];

    /// <summary>The definition behind a reference; null for one outside the product.</summary>
    public static TypeDefinition? Find(TypeReference reference) =>
        reference.Scope?.Name is { } scope
            && (scope.StartsWith("Mimir", StringComparison.Ordinal) || scope.StartsWith("mimir", StringComparison.Ordinal))
            ? reference.Resolve()
            : null;

    private static IEnumerable<TypeReference?> Signature(MethodDefinition method) =>
    [
        method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType),
        .. method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : [],
        .. method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
    ];

    private static bool IsRegistration(CustomAttribute attribute) =>
        attribute.AttributeType.Name is "KindAttribute" or "JsonDerivedTypeAttribute";

    private static IEnumerable<TypeReference?> Attributes(CustomAttribute attribute) =>
    [
        attribute.AttributeType,

        // A registration of kinds names records that derive from its own: the one line that points the other way.
        .. attribute.AttributeType.Name == "KindAttribute"
            ? []
            : attribute.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>(),
    ];

    private static IEnumerable<TypeReference?> Operands(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Prepend(generic.ElementType),
        FunctionPointerType function =>
            [.. Parts(function.ReturnType), .. function.Parameters.SelectMany(parameter => Parts(parameter.ParameterType))],
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        GenericParameter => [],
        _ => [type],
    };

    private static IEnumerable<AssemblyDefinition> Load(string pattern) => Directory.EnumerateFiles(AppContext.BaseDirectory, pattern)
        .Select(file => AssemblyDefinition.ReadAssembly(file, new ReaderParameters { AssemblyResolver = Resolver }));

    private static bool IsNoTest(AssemblyDefinition assembly) => !assembly.Name.Name.EndsWith(".Tests", StringComparison.Ordinal);

    private static bool IsProduct(AssemblyDefinition assembly) =>
        IsNoTest(assembly) && assembly.Name.Name != "Mimir.Bench"
            && !assembly.Name.Name.StartsWith("Mimir.Samples", StringComparison.Ordinal);

    private static DefaultAssemblyResolver MakeResolver()
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        return resolver;
    }
}
