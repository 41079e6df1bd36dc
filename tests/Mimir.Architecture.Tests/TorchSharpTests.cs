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
}
