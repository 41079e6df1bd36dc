using System.Collections;
using System.Globalization;

namespace Mimir.Base.Options;

/// <summary>Option values as text, in Kaldi's spelling: <c>true</c>, <c>0.97</c>, <c>povey</c>, <c>20,10,0</c>.</summary>
public static class OptionText
{
    /// <summary>Reads the value of an option and checks its range.</summary>
    /// <param name="option">The option.</param>
    /// <param name="text">The value as text; for a truth value also <c>t</c>, <c>1</c> or nothing, <c>f</c>, <c>0</c>; the values
    /// of a list have commas between them, and perhaps brackets around them.</param>
    /// <exception cref="InputException">The text is no such value, or the value is out of range; the message names the option,
    /// what is expected and what was given.</exception>
    public static object Parse(Option option, string text)
    {
        var value = ElementType(option.Type) is { } element
            ? ParseList(option.Name, element, text.Trim().TrimStart('[').TrimEnd(']'))
            : Parse(option.Name, option.Type, text);
        CheckRange(option, value);
        return value;
    }

    /// <summary>Writes a value so that <see cref="Parse(Option, string)"/> reads the same.</summary>
    /// <param name="value">A value of an option; null gives an empty text.</param>
    public static string Format(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        Enum member => Option.NameOf(member),
        float or double => ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(',', list.Cast<object?>().Select(Format)),
        _ => throw new ArgumentException($"no text for a value of type {value.GetType().Name}", nameof(value)),
    };

    /// <summary>Checks that a value lies within the range of its option; lists by each of their elements.</summary>
    /// <exception cref="InputException">A number is out of range or not finite.</exception>
    public static void CheckRange(Option option, object? value)
    {
        if (value is IEnumerable list and not string)
        {
            foreach (var element in list)
                CheckRange(option, element);
            return;
        }

        if (value is null or string or bool or Enum or not IConvertible)
            return;

        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number) || !option.Attribute.Allows(number))
            throw Expected(option.Name, option.Attribute.Range, Format(value));
    }

    /// <summary>The name of a type in help texts: bool, int, float or string.</summary>
    internal static string TypeName(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => "string",
        TypeCode.Boolean => "bool",
        TypeCode.Int32 or TypeCode.Int64 or TypeCode.UInt64 => "int",
        TypeCode.Single or TypeCode.Double => "float",
        _ => "string",
    };

    private static object Parse(string name, Type type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        if (type.IsEnum)
            return ParseChoice(name, type, text);

        switch (Type.GetTypeCode(type))
        {
            case TypeCode.String:
                return text;
            case TypeCode.Boolean:
                return ParseFlag(name, text);
            case TypeCode.Int32:
                return int.TryParse(text, NumberStyles.Integer, culture, out var small) ? small : throw Whole(name, text);
            case TypeCode.Int64:
                return long.TryParse(text, NumberStyles.Integer, culture, out var large) ? large : throw Whole(name, text);
            case TypeCode.UInt64:
                return ulong.TryParse(text, NumberStyles.Integer, culture, out var natural) ? natural : throw Whole(name, text);
            case TypeCode.Single:
                return float.TryParse(text, NumberStyles.Float, culture, out var single) && float.IsFinite(single)
                    ? single
                    : throw Quoted(name, "a number", text);
            case TypeCode.Double:
                return double.TryParse(text, NumberStyles.Float, culture, out var real) && double.IsFinite(real)
                    ? real
                    : throw Quoted(name, "a number", text);
            default:
                throw new ArgumentException($"option {name}: a {type.Name} cannot be read from text", nameof(type));
        }
    }

    private static Array ParseList(string name, Type element, string text)
    {
        var parts = text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        var values = Array.CreateInstance(element, parts.Length);
        for (var i = 0; i < parts.Length; i++)
            values.SetValue(Parse(name, element, parts[i]), i);

        return values;
    }

    // Kaldi: nothing after the name means true.
    private static bool ParseFlag(string name, string text) => text.ToLowerInvariant() switch
    {
        "true" or "t" or "1" or "" => true,
        "false" or "f" or "0" => false,
        _ => throw Quoted(name, "true or false", text),
    };

    private static Enum ParseChoice(string name, Type type, string text)
    {
        var members = Enum.GetValues(type).Cast<Enum>().ToArray();
        return members.FirstOrDefault(member => Option.NameOf(member) == text)
            ?? throw Quoted(name, OneOf([.. members.Select(Option.NameOf)]), text);
    }

    private static string OneOf(string[] names) =>
        names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";

    private static Type? ElementType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static InputException Whole(string name, string text) => Quoted(name, "a whole number", text);

    private static InputException Quoted(string name, string expected, string text) => Expected(name, expected, $"'{text}'");

    private static InputException Expected(string name, string expected, string got) => new($"{name}: expected {expected}, got {got}");
}
