using Mimir.Base;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mimir.Config;

/// <summary>Reads YAML into nodes that know their places; duplicate keys, tags and odd keys are errors.</summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 32;

    private readonly Func<long, ValueOrigin> _place;
    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, YamlNode> _anchors = [];

    private YamlTree(string text, Func<long, ValueOrigin> place)
    {
        _place = place;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Parses one YAML document.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="place">Makes an origin from a line number, counted from 1.</param>
    /// <param name="variables">Takes the variables in the text.</param>
    /// <exception cref="InputException">The text is not one YAML document of maps, lists and values.</exception>
    public static YamlNode Parse(string text, Func<long, ValueOrigin> place, Variables variables)
    {
        if (Variables.Clashes(text))
            throw new InputException($"{place(1).Place}: the characters U+E000 to U+E003 cannot stand in such a file");

        var tree = new YamlTree(variables.Protect(text), place);
        try
        {
            return tree.Document();
        }
        catch (YamlException error)
        {
            var reason = variables.Unprotect(error.Message).TrimEnd('.');
            throw new InputException($"{place(error.Start.Line).Place}: this is not YAML: {reason}", error);
        }
        catch (Exception error) when (error is not InputException)
        {
            // YamlDotNet's scanner answers some broken text with exceptions that have no place.
            var line = tree._parser.Current?.End.Line ?? 1;
            throw new InputException($"{place(line).Place}: this is not YAML, from about here on", error);
        }
    }

    private YamlNode Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out var nothing))
            return new ScalarNode("", Plain: true, Place(nothing));

        _parser.Consume<DocumentStart>();
        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Current is not StreamEnd and { } more)
            throw Error(more, "expected one document, got another after '---'");
        return root;
    }

    private YamlNode Node(int depth)
    {
        var node = _parser.Consume<ParsingEvent>();
        if (depth > MaxDepth)
            throw Error(node, $"the nesting is deeper than {MaxDepth}");

        var result = node switch
        {
            Scalar scalar => new ScalarNode(scalar.Value, scalar.Style == ScalarStyle.Plain, Place(scalar)),
            MappingStart map => Map(map, depth),
            SequenceStart list => List(list, depth),
            AnchorAlias alias => _anchors.GetValueOrDefault(alias.Value)
                ?? throw Error(alias, $"the anchor '&{alias.Value}' is not defined above"),
            _ => throw Error(node, "expected a value"),
        };
        if (node is NodeEvent { Anchor.IsEmpty: false } anchored)
            _anchors[anchored.Anchor] = result;
        return result;
    }

    private MapNode Map(MappingStart start, int depth)
    {
        var entries = new List<MapEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key))
                throw Error(_parser.Current ?? start, "expected a key that is one word");
            if (entries.Find(entry => entry.Key == key.Value) is { } first)
                throw Error(key, $"the key '{key.Value}' stands here twice; the first is at {first.Origin.Place}");
            entries.Add(new MapEntry(key.Value, Place(key), Node(depth + 1)));
        }

        return new MapNode(entries, Place(start));
    }

    private ListNode List(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node(depth + 1));
        return new ListNode(items, Place(start));
    }

    private ValueOrigin Place(ParsingEvent node) => _place(node.Start.Line);

    private InputException Error(ParsingEvent node, string message) => new($"{Place(node).Place}: {message}");
}
