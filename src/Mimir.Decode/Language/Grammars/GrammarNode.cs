namespace Mimir.Decode.Language.Grammars;

/// <summary>A part of a grammar.</summary>
internal abstract record GrammarNode;

/// <summary>A word.</summary>
/// <param name="Word">The word.</param>
/// <param name="Line">The line of the file.</param>
internal sealed record WordNode(string Word, int Line) : GrammarNode;

/// <summary>The name of a rule in place of what it says.</summary>
/// <param name="Rule">The name without brackets.</param>
/// <param name="Line">The line of the file.</param>
internal sealed record RuleNode(string Rule, int Line) : GrammarNode;

/// <summary>Parts one after the other; none is silence.</summary>
/// <param name="Parts">The parts.</param>
internal sealed record SequenceNode(IReadOnlyList<GrammarNode> Parts) : GrammarNode;

/// <summary>One of several parts.</summary>
/// <param name="Parts">The parts and their weights, which need not sum to 1.</param>
internal sealed record ChoiceNode(IReadOnlyList<(GrammarNode Part, double Weight)> Parts) : GrammarNode;

/// <summary>A part that comes again and again.</summary>
/// <param name="Part">The part.</param>
/// <param name="MayBeNone">True where it may also not come at all.</param>
internal sealed record RepeatNode(GrammarNode Part, bool MayBeNone) : GrammarNode;
