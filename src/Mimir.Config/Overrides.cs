using System.Text.RegularExpressions;
using Mimir.Base;

namespace Mimir.Config;

/// <summary>Reads <c>--set key.key=value</c>.</summary>
internal static partial class Overrides
{
    /// <summary>Splits an override into its key and its value.</summary>
    /// <exception cref="InputException">There is no <c>=</c>, or no key before it.</exception>
    public static (string Key, string Value) Split(string text)
    {
        var equals = text.IndexOf('=');
        if (equals < 1 || text[..equals].Split('.').Any(string.IsNullOrWhiteSpace))
            throw new InputException($"--set {text}: expected key.key=value, such as train.optimiser.sgd.rate=0.004");
        return (text[..equals], text[(equals + 1)..]);
    }

    /// <summary>Whether a key can only be meant as a variable's name: capitals and no dot.</summary>
    public static bool IsVariable(string key) => Capitals().IsMatch(key);

    /// <summary>The tree of maps that holds the value under its key.</summary>
    public static MapNode Tree(string text, Variables variables)
    {
        var (key, value) = Split(text);
        var origin = new ValueOrigin(OriginKind.Override, $"--set {text}");
        var node = YamlTree.Parse(value, _ => origin, variables);
        foreach (var part in key.Split('.').Reverse())
            node = new MapNode([new MapEntry(part, origin, node)], origin);
        return (MapNode)node;
    }

    [GeneratedRegex("^[A-Z_][A-Z0-9_]*$")]
    private static partial Regex Capitals();
}
