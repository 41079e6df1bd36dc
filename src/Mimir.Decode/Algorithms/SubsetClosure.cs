using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>Follows the arcs without input from a subset of states, and sums the costs of all ways to a state.</summary>
/// <param name="fst">The transducer, its arcs sorted by input label.</param>
/// <param name="strings">The sequences of output labels.</param>
/// <param name="logSums">Sums in the log semiring; otherwise the least cost counts.</param>
/// <param name="delta">A smaller change of a cost is not followed further.</param>
internal sealed class SubsetClosure(VectorFst fst, OutputStrings strings, bool logSums, float delta)
{
    // A loop whose costs sum to 0 or less never comes to rest in the log semiring; one of probability 0.99 takes hundreds of rounds.
    private const long MaxRounds = 10_000;

    private readonly List<Entry> _entries = [];
    private readonly List<(Residual Element, float Pending)> _first = [];
    private readonly Queue<int> _queue = new();

    // By state, its entry; valid only where the entry is of that state.
    private readonly int[] _index = new int[fst.StateCount];

    /// <summary>Computes the closure.</summary>
    /// <param name="subset">The subset, in rising order of states.</param>
    /// <param name="closed">Receives the closure, in rising order of states.</param>
    /// <exception cref="InputException">Two ways to a state have different outputs, or the costs of a loop do not converge.</exception>
    public void Close(ReadOnlySpan<Residual> subset, List<Residual> closed)
    {
        closed.Clear();
        _first.Clear();
        foreach (ref readonly var element in subset)
            Expand(element.State, element.Text, element.Cost, first: true);

        if (_first.Count == 0)
        {
            closed.AddRange(subset);
            return;
        }

        _entries.Clear();
        foreach (ref readonly var element in subset)
        {
            _index[element.State] = _entries.Count;
            _entries.Add(new Entry(element, float.PositiveInfinity, Waiting: false));
        }

        foreach (var (element, pending) in _first)
            Add(element.State, element.Text, pending);

        Settle();
        foreach (var entry in _entries)
            closed.Add(entry.Element with { Cost = Sum(entry.Element.Cost, entry.Pending) });

        closed.Sort((a, b) => a.State.CompareTo(b.State));
    }

    private void Settle()
    {
        for (long rounds = 0; _queue.TryDequeue(out var state); rounds++)
        {
            if (rounds > MaxRounds * _entries.Count)
            {
                throw new InputException(
                    $"state {state}: arcs without input form a loop whose costs do not converge, so that nothing deterministic equals it");
            }

            var entry = _entries[_index[state]];
            var pending = entry.Pending;
            _entries[_index[state]] = new Entry(
                entry.Element with { Cost = Sum(entry.Element.Cost, pending) }, float.PositiveInfinity, Waiting: false);
            Expand(state, entry.Element.Text, pending, first: false);
        }
    }

    private void Expand(int state, int text, float cost, bool first)
    {
        foreach (ref readonly var arc in fst.Arcs(state))
        {
            if (arc.Input > 0)
                break;

            var next = arc.Output == 0 ? text : strings.Append(text, arc.Output);
            if (first)
                _first.Add((new Residual(arc.Next, next, float.PositiveInfinity), cost + arc.Weight));
            else
                Add(arc.Next, next, cost + arc.Weight);
        }
    }

    private void Add(int state, int text, float pending)
    {
        var index = _index[state];
        if (index >= _entries.Count || _entries[index].Element.State != state)
        {
            _index[state] = _entries.Count;
            _entries.Add(new Entry(new Residual(state, text, float.PositiveInfinity), pending, Waiting: true));
            _queue.Enqueue(state);
            return;
        }

        var entry = _entries[index];
        if (entry.Element.Text != text)
            throw NotFunctional(strings, entry.Element.Text, text);

        entry = entry with { Pending = Sum(entry.Pending, pending) };
        var cost = entry.Element.Cost;
        if (!entry.Waiting && !(Math.Abs(Sum(cost, entry.Pending) - cost) <= delta))
        {
            entry = entry with { Waiting = true };
            _queue.Enqueue(state);
        }

        _entries[index] = entry;
    }

    /// <summary>Makes the error of two outputs for one input.</summary>
    public static InputException NotFunctional(OutputStrings strings, int one, int other) => new(
        $"the transducer gives two outputs for one input, [{Show(strings.Labels(one))}] and [{Show(strings.Labels(other))}], so that it "
        + "cannot be made deterministic; are the symbols of disambiguation (#1, #2 ...) missing from the lexicon?");

    private static string Show(int[] labels) =>
        labels.Length <= 8 ? string.Join(' ', labels) : string.Join(' ', labels.AsSpan(0, 8).ToArray()) + " ...";

    private float Sum(float a, float b) => logSums ? LogSum.Add(a, b) : Math.Min(a, b);

    // The cost that was followed, and the part that waits to be.
    private readonly record struct Entry(Residual Element, float Pending, bool Waiting);
}
