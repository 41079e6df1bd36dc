using System.Text.RegularExpressions;
using Mimir.Base;

namespace Mimir.Config;

/// <summary>Changes of a file's values, and the variables that it may refer to.</summary>
public partial record ReadOptions
{
    /// <summary>
    /// Gets changes from the command line, each <c>key.key=value</c> with the value in YAML (<c>model.0.affine.dim=512</c>), or
    /// <c>VARIABLE=value</c> for a <c>${VARIABLE}</c> in the file. The last one wins.
    /// </summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>Gets the look-up of a variable, null where it is not set. The default is the process's environment.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Splits a change into its key and its value.</summary>
    /// <param name="change">The change.</param>
    /// <exception cref="InputException">There is no <c>=</c>, or no key before it.</exception>
    public static (string Key, string Value) Split(string change)
    {
        var equals = change.IndexOf('=');
        if (equals < 1 || change[..equals].Split('.').Any(string.IsNullOrWhiteSpace))
            throw new InputException($"--set {change}: expected key.key=value, such as train.optimiser.sgd.rate=0.004");
        return (change[..equals], change[(equals + 1)..]);
    }

    /// <summary>True for a change whose key can only be a variable's name: capitals and no dot.</summary>
    /// <param name="change">The change.</param>
    /// <exception cref="InputException">There is no <c>=</c>, or no key before it.</exception>
    public static bool SetsVariable(string change) => Capitals().IsMatch(Split(change).Key);

    /// <summary>The tree of maps that holds the value of a change under its key.</summary>
    internal static MapNode Tree(string change, Variables variables)
    {
        var (key, value) = Split(change);
        var origin = new ValueOrigin(OriginKind.Override, $"--set {change}");
        var node = YamlTree.Parse(value, _ => origin, variables);
        foreach (var part in key.Split('.').Reverse())
            node = new MapNode([new MapEntry(part, origin, node)], origin);
        return (MapNode)node;
    }

    [GeneratedRegex("^[A-Z_][A-Z0-9_]*$")]
    private static partial Regex Capitals();
}
