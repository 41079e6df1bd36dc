using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mimir.Config;

/// <summary>The kinds of single values that recipes use.</summary>
internal static partial class Kinds
{
    /// <summary>Gets any text with at least one character.</summary>
    public static ValueKind<string> Text { get; } = TextLike("text", text => text.Length > 0);

    /// <summary>Gets a path of a file or folder.</summary>
    public static ValueKind<string> Path { get; } = TextLike("a path", text => text.Length > 0);

    /// <summary>Gets a table specifier of Kaldi's.</summary>
    public static ValueKind<string> Rspecifier { get; } = TextLike(
        "an rspecifier such as scp:table.scp", text => text.StartsWith("scp", StringComparison.Ordinal) && text.Contains(':')
            || text.StartsWith("ark", StringComparison.Ordinal) && text.Contains(':'));

    /// <summary>Gets a name that can name a folder.</summary>
    public static ValueKind<string> Name { get; } =
        TextLike("a name of letters, digits, '-', '_' and '.'", text => NamePattern().IsMatch(text));

    /// <summary>Gets a device.</summary>
    public static ValueKind<string> Device { get; } =
        TextLike("auto, cpu, cuda or cuda:<index>", text => DevicePattern().IsMatch(text));

    /// <summary>Gets a path, or nothing.</summary>
    public static ValueKind<string?> OptionalPath { get; } = new OptionalKind<string>(Path, "");

    /// <summary>Gets true or false.</summary>
    public static ValueKind<bool> Flag { get; } = Choice(("true", true), ("false", false));

    /// <summary>Gets a seed.</summary>
    public static ValueKind<ulong> Seed { get; } = new ScalarKind<ulong>(
        "a whole number from 0",
        (string text, out ulong value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value),
        value => value.ToString(CultureInfo.InvariantCulture),
        () => JsonSchemas.Number("integer", 0, null, open: false));

    /// <summary>A whole number between two limits, both included.</summary>
    public static ValueKind<int> Whole(int least, int most = int.MaxValue) => new ScalarKind<int>(
        most == int.MaxValue ? $"a whole number from {least}" : $"a whole number from {least} to {most}",
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most,
        value => value.ToString(CultureInfo.InvariantCulture),
        () => JsonSchemas.Number("integer", least, most == int.MaxValue ? null : most, open: false));

    /// <summary>A whole number from a limit on, which may be large.</summary>
    public static ValueKind<long> Count(long least) => new ScalarKind<long>(
        $"a whole number from {least}",
        (string text, out long value) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least,
        value => value.ToString(CultureInfo.InvariantCulture),
        () => JsonSchemas.Number("integer", least, null, open: false));

    /// <summary>A number from a lower limit up to an upper one, which an open range leaves out.</summary>
    public static ValueKind<double> Number(
        double least = double.NegativeInfinity, double most = double.PositiveInfinity, bool open = false) =>
        new ScalarKind<double>(
            Range(least, most, open),
            (string text, out double value) =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
                && double.IsFinite(value) && value >= least && (open ? value < most : value <= most),
            FormatNumber,
            () => JsonSchemas.Number("number", Finite(least), Finite(most), open));

    /// <summary>A number above 0.</summary>
    public static ValueKind<double> Positive { get; } = new ScalarKind<double>(
        "a number above 0",
        (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value) && value > 0,
        FormatNumber,
        () => JsonSchemas.OrVariable(new() { ["type"] = "number", ["exclusiveMinimum"] = 0 }));

    /// <summary>One of some words, each standing for a value.</summary>
    public static ValueKind<T> Choice<T>(params (string Word, T Value)[] choices)
        where T : notnull
    {
        var words = choices.Select(choice => choice.Word).ToArray();
        return new ScalarKind<T>(
            Alternatives(words),
            (string text, out T value) =>
            {
                var index = Array.IndexOf(words, text);
                value = choices[Math.Max(index, 0)].Value;
                return index >= 0;
            },
            value => Array.Find(choices, choice => choice.Value.Equals(value)).Word,
            () => typeof(T) == typeof(bool)
                ? JsonSchemas.OrVariable(new() { ["type"] = "boolean" })
                : JsonSchemas.Enumeration(words));
    }

    /// <summary>Words as a message lists them: <c>a, b or c</c>.</summary>
    public static string Alternatives(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.Take(words.Count - 1))} or {words[^1]}";

    /// <summary>A number in the shortest form that reads back the same, in YAML 1.1 too (<c>1.0e-05</c>).</summary>
    public static string FormatNumber(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = text.IndexOf('E');
        if (exponent < 0)
            return text;

        var mantissa = text[..exponent];
        return $"{mantissa}{(mantissa.Contains('.') ? "" : ".0")}e{text[(exponent + 1)..]}";
    }

    private static ScalarKind<string> TextLike(string description, Predicate<string> right) => new(
        description,
        (string text, out string value) =>
        {
            value = text;
            return right(text);
        },
        text => text,
        () => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") });

    private static string Range(double least, double most, bool open) => (Finite(least), Finite(most)) switch
    {
        (null, null) => "a number",
        ({ } from, null) => $"a number from {FormatNumber(from)}",
        (null, { } to) => $"a number up to {FormatNumber(to)}",
        ({ } from, { } to) => $"a number from {FormatNumber(from)} to {(open ? "below " : "")}{FormatNumber(to)}",
    };

    private static double? Finite(double limit) => double.IsFinite(limit) ? limit : null;

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.\-]*$")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^(auto|cpu|cuda(:\d{1,3})?)$")]
    private static partial Regex DevicePattern();
}
