using System.Reflection;
using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Core.Blocks;
using Mimir.Core.Optimisers;

namespace Mimir.Core.Tests.Blocks;

/// <summary>The options of blocks and optimisers as recipes see them.</summary>
public sealed class BlockSpecTests
{
    public static TheoryData<Type> Records => [.. Registered(), typeof(SgdOptions), typeof(AdamOptions)];

    [Theory]
    [MemberData(nameof(Records))]
    public void Options_have_a_description_and_a_default_within_their_range(Type record)
    {
        var defaults = Defaults(record);

        Assert.All(Option.Of(record), option =>
        {
            Assert.NotEqual("", option.Description);
            if (!option.Attribute.Required && option.Get(defaults) is int or float or double)
                Assert.True(option.Attribute.Allows(Convert.ToDouble(option.Get(defaults))), $"{record.Name}: {option.Name}");
        });
    }

    [Fact]
    public void Every_block_is_registered_once() => Assert.Equal(
        typeof(BlockSpec).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(BlockSpec))).OrderBy(type => type.Name),
        Registered().OrderBy(type => type.Name));

    private static IEnumerable<Type> Registered() =>
        typeof(BlockSpec).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(derived => derived.DerivedType);

    // Positional parameters get the zero of their type.
    private static object Defaults(Type record)
    {
        var constructor = record.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter =>
            parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null)]);
    }
}
