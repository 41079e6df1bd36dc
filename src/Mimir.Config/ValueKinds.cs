using System.Reflection;
using Mimir.Base.Options;

namespace Mimir.Config;

/// <summary>Finds the kind of an option's value from the type of its property.</summary>
internal static class ValueKinds
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The kind of an option's value.</summary>
    /// <exception cref="InvalidOperationException">The property's type is none that a file can hold.</exception>
    public static ValueKind Of(Option option)
    {
        var custom = option.Property.GetCustomAttribute<ValueKindAttribute>()?.Kind;
        var kind = Of(option.Type, option.Attribute, custom);
        return IsNullable(option.Property) ? new OptionalKind(kind) : kind;
    }

    private static ValueKind Of(Type type, OptionAttribute attribute, ValueKind? custom)
    {
        if (custom is not null && custom.Type == type)
            return custom;
        if (Arguments(type, typeof(IReadOnlyList<>)) is [var item])
            return Create(typeof(ListKind<>), [item], Of(item, Unnamed(attribute), custom), attribute.Expected);
        if (Arguments(type, typeof(IReadOnlyDictionary<,>)) is [var key, var value])
            return Create(typeof(MapKind<,>), [key, value], Of(value, Unnamed(attribute), custom), attribute.Expected);
        if (OneOfKind.HasKinds(type))
            return new OneOfKind(type, attribute.Expected ?? throw Unsupported(type), RecordOption.Of(type));
        if (type.IsEnum)
            return Create(typeof(EnumKind<>), [type]);

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => new TextKind(),
            TypeCode.Boolean => new FlagKind(),
            TypeCode.Int32 => new WholeKind<int>(attribute),
            TypeCode.Int64 => new WholeKind<long>(attribute),
            TypeCode.UInt64 => new WholeKind<ulong>(attribute),
            TypeCode.Single => new FloatKind(attribute),
            TypeCode.Double => new DoubleKind(attribute),
            _ when type.IsClass && !type.IsAbstract => RecordKind.Of(type),
            _ => throw Unsupported(type),
        };
    }

    // The words for a list or map are not those for its items.
    private static OptionAttribute Unnamed(OptionAttribute attribute) => new(attribute.Name)
    {
        Min = attribute.Min,
        Max = attribute.Max,
        MinExcluded = attribute.MinExcluded,
        MaxExcluded = attribute.MaxExcluded,
    };

    private static bool IsNullable(PropertyInfo property)
    {
        lock (Nullability)
            return Nullability.Create(property).WriteState == NullabilityState.Nullable;
    }

    private static Type[] Arguments(Type type, Type generic) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GetGenericArguments() : [];

    private static ValueKind Create(Type generic, Type[] arguments, params object?[] values) =>
        (ValueKind)Activator.CreateInstance(generic.MakeGenericType(arguments), values)!;

    private static InvalidOperationException Unsupported(Type type) => new($"no kind of value is known for {type.Name}");
}
