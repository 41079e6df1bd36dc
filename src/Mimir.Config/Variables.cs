using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Mimir.Config;

/// <summary>
/// The variables <c>${NAME}</c> and <c>${NAME:-default}</c> of files; a default given once holds for all. Before
/// YAML is parsed each becomes a placeholder of private-use characters, because braces have a meaning in YAML;
/// when a value is bound the placeholder becomes the variable's value. <c>$${NAME}</c> is a literal <c>${NAME}</c>.
/// </summary>
internal sealed partial class Variables(Func<string, string?> environment)
{
    private const char Opening = '\uE000';
    private const char Closing = '\uE001';
    private const char EscapedOpening = '\uE002';
    private const char EscapedClosing = '\uE003';

    private readonly List<(string Name, string? Default)> _used = [];
    private readonly Dictionary<string, string> _given = [];

    /// <summary>True when text holds the characters that stand for variables.</summary>
    public static bool Clashes(string text) => text.AsSpan().ContainsAnyInRange(Opening, EscapedClosing);

    /// <summary>Gives a variable a value that takes precedence over the environment's.</summary>
    public void Give(string name, string value) => _given[name] = value;

    /// <summary>True when a file that was read so far refers to the variable.</summary>
    public bool IsUsed(string name) => _used.Exists(variable => variable.Name == name);

    /// <summary>Puts placeholders in the place of variables; lines stay where they are.</summary>
    public string Protect(string yaml) => Reference().Replace(yaml, match =>
    {
        if (match.Groups["literal"] is { Success: true } literal)
            return $"{EscapedOpening}{literal.Value}{EscapedClosing}";
        if (match.Value == "$${")
            return $"{EscapedOpening}";

        _used.Add((match.Groups["name"].Value, match.Groups["default"] is { Success: true } group ? group.Value : null));
        return $"{Opening}{(_used.Count - 1).ToString(CultureInfo.InvariantCulture)}{Closing}";
    });

    /// <summary>The text as the file has it, for messages.</summary>
    public string Unprotect(string text) =>
        Replace(text, index => Source(_used[index])).Replace($"{EscapedOpening}", "$${").Replace($"{EscapedClosing}", "}");

    /// <summary>Replaces the placeholders of a value.</summary>
    /// <param name="text">The value with placeholders.</param>
    /// <param name="origin">Its origin; names the variables afterwards.</param>
    /// <param name="missing">Takes the name of each variable that has neither a value nor a default.</param>
    public string Expand(string text, ref ValueOrigin origin, Action<string> missing)
    {
        if (!text.Contains(Opening) && !text.Contains(EscapedOpening))
            return text;

        var notes = new List<string>();
        var kind = origin.Kind;
        var expanded = Replace(text, index =>
        {
            var name = _used[index].Name;
            var otherwise = _used[index].Default ?? DefaultOf(name);
            if (_given.TryGetValue(name, out var given))
            {
                notes.Add($"{name} from --set");
                kind = OriginKind.Override;
                return given;
            }

            if (environment(name) is { Length: > 0 } value)
            {
                notes.Add($"{name} from the environment");
                kind = kind == OriginKind.Override ? kind : OriginKind.Environment;
                return value;
            }

            if (otherwise is null)
                missing(name);
            notes.Add($"{name} is not set");
            return otherwise ?? "";
        });
        if (notes.Count > 0)
            origin = origin with { Kind = kind, Note = string.Join(", ", notes.Distinct()) };
        return expanded.Replace($"{EscapedOpening}", "${").Replace($"{EscapedClosing}", "}");
    }

    private string? DefaultOf(string name) =>
        _used.Find(variable => variable.Name == name && variable.Default is not null).Default;

    private static string Replace(string text, Func<int, string> value)
    {
        var result = new StringBuilder();
        var at = 0;
        while (text.IndexOf(Opening, at) is var start and >= 0)
        {
            var end = text.IndexOf(Closing, start);
            result.Append(text, at, start - at);
            result.Append(value(int.Parse(text.AsSpan(start + 1, end - start - 1), CultureInfo.InvariantCulture)));
            at = end + 1;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static string Source((string Name, string? Default) variable) =>
        variable.Default is null ? $"${{{variable.Name}}}" : $"${{{variable.Name}:-{variable.Default}}}";

    [GeneratedRegex(
        @"\$\$\{(?<literal>[^}\n]*)\}|\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}\n]*))?\}",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Reference();
}
