using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>
/// Removes epsilons and makes a transducer deterministic in one step, by the construction of subsets of weighted states with the
/// outputs that are owed (Mohri, "Finite-state transducers in language and speech processing", 1997; Kaldi: fstdeterminizestar,
/// fstext/determinize-star.h). Its states are numbered as Kaldi's are.
/// </summary>
public sealed class StarDeterminizer
{
    private readonly DeterminizeOptions _options;
    private readonly VectorFst _fst;
    private readonly OutputStrings _strings = new();
    private readonly SubsetStates _states;
    private readonly SubsetClosure _closure;
    private readonly Stack<int> _open = new();
    private readonly List<Residual> _closed = [];
    private readonly List<Residual> _next = [];
    private long[] _keys = new long[64];
    private Residual[] _elements = new Residual[64];

    // The output of an arc is the number of a sequence until all states are there.
    private readonly VectorFst _result;
    private readonly Dictionary<int, int> _finalTexts = [];

    private StarDeterminizer(VectorFst fst, DeterminizeOptions options)
    {
        _fst = fst;
        _options = options;
        _states = new SubsetStates(options.Delta);
        _closure = new SubsetClosure(fst, _strings, options.LogSums, options.Delta);
        _result = new VectorFst { InputSymbols = fst.InputSymbols, OutputSymbols = fst.OutputSymbols };
    }

    /// <summary>Determinizes a transducer.</summary>
    /// <param name="fst">The transducer; its arcs are sorted by input label.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="InputException">The transducer gives two outputs for one input, its outputs wait for ever, a loop of arcs
    /// without input does not converge, or there are more states than allowed.</exception>
    public static void Apply(VectorFst fst, DeterminizeOptions? options = null)
    {
        ArcOrder.SortByInput(fst);
        if (fst.Start < 0)
        {
            fst.Clear();
            return;
        }

        var determinizer = new StarDeterminizer(fst, options ?? new DeterminizeOptions());
        determinizer.Run();
        fst.Take(determinizer._result);
    }

    private void Run()
    {
        _result.Start = StateOf([new Residual(_fst.Start, 0, 0)]);
        while (_open.TryPop(out var state))
        {
            _closure.Close(_states.Subset(state), _closed);
            SetFinal(state);
            AddArcs(state);
            if (_options.MaxStates is { } most && _states.Count > most)
                throw new InputException($"there are more than {most} states, the most that are allowed");
        }

        SpellOutputs();
    }

    private int StateOf(ReadOnlySpan<Residual> subset)
    {
        var state = _states.Number(subset, out var added);
        if (added)
        {
            _result.AddState();
            _open.Push(state);
        }

        return state;
    }

    private void SetFinal(int state)
    {
        var (cost, text) = (float.PositiveInfinity, -1);
        foreach (var element in _closed)
        {
            var final = _fst.Final(element.State);
            if (float.IsPositiveInfinity(final))
                continue;
            if (text >= 0 && text != element.Text)
                throw SubsetClosure.NotFunctional(_strings, text, element.Text);

            text = element.Text;
            cost = Sum(cost, element.Cost + final);
        }

        _result.SetFinal(state, cost);
        if (text > 0)
            _finalTexts.Add(state, text);
    }

    private void AddArcs(int state)
    {
        var count = Collect();
        for (var begin = 0; begin < count;)
        {
            var input = (int)(_keys[begin] >> 32);
            _next.Clear();
            var end = begin;
            for (; end < count && (int)(_keys[end] >> 32) == input; end++)
                AddElement(_elements[end]);

            AddArc(state, input);
            begin = end;
        }
    }

    // The ways that leave the closed subset with an input, sorted by input and state.
    private int Collect()
    {
        var count = 0;
        var sorted = true;
        foreach (var element in _closed)
        {
            var arcs = _fst.Arcs(element.State);
            if (count + arcs.Length > _keys.Length)
            {
                Array.Resize(ref _keys, 2 * (count + arcs.Length));
                Array.Resize(ref _elements, _keys.Length);
            }

            foreach (ref readonly var arc in arcs)
            {
                if (arc.Input == 0)
                    continue;

                var text = arc.Output == 0 ? element.Text : _strings.Append(element.Text, arc.Output);
                _elements[count] = new Residual(arc.Next, text, element.Cost + arc.Weight);
                _keys[count] = ((long)arc.Input << 32) | (uint)arc.Next;
                sorted &= count == 0 || _keys[count - 1] <= _keys[count];
                count++;
            }
        }

        if (!sorted)
            _keys.AsSpan(0, count).Sort(_elements.AsSpan(0, count));

        return count;
    }

    private void AddElement(Residual element)
    {
        var subset = CollectionsMarshal.AsSpan(_next);
        if (subset.Length == 0 || subset[^1].State != element.State)
        {
            _next.Add(element);
            return;
        }

        ref var last = ref subset[^1];
        if (last.Text != element.Text)
            throw SubsetClosure.NotFunctional(_strings, last.Text, element.Text);

        last.Cost = Sum(last.Cost, element.Cost);
    }

    // What all elements owe is paid on the arc.
    private void AddArc(int state, int input)
    {
        var subset = CollectionsMarshal.AsSpan(_next);
        var (text, cost) = (subset[0].Text, subset[0].Cost);
        foreach (ref readonly var element in subset[1..])
        {
            text = _strings.CommonPrefix(text, element.Text);
            cost = Sum(cost, element.Cost);
        }

        var length = _strings.Length(text);
        foreach (ref var element in subset)
        {
            element.Cost -= cost;
            element.Text = _strings.WithoutPrefix(element.Text, length);
        }

        _result.AddArc(state, new FstArc(input, text, cost, StateOf(subset)));
    }

    // Sequences of several outputs become chains of arcs, the first of which has the input and the cost.
    private void SpellOutputs()
    {
        for (var state = 0; state < _states.Count; state++)
        {
            for (var i = 0; i < _result.Arcs(state).Length; i++)
            {
                var arc = _result.Arcs(state)[i];
                var first = arc with { Output = _strings.LastOf(arc.Output) };
                if (_strings.Length(arc.Output) > 1)
                    first = Chain(arc.Input, arc.Weight, _strings.Labels(arc.Output), arc.Next);

                _result.Arcs(state)[i] = first;
            }

            if (!_finalTexts.TryGetValue(state, out var text))
                continue;

            var end = _result.AddState(0);
            var begin = Chain(0, _result.Final(state), _strings.Labels(text), end);
            _result.SetArcs(state, [begin, .. _result.Arcs(state)]);
            _result.SetFinal(state, float.PositiveInfinity);
        }
    }

    private FstArc Chain(int input, float cost, int[] outputs, int end)
    {
        if (outputs.Length == 1)
            return new FstArc(input, outputs[0], cost, end);

        var first = _result.AddState();
        for (int i = 1, state = first; i < outputs.Length; i++)
        {
            var next = i + 1 < outputs.Length ? _result.AddState() : end;
            _result.AddArc(state, new FstArc(0, outputs[i], 0, next));
            state = next;
        }

        return new FstArc(input, outputs[0], cost, first);
    }

    private float Sum(float a, float b) => _options.LogSums ? LogSum.Add(a, b) : Math.Min(a, b);
}

/// <summary>Options of determinization.</summary>
public sealed record DeterminizeOptions
{
    /// <summary>Sum the costs of several ways in the log semiring; by default the least counts.</summary>
    public bool LogSums { get; init; }

    /// <summary>The difference of costs within which subsets count as equal; 1/1024 by default.</summary>
    public float Delta { get; init; } = 1 / 1024f;

    /// <summary>The most states that may come out; null, the default, for any number.</summary>
    public int? MaxStates { get; init; }
}
