using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Building;

/// <summary>
/// Puts windows of phones in the place of the phones on a graph's input, by composition with the inverse of a context transducer
/// that is made on demand (Kaldi: fstcomposecontext, fstext/context-fst.h). States and labels are numbered as Kaldi's are.
/// </summary>
public sealed class ContextComposer
{
    private readonly int _width;
    private readonly int _centre;
    private readonly HashSet<int> _disambiguation;
    private readonly int _end;
    private readonly int _noPhone;
    private readonly List<int[]> _histories = [];
    private readonly Dictionary<int[], int> _historyNumbers = new(WindowComparer.Instance);
    private readonly List<int[]> _windows = [[]];
    private readonly Dictionary<int[], int> _labels = new(WindowComparer.Instance);

    // By history and input symbol, the label and the next history; no match is kept too.
    private readonly Dictionary<long, (int Label, int Next)> _moves = [];

    private ContextComposer(int width, int centre, IReadOnlyCollection<int> disambiguation, int endSymbol)
    {
        (_width, _centre, _end) = (width, centre, endSymbol);
        _disambiguation = [.. disambiguation];
        HistoryOf(new int[width - 1]);
        if (width > centre + 1 && disambiguation.Count > 0)
            _noPhone = LabelOf([0]);
    }

    /// <summary>Composes.</summary>
    /// <param name="graph">A graph with phones and symbols of disambiguation as inputs, such as LG. Its ends get loops.</param>
    /// <param name="disambiguation">The symbols of disambiguation.</param>
    /// <param name="width">The phones in a window: 1 for monophones, 3 for triphones.</param>
    /// <param name="centre">The place of the phone itself in the window, from 0.</param>
    /// <returns>The graph, and the meaning of its input labels.</returns>
    /// <exception cref="InputException">The place is not within the window, or a symbol of disambiguation is not above 0.</exception>
    public static (VectorFst Graph, ContextLabels Labels) Compose(
        VectorFst graph, IReadOnlyCollection<int> disambiguation, int width, int centre)
    {
        if (width < 1 || centre < 0 || centre >= width)
            throw new InputException($"the window has {width} phones with the central one at {centre}; expected it within the window");
        if (disambiguation.Any(symbol => symbol <= 0))
            throw new InputException($"expected symbols of disambiguation above 0, got {disambiguation.Min()}");

        var end = 1 + Algorithms.Labels.Inputs(graph).Concat(disambiguation).DefaultIfEmpty(0).Max();
        if (centre != width - 1)
            AddEnds(graph, end);

        var composer = new ContextComposer(width, centre, disambiguation, end);
        return (composer.Compose(graph), new ContextLabels(composer._windows));
    }

    // Behind the last phone come as many end symbols as the window has places behind its centre.
    private static void AddEnds(VectorFst graph, int end)
    {
        var states = graph.StateCount;
        if (states == 0)
            return;

        var last = graph.AddState(0);
        graph.AddArc(last, new FstArc(end, 0, 0, last));
        for (var state = 0; state < states; state++)
        {
            var final = graph.Final(state);
            if (!float.IsPositiveInfinity(final))
                graph.AddArc(state, new FstArc(end, 0, final, last));
        }
    }

    private VectorFst Compose(VectorFst graph)
    {
        var result = new VectorFst { OutputSymbols = graph.OutputSymbols };
        if (graph.Start < 0)
            return result;

        var pairs = new PairNumbers();
        result.Start = StateOf(0, graph.Start);
        for (var state = 0; state < pairs.Count; state++)
        {
            var (history, other) = ((int)(pairs[state] >> 32), (int)pairs[state]);
            foreach (ref readonly var arc in graph.Arcs(other))
            {
                var (label, next) = arc.Input == 0 ? (0, history) : Move(history, arc.Input);
                if (next >= 0)
                    result.AddArc(state, new FstArc(label, arc.Output, arc.Weight, StateOf(next, arc.Next)));
            }
        }

        return result;

        int StateOf(int history, int other)
        {
            var number = pairs.Number(((long)history << 32) | (uint)other, out var added);
            if (added)
                result.AddState(MayEnd(history) ? graph.Final(other) : float.PositiveInfinity);

            return number;
        }
    }

    private bool MayEnd(int history) => _centre == _width - 1 || _histories[history][_centre] == _end;

    // The next history is negative where a symbol may not follow.
    private (int Label, int Next) Move(int history, int symbol)
    {
        var key = ((long)history << 32) | (uint)symbol;
        if (!_moves.TryGetValue(key, out var move))
            _moves.Add(key, move = NewMove(history, symbol));

        return move;
    }

    private (int Label, int Next) NewMove(int history, int symbol)
    {
        if (_disambiguation.Contains(symbol))
            return (LabelOf([-symbol]), history);

        var before = _histories[history];
        var allowed = symbol == _end
            ? _centre + 1 < _width && before[_centre] != _end
            : before.Length == 0 || before[^1] != _end;
        if (!allowed)
            return (0, -1);

        int[] window = [.. before, symbol];
        var next = HistoryOf(window[1..]);
        for (var place = _centre + 1; place < _width; place++)
        {
            if (window[place] == _end)
                window[place] = 0;
        }

        return (window[_centre] == 0 ? _noPhone : LabelOf(window), next);
    }

    private int HistoryOf(int[] phones)
    {
        if (!_historyNumbers.TryGetValue(phones, out var number))
        {
            _historyNumbers.Add(phones, number = _histories.Count);
            _histories.Add(phones);
        }

        return number;
    }

    private int LabelOf(int[] window)
    {
        if (!_labels.TryGetValue(window, out var label))
        {
            _labels.Add(window, label = _windows.Count);
            _windows.Add(window);
        }

        return label;
    }
}

/// <summary>Compares arrays of numbers by their elements.</summary>
internal sealed class WindowComparer : IEqualityComparer<int[]>
{
    /// <summary>Gets the comparer.</summary>
    public static WindowComparer Instance { get; } = new();

    public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(int[] obj)
    {
        var hash = new HashCode();
        foreach (var value in obj)
            hash.Add(value);

        return hash.ToHashCode();
    }
}
