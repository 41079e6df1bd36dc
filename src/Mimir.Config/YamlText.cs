using System.Text;
using System.Text.RegularExpressions;

namespace Mimir.Config;

/// <summary>Writes nodes as YAML with the origin of each value behind it.</summary>
public static partial class YamlText
{
    private const int CommentColumn = 44;

    /// <summary>The node as block YAML, a value a line.</summary>
    internal static string Block(MapNode root)
    {
        var text = new StringBuilder();
        Map(root, "", "", text);
        return text.ToString();
    }

    /// <summary>The node on one line.</summary>
    /// <param name="node">The node.</param>
    public static string Flow(YamlNode node) => node switch
    {
        ScalarNode scalar => Scalar(scalar),
        ListNode list => $"[{string.Join(", ", list.Items.Select(Flow))}]",
        MapNode map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{Key(entry.Key)}: {Flow(entry.Value)}"))}}}",
        _ => throw new ArgumentException("an unknown kind of node", nameof(node)),
    };

    private static void Map(MapNode map, string first, string indent, StringBuilder text)
    {
        var lead = first;
        foreach (var entry in map.Entries)
        {
            Value($"{lead}{Key(entry.Key)}:", entry.Value, indent, text);
            lead = indent;
        }
    }

    private static void Value(string lead, YamlNode value, string indent, StringBuilder text)
    {
        switch (value)
        {
            case MapNode { Entries.Count: > 0 } map:
                text.Append(lead).Append('\n');
                Map(map, indent + "  ", indent + "  ", text);
                break;
            case ListNode list when list.Items.Any(item => item is MapNode):
                text.Append(lead).Append('\n');
                foreach (var item in list.Items)
                    Item(item, indent + "  ", text);
                break;
            default:
                Line($"{lead} {Flow(value)}", value.Origin, text);
                break;
        }
    }

    private static void Item(YamlNode item, string indent, StringBuilder text)
    {
        if (item is MapNode { Entries.Count: > 0 } map)
            Map(map, $"{indent}- ", indent + "  ", text);
        else
            Line($"{indent}- {Flow(item)}", item.Origin, text);
    }

    private static void Line(string content, ValueOrigin origin, StringBuilder text) =>
        text.Append(content.PadRight(CommentColumn)).Append($"  # {Clean().Replace(origin.ToString(), " ")}\n");

    private static string Key(string key) => Scalar(new ScalarNode(key, Plain: false, ValueOrigin.Default));

    private static string Scalar(ScalarNode scalar)
    {
        var text = scalar.Text.Replace("${", "$${");
        var otherwise = scalar.IsNull || !scalar.Plain && Reserved().IsMatch(text);
        return Safe().IsMatch(text) && !otherwise ? text : Quote(text);
    }

    private static string Quote(string text)
    {
        if (!Control().IsMatch(text))
            return $"'{text.Replace("'", "''")}'";

        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            quoted.Append(letter switch
            {
                '"' or '\\' => $"\\{letter}",
                '\n' => "\\n",
                '\t' => "\\t",
                < ' ' or '\u007F' or '\u0085' or '\u2028' or '\u2029' => $"\\u{(int)letter:X4}",
                _ => letter.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    // Text that stays one plain value everywhere, in flow lists too.
    [GeneratedRegex(@"^[A-Za-z0-9_./+\-][A-Za-z0-9_./+\-@%=~:]*(?<!:)$")]
    private static partial Regex Safe();

    // Text that other YAML readers would take for a number, a truth value or nothing, or that begins an item or document.
    [GeneratedRegex(
        @"^([-+.]?[0-9][0-9_.eE+\-:]*|0x[0-9a-fA-F]+|[-+]?\.(inf|nan)|true|false|yes|no|on|off|null|~|y|n|-|---.*|\.\.\.)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();

    [GeneratedRegex(@"[\x00-\x1F\x7F\x85\u2028\u2029]")]
    private static partial Regex Control();

    [GeneratedRegex(@"[\x00-\x1F\x7F\x85\u2028\u2029]+")]
    private static partial Regex Clean();
}
