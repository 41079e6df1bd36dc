using Mono.Cecil;

namespace Mimir.Architecture.Tests;

/// <summary>TorchSharp's objects live as long as the calls that use them.</summary>
public sealed class TorchSharpTests
{
    [Fact]
    public void No_number_becomes_a_scalar_in_passing()
    {
        var conversions =
            from assembly in Code.Users
            from type in assembly.MainModule.GetTypes()
            where Code.Owner(type).FullName != "Mimir.Core.Tensors.Scalars"
            from method in type.Methods
            from instruction in Code.Instructions(method)
            where instruction.Operand is MethodReference { ReturnType.FullName: "TorchSharp.Scalar" } called
                && called.DeclaringType.Namespace == "TorchSharp"
            select $"{Code.Owner(type).FullName}.{method.Name}: write Scalars.Of(number)";

        Rule.Holds(conversions.Distinct());
    }

    [Fact]
    public void No_operation_is_called_that_makes_a_scalar_in_passing_itself()
    {
        var library = Code.Users.SelectMany(assembly => assembly.MainModule.AssemblyReferences)
            .Where(reference => reference.Name == "TorchSharp").Take(1)
            .Select(reference => Code.Users[0].MainModule.AssemblyResolver.Resolve(reference)).Single();
        var methods = library.MainModule.GetTypes().SelectMany(type => type.Methods).ToList();
        var careless = methods.Where(MakesScalar).Select(method => method.FullName).ToHashSet();
        for (var before = 0; before < careless.Count;)
        {
            before = careless.Count;
            careless.UnionWith(methods.Where(method => PassesOnTo(method, careless)).Select(method => method.FullName).ToList());
        }

        Assert.Contains(careless, name => name.Contains("::add_(", StringComparison.Ordinal));

        var calls =
            from assembly in Code.Users
            from type in assembly.MainModule.GetTypes()
            from method in type.Methods
            from called in Code.Instructions(method).Select(instruction => instruction.Operand).OfType<MethodReference>()
            where careless.Contains(called.FullName)
            select $"{Code.Owner(type).FullName}.{method.Name}: {called.Name} makes a scalar that the collector may take while it is "
                + "used; write the operation of TensorArithmetic";

        Rule.Holds(calls.Distinct());
    }

    private static bool MakesScalar(MethodDefinition method) =>
        Code.Instructions(method).Any(instruction => instruction.Operand is MethodReference { ReturnType.FullName: "TorchSharp.Scalar" })
        && !Code.Instructions(method).Any(instruction => instruction.Operand is MethodReference { Name: "Dispose" });

    // Short methods, such as operators, that do nothing else.
    private static bool PassesOnTo(MethodDefinition method, HashSet<string> careless) =>
        Code.Instructions(method).Count() is > 0 and <= 8
        && Code.Instructions(method).Any(instruction =>
            instruction.Operand is MethodReference called && careless.Contains(called.FullName));
}
