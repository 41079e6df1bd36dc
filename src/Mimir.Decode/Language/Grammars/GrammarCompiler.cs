using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Language.Grammars;

/// <summary>Compiles grammars in text form to acceptors of words, which take the place of a language model in a decoding graph.</summary>
/// <remarks>
/// A file that begins with <c>#JSGF</c> is a grammar in the Java Speech Grammar Format. Any other is a list of phrases, one a line, of
/// which any number may come in any order. Alternatives share the probability by their weights, an optional part is as likely as not,
/// and each further repetition too; in a list each phrase is as likely as the end. Of several ways to say the same, the most likely counts.
/// </remarks>
public sealed class GrammarCompiler
{
    private const int MaxStates = 5_000_000;
    private const int HeadLines = 1000;

    // The states that determinizing may add, beside so many for each state.
    private const int LeastGrowth = 10_000;
    private const int MostGrowth = 1000;

    // Costs that differ by less are the same.
    private const float Precision = 1f / (1 << 20);

    private readonly VectorFst _fst = new();
    private readonly IReadOnlyDictionary<string, GrammarNode> _rules;
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);
    private readonly SymbolTable _words;
    private readonly string _path;

    private GrammarCompiler(string path, SymbolTable words, IReadOnlyDictionary<string, GrammarNode> rules) =>
        (_path, _words, _rules) = (path, words, rules);

    /// <summary>True for a grammar, false for a model in ARPA's format: one has a line <c>\data\</c> near its begin, or is named
    /// so.</summary>
    /// <param name="path">The file.</param>
    public static bool IsGrammar(string path)
    {
        if (path.EndsWith(".arpa", StringComparison.Ordinal) || path.EndsWith(".arpa.gz", StringComparison.Ordinal))
            return false;

        using var lines = KaldiInput.OpenText(path);
        for (var number = 0; number < HeadLines && lines.ReadLine() is { } line; number++)
        {
            if (line.TrimEnd() == @"\data\")
                return false;
        }

        return true;
    }

    /// <summary>Compiles a file.</summary>
    /// <param name="path">A grammar in JSGF, or a list of phrases.</param>
    /// <param name="words">The words that may be said.</param>
    /// <returns>The acceptor: deterministic, without epsilons, sorted by input labels.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is no grammar, a word or rule is unknown, a rule refers to itself, or nothing can be
    /// said.</exception>
    public static VectorFst Compile(string path, SymbolTable words)
    {
        var (rules, names) = IsJsgf(path) ? JsgfParser.Read(path) : (new Dictionary<string, GrammarNode>(), []);
        var compiler = new GrammarCompiler(path, words, rules);
        GrammarNode root = names.Count > 0
            ? new ChoiceNode([.. names.Select(name => ((GrammarNode)new RuleNode(name, 0), 1.0))])
            : ReadList(path);
        compiler._fst.Start = compiler.State();
        compiler._fst.SetFinal(names.Count > 0 ? compiler.Add(root, compiler._fst.Start) : compiler.AddLoop((ChoiceNode)root));
        Connection.Trim(compiler._fst);
        if (compiler._fst.Start < 0)
            throw new InputException($"{path}: nothing can be said by this grammar");

        compiler.Determinize();
        EncodedMinimizer.Apply(compiler._fst, Precision);
        ArcOrder.SortByInput(compiler._fst);
        return compiler._fst;
    }

    // Where loops of different weights accept the same words, no end of states tells their weights apart.
    private void Determinize()
    {
        var most = (int)Math.Min(MaxStates, LeastGrowth + ((long)MostGrowth * _fst.StateCount));
        try
        {
            StarDeterminizer.Apply(_fst, new() { MaxStates = most });
        }
        catch (InputException error)
        {
            throw new InputException(
                $"{_path}: {error.Message}; can the same words be said by two repetitions (* or +) of different weight? Let one of them go",
                error);
        }
    }

    private static bool IsJsgf(string path)
    {
        using var lines = KaldiInput.OpenText(path);
        return lines.ReadLine()?.TrimStart().StartsWith("#JSGF", StringComparison.Ordinal) == true;
    }

    private static ChoiceNode ReadList(string path)
    {
        var phrases = new List<(GrammarNode, double)>();
        var number = 0;
        using var lines = KaldiInput.OpenText(path);
        while (lines.ReadLine() is { } line)
        {
            number++;
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0)
                phrases.Add((new SequenceNode([.. words.Select(word => new WordNode(word, number))]), 1));
        }

        return phrases.Count > 0 ? new ChoiceNode(phrases) : throw new InputException($"{path}: expected a phrase on each line, got none");
    }

    private int State() => _fst.StateCount < MaxStates
        ? _fst.AddState()
        : throw new InputException($"{_path}: the grammar has more than {MaxStates} states; its rules refer to each other too often");

    // Any number of phrases; the start is also the end.
    private int AddLoop(ChoiceNode phrases)
    {
        var cost = (float)Math.Log(phrases.Parts.Count + 1);
        var end = State();
        _fst.AddArc(_fst.Start, new FstArc(0, 0, cost, end));
        foreach (var (phrase, _) in phrases.Parts)
        {
            var first = State();
            _fst.AddArc(_fst.Start, new FstArc(0, 0, cost, first));
            _fst.AddArc(Add(phrase, first), new FstArc(0, 0, 0, _fst.Start));
        }

        return end;
    }

    // Adds a part behind a state; returns the state behind the part.
    private int Add(GrammarNode node, int from) => node switch
    {
        WordNode word => AddWord(word, from),
        RuleNode rule => AddRule(rule, from),
        SequenceNode sequence => sequence.Parts.Aggregate(from, (state, part) => Add(part, state)),
        ChoiceNode { Parts: [var (only, _)] } => Add(only, from),
        ChoiceNode choice => AddChoice(choice, from),
        RepeatNode repeat => AddRepeat(repeat, from),
        _ => throw new ArgumentException($"a grammar has no {node}", nameof(node)),
    };

    private int AddWord(WordNode word, int from)
    {
        var label = _words.Find(word.Word);
        if (label <= 0)
            throw new InputException($"{_path}:{word.Line}: expected words of the lexicon, got '{word.Word}'");

        var next = State();
        _fst.AddArc(from, new FstArc(label, label, 0, next));
        return next;
    }

    private int AddRule(RuleNode rule, int from)
    {
        if (rule.Rule == "NULL")
            return from;
        if (rule.Rule == "VOID")
            return State();
        if (!_rules.TryGetValue(rule.Rule, out var meaning))
            throw new InputException($"{_path}:{rule.Line}: there is no rule '<{rule.Rule}>'");
        if (!_open.Add(rule.Rule))
            throw new InputException($"{_path}:{rule.Line}: the rule '<{rule.Rule}>' refers to itself; say it with * or +");

        var next = Add(meaning, from);
        _open.Remove(rule.Rule);
        return next;
    }

    private int AddChoice(ChoiceNode choice, int from)
    {
        var total = choice.Parts.Sum(part => part.Weight);
        var next = State();
        foreach (var (part, weight) in choice.Parts)
        {
            var first = State();
            _fst.AddArc(from, new FstArc(0, 0, (float)-Math.Log(weight / total), first));
            _fst.AddArc(Add(part, first), new FstArc(0, 0, 0, next));
        }

        return next;
    }

    private int AddRepeat(RepeatNode repeat, int from)
    {
        var even = (float)Math.Log(2);
        var (first, next) = (State(), State());
        var last = Add(repeat.Part, first);
        _fst.AddArc(from, new FstArc(0, 0, repeat.MayBeNone ? even : 0, first));
        if (repeat.MayBeNone)
            _fst.AddArc(from, new FstArc(0, 0, even, next));

        // A part that may be silent must not come again and again for nothing.
        _fst.AddArc(last, new FstArc(0, 0, even, first));
        _fst.AddArc(last, new FstArc(0, 0, even, next));
        return next;
    }
}
