using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Language;

/// <summary>Options of compiling an ARPA model.</summary>
public sealed record ArpaCompilerOptions
{
    /// <summary>Gets the word that begins each sentence.</summary>
    public string SentenceStart { get; init; } = "<s>";

    /// <summary>Gets the word that ends each sentence.</summary>
    public string SentenceEnd { get; init; } = "</s>";

    /// <summary>
    /// Gets the symbol on the input of backoff arcs, such as <c>#0</c>. With it the marks of sentences become the start state and final
    /// weights; null leaves epsilons on backoff arcs, and the marks are words.
    /// </summary>
    public string? Disambiguation { get; init; }

    /// <summary>Gets the receiver of warnings: n-grams that were passed over; null drops them.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Gets the receiver of the stages; null for nobody.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>True sorts the arcs of each state by input label.</summary>
    public bool Sort { get; init; } = true;
}

/// <summary>Compiles ARPA language models to acceptors: the G of decoding graphs (Kaldi: <c>lm/arpa-lm-compiler.cc</c>).</summary>
/// <remarks>
/// A state stands for a history, state 0 for the empty one. N-grams of the highest order lead straight to the history without their
/// first word, since a state of their own could only back off. States that only back off, as those of histories without n-grams, are
/// bypassed. N-grams whose history the file lacks, or with a mark of sentences at a wrong place, are passed over with a warning.
/// </remarks>
public sealed class ArpaCompiler : IArpaSink
{
    private const double Ln10 = 2.302585092994045684;

    private readonly VectorFst _fst = new();
    private readonly PairIndex _histories = new();
    private readonly List<int> _stateOf = [0];
    private readonly ArpaCompilerOptions _options;
    private readonly ArpaReader _reader;
    private readonly int _start;
    private readonly int _end;
    private readonly int _disambiguation;
    private readonly int _endState;
    private int _order;

    private ArpaCompiler(string name, SymbolTable words, bool addsWords, ArpaCompilerOptions options)
    {
        _options = options;
        _disambiguation = options.Disambiguation is { } symbol ? words.Find(symbol) : 0;
        _start = words.Add(options.SentenceStart);
        _end = words.Add(options.SentenceEnd);
        _reader = new ArpaReader(name, words, addsWords, Warn, options.Progress);
        _fst.AddState();
        if (_disambiguation == 0)
        {
            _endState = _fst.AddState();
            _fst.SetFinal(_endState);
        }

        _fst.InputSymbols = _fst.OutputSymbols = words;
    }

    /// <summary>Compiles a model over given words.</summary>
    /// <param name="path">The model, perhaps a <c>.gz</c> file.</param>
    /// <param name="words">The words; n-grams of others are passed over.</param>
    /// <param name="options">The options; with a disambiguation symbol that is among the words.</param>
    /// <param name="io">What may be opened.</param>
    /// <returns>The acceptor, with the words as its symbols.</returns>
    /// <exception cref="InputException">The file is not in ARPA's format, or it has no n-gram of the start of sentences.</exception>
    public static VectorFst Compile(string path, SymbolTable words, ArpaCompilerOptions options, KaldiIoOptions? io = null) =>
        options.Disambiguation is { } symbol && words.Find(symbol) <= 0
            ? throw new InputException($"the words have no symbol '{symbol}', which stands on backoff arcs")
            : new ArpaCompiler(path, words, addsWords: false, options).Run(path, io);

    /// <summary>Compiles a model with all its words: <c>&lt;eps&gt;</c> is 0, then come the disambiguation symbol, the marks of
    /// sentences, and the words in the file's order.</summary>
    /// <inheritdoc cref="Compile(string, SymbolTable, ArpaCompilerOptions, KaldiIoOptions?)"/>
    public static VectorFst Compile(string path, ArpaCompilerOptions options, KaldiIoOptions? io = null)
    {
        var words = new SymbolTable();
        words.Add("<eps>");
        if (options.Disambiguation is { } symbol)
            words.Add(symbol);

        return new ArpaCompiler(path, words, addsWords: true, options).Run(path, io);
    }

    void IArpaSink.Begin(IReadOnlyList<int> counts) => _order = counts.Count;

    void IArpaSink.Add(ReadOnlySpan<int> words, float logProbability, float backoff)
    {
        if (words[1..].Contains(_start) || words[..^1].Contains(_end))
        {
            Warn($"{_reader.Place} skipped: n-gram has invalid BOS/EOS placement");
            return;
        }

        var source = StateOf(words[..^1]);
        if (source < 0)
        {
            Warn($"{_reader.Place} skipped: no parent (n-1)-gram exists");
            return;
        }

        var word = words[^1];
        if (word == _disambiguation)
            throw _reader.Expected($"words, not '{_options.Disambiguation}', which stands on backoff arcs");

        var cost = (float)(-logProbability * Ln10);
        if (word == _end && _disambiguation != 0)
        {
            _fst.SetFinal(source, cost);
            return;
        }

        var target = word == _end
            ? _endState
            : AddHistory(words.Length == _order ? words[1..] : words, (float)(-backoff * Ln10));
        if (word != _start)
        {
            _fst.AddArc(source, new FstArc(word, word, cost, target));
        }
        else if (_disambiguation != 0)
        {
            _fst.Start = target;
        }
        else
        {
            _fst.Start = _fst.AddState();
            _fst.AddArc(_fst.Start, new FstArc(word, word, 0, target));
        }
    }

    private VectorFst Run(string path, KaldiIoOptions? io)
    {
        _reader.Read(path, this, io);
        if (_fst.Start < 0)
            throw new InputException($"{path}: expected an n-gram of '{_options.SentenceStart}', which begins sentences");

        var states = _fst.StateCount;
        if (_disambiguation != 0)
        {
            BackoffStates.Bypass(_fst, _disambiguation);
            _options.Progress?.Invoke($"Reduced num-states from {states} to {_fst.StateCount}");
        }

        if (_options.Sort)
            ArcOrder.SortByInput(_fst);

        return _fst;
    }

    private void Warn(string message) => _options.Warn?.Invoke(message);

    // The node of a history in the trie; -1 where the trie has none. Node 0 is the empty history.
    private int NodeOf(ReadOnlySpan<int> history)
    {
        var node = 0;
        foreach (var word in history)
        {
            node = _histories.Find(node, word) + 1;
            if (node == 0)
                return -1;
        }

        return node;
    }

    private int StateOf(ReadOnlySpan<int> history) => NodeOf(history) is >= 0 and var node ? _stateOf[node] : -1;

    private int AddHistory(ReadOnlySpan<int> history, float backoff)
    {
        var node = 0;
        foreach (var word in history)
        {
            node = _histories.Add(node, word, out var isNew) + 1;
            if (isNew)
                _stateOf.Add(-1);
        }

        if (_stateOf[node] >= 0)
            return _stateOf[node];

        // A history backs off to the longest end of it that has a state.
        var state = _stateOf[node] = _fst.AddState();
        var shorter = history[1..];
        int target;
        while ((target = StateOf(shorter)) < 0)
            shorter = shorter[1..];

        _fst.AddArc(state, new FstArc(_disambiguation, 0, backoff, target));
        return state;
    }
}

/// <summary>States of a grammar that can only back off.</summary>
internal static class BackoffStates
{
    /// <summary>Leads the arcs to such states on to where these back off to, and removes what is on no successful path.</summary>
    /// <param name="fst">The grammar; it is changed.</param>
    /// <param name="symbol">The input label of backoff arcs.</param>
    public static void Bypass(VectorFst fst, int symbol)
    {
        for (var state = 0; state < fst.StateCount; state++)
        {
            foreach (ref var arc in fst.Arcs(state))
            {
                while (arc.Next != fst.Start && Backoff(arc.Next) is { } next && next.Next != arc.Next)
                    arc = arc with { Weight = arc.Weight + next.Weight, Next = next.Next };
            }
        }

        // The start can only be entered here.
        if (Backoff(fst.Start) is { } first)
            fst.Arcs(fst.Start)[0] = first with { Input = 0 };

        Connection.Trim(fst);

        FstArc? Backoff(int state) =>
            fst.Arcs(state) is [var only] && float.IsPositiveInfinity(fst.Final(state)) && only.Input == symbol ? only : null;
    }
}
