using System.Globalization;
using Mimir.Base;

namespace Mimir.Decode.Language.Grammars;

/// <summary>
/// Reads grammars in the Java Speech Grammar Format: rules with words, alternatives with weights, groups, optional parts, repetition and
/// references to other rules of the file. Imports are refused, tags are ignored.
/// </summary>
internal sealed class JsgfParser
{
    private const int MaxDepth = 200;

    private readonly Dictionary<string, GrammarNode> _rules = new(StringComparer.Ordinal);
    private readonly List<string> _public = [];
    private readonly List<JsgfToken> _tokens;
    private readonly string _path;
    private int _at;
    private int _depth;

    private JsgfParser(string path) => (_path, _tokens) = (path, JsgfTokens.Read(path));

    /// <summary>Reads a file.</summary>
    /// <returns>All rules, and the names of those that are public, which are what may be said.</returns>
    /// <exception cref="InputException">It is no such grammar, or has no public rule; the message has the line.</exception>
    public static (IReadOnlyDictionary<string, GrammarNode> Rules, IReadOnlyList<string> Public) Read(string path)
    {
        var parser = new JsgfParser(path);
        parser.Skip("#JSGF");
        parser.Skip("grammar");
        while (parser._at < parser._tokens.Count)
            parser.ReadRule();

        return parser._public.Count > 0
            ? (parser._rules, parser._public)
            : throw new InputException($"{path}: expected a rule that is public, such as 'public <command> = stop | go;'");
    }

    // The declaration that begins with a word, up to its semicolon.
    private void Skip(string word)
    {
        if (Peek() is not { Kind: JsgfKind.Word } token || token.Text != word)
            return;

        while (_at < _tokens.Count && !Take(";"))
            _at++;
    }

    private void ReadRule()
    {
        var isPublic = Peek() is { Kind: JsgfKind.Word, Text: "public" };
        if (isPublic)
            _at++;

        if (Peek() is not { Kind: JsgfKind.Rule } name)
            throw Expected(Peek() is { Text: "import" } ? "rules of this file, no imports" : "'<rule> = …;'");

        _at++;
        if (!Take("="))
            throw Expected("'='");

        if (!_rules.TryAdd(name.Text, ReadChoice()))
            throw Expected($"each rule once, '<{name.Text}>' comes again before this");
        if (!Take(";"))
            throw Expected("';'");
        if (isPublic)
            _public.Add(name.Text);
    }

    private ChoiceNode ReadChoice()
    {
        if (++_depth > MaxDepth)
            throw Expected($"at most {MaxDepth} groups within each other");

        var parts = new List<(GrammarNode, double)>();
        do
        {
            var weight = Peek() is { Kind: JsgfKind.Weight } token ? Weight(token.Text) : 1;
            parts.Add((ReadSequence(), weight));
        }
        while (Take("|"));

        _depth--;
        return new ChoiceNode(parts);
    }

    private double Weight(string text)
    {
        var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var weight);
        if (!isNumber || !double.IsFinite(weight) || weight <= 0)
            throw Expected("a weight above 0 between slashes");

        _at++;
        return weight;
    }

    private SequenceNode ReadSequence()
    {
        var parts = new List<GrammarNode>();
        while (ReadPart() is { } part)
        {
            while (Peek() is { Kind: JsgfKind.Sign, Text: "*" or "+" } sign)
            {
                _at++;
                part = new RepeatNode(part, sign.Text == "*");
            }

            parts.Add(part);
        }

        return parts.Count > 0 ? new SequenceNode(parts) : throw Expected("words, rules or groups");
    }

    private GrammarNode? ReadPart()
    {
        switch (Peek())
        {
            case { Kind: JsgfKind.Word } word:
                _at++;
                return new SequenceNode([.. word.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                    .Select(text => new WordNode(text, word.Line))]);
            case { Kind: JsgfKind.Rule } rule:
                _at++;
                return new RuleNode(rule.Text, rule.Line);
            case { Kind: JsgfKind.Sign, Text: "(" or "[" } open:
                _at++;
                var group = ReadChoice();
                if (!Take(open.Text == "(" ? ")" : "]"))
                    throw Expected(open.Text == "(" ? "')'" : "']'");

                return open.Text == "(" ? group : new ChoiceNode([(group, 1), (new SequenceNode([]), 1)]);
            default:
                return null;
        }
    }

    private JsgfToken? Peek() => _at < _tokens.Count ? _tokens[_at] : null;

    private bool Take(string sign)
    {
        if (Peek() is not { Kind: JsgfKind.Sign } token || token.Text != sign)
            return false;

        _at++;
        return true;
    }

    private InputException Expected(string what) => new(Peek() is { } token
        ? $"{_path}:{token.Line}: expected {what}, got '{token.Text}'"
        : $"{_path}: expected {what}, got the end of the file");
}
