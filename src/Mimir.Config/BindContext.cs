using Mimir.Base;

namespace Mimir.Config;

/// <summary>A problem of a file.</summary>
/// <param name="Path">The key, with dots.</param>
/// <param name="Origin">The place of the value.</param>
/// <param name="Message">What is wrong, and what to do.</param>
public sealed record Finding(string Path, ValueOrigin Origin, string Message)
{
    /// <summary>A finding at the place of a key, or of the nearest section around it that is in the file.</summary>
    /// <param name="origins">The origins by path.</param>
    /// <param name="path">The key, with dots.</param>
    /// <param name="message">What is wrong, and what to do.</param>
    public static Finding At(IReadOnlyDictionary<string, ValueOrigin> origins, string path, string message)
    {
        var place = path;
        while (place.Length > 0 && !origins.ContainsKey(place))
            place = place.LastIndexOf('.') is var dot and > 0 ? place[..dot] : "";
        return new(path, origins.GetValueOrDefault(place, ValueOrigin.Default), message);
    }

    /// <summary>The finding as one line with its place in front.</summary>
    public override string ToString() => SafeText.Of(Origin.Kind == OriginKind.Default ? Message : $"{Origin.Place}: {Message}");
}

/// <summary>Collects the problems and origins of the values that are bound.</summary>
public sealed class BindContext
{
    private readonly Variables _variables;
    private readonly List<Finding> _problems = [];
    private readonly Dictionary<string, ValueOrigin> _origins = [];

    internal BindContext(Variables variables) => _variables = variables;

    /// <summary>Gets the problems so far.</summary>
    public IReadOnlyList<Finding> Problems => _problems;

    /// <summary>Gets the origin of each value that is not a default, by its path.</summary>
    public IReadOnlyDictionary<string, ValueOrigin> Origins => _origins;

    /// <summary>Records a problem; binding goes on, so that one reading finds all of them.</summary>
    /// <param name="origin">The place of the value.</param>
    /// <param name="path">The key, with dots.</param>
    /// <param name="message">What is wrong, and what to do.</param>
    public void Fail(ValueOrigin origin, string path, string message) => _problems.Add(new(path, origin, message));

    /// <summary>Records the origin of a value.</summary>
    /// <param name="path">The key, with dots.</param>
    /// <param name="origin">The origin.</param>
    public void Note(string path, ValueOrigin origin) => _origins[path] = origin;

    /// <summary>The text of a value with its variables filled in; records the origin under its path.</summary>
    /// <param name="node">The value.</param>
    /// <param name="path">The key, with dots.</param>
    public string Expand(ScalarNode node, string path)
    {
        var origin = node.Origin;
        var text = _variables.Expand(node.Text, ref origin, name => Fail(
            node.Origin,
            path,
            $"the variable {name} is not set ('{path}' needs it): run with {name}=<value> in the environment, "
            + $"or with --set {name}=<value>"));
        Note(path, origin);
        return text;
    }

    /// <summary>The text of a node as its file has it, for messages.</summary>
    /// <param name="node">The node.</param>
    public string Describe(YamlNode node) => _variables.Unprotect(node.Describe());

    /// <summary>The path of a key below another path.</summary>
    /// <param name="path">The path; empty for the top.</param>
    /// <param name="key">The key.</param>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
