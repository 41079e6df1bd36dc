using System.Collections.Concurrent;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Search;

/// <summary>
/// Finds the frames at which a graph says the words of a path, whose transition-ids are known: a search in which each frame allows
/// its own transition-id only. It needs no lexicon. Thread-safe.
/// </summary>
public sealed class PathWords
{
    // No path that has the transition-ids is pruned; the lattice needs the best one alone.
    private static readonly DecoderOptions Options = new() { Beam = 1e6f, LatticeBeam = 1e-3f, AcousticScale = 1 };

    private readonly Fst _graph;
    private readonly int[] _identity;
    private readonly ConcurrentBag<LatticeDecoder> _idle = [];

    /// <summary>Prepares the search.</summary>
    /// <param name="graph">The decoding graph.</param>
    /// <param name="transitions">The number of transition-ids.</param>
    /// <exception cref="InputException">The graph has more transition-ids, or is empty.</exception>
    public PathWords(Fst graph, int transitions)
    {
        (_graph, _identity) = (graph, [.. Enumerable.Range(0, transitions + 1)]);
        _idle.Add(new(graph, _identity, Options));
    }

    /// <summary>Finds the words.</summary>
    /// <param name="alignment">The transition-ids of the path, one a frame.</param>
    /// <returns>Each word with the frame before which the graph says it; null where the graph has no such path.</returns>
    public IReadOnlyList<(int Word, int Frame)>? Find(IReadOnlyList<int> alignment)
    {
        var decoder = _idle.TryTake(out var idle) ? idle : new(_graph, _identity, Options);
        var lattice = decoder.Decode(new OnePath(alignment, _identity.Length));
        _idle.Add(decoder);
        return lattice.StateCount == 0 || lattice.IsPartial ? null : Words(lattice);
    }

    private static List<(int Word, int Frame)> Words(Lattice lattice)
    {
        // States are in topological order; the best way to the ends is found from behind.
        var costs = new double[lattice.StateCount];
        var next = new int[lattice.StateCount];
        for (var state = costs.Length - 1; state >= 0; state--)
        {
            costs[state] = lattice.Final(state).IsZero ? double.PositiveInfinity : lattice.Final(state).Cost;
            next[state] = -1;
            var arcs = lattice.Arcs(state);
            for (var arc = 0; arc < arcs.Length; arc++)
            {
                var cost = arcs[arc].Weight.Cost + costs[arcs[arc].Next];
                if (cost < costs[state])
                    (costs[state], next[state]) = (cost, arc);
            }
        }

        var words = new List<(int, int)>();
        var frame = 0;
        for (var state = 0; next[state] >= 0;)
        {
            var arc = lattice.Arcs(state)[next[state]];
            if (arc.Word != 0)
                words.Add((arc.Word, frame));

            frame += arc.Input == 0 ? 0 : 1;
            state = arc.Next;
        }

        return words;
    }

    /// <summary>Scores that allow one transition-id a frame.</summary>
    private sealed class OnePath(IReadOnlyList<int> alignment, int transitions) : IAcousticScores
    {
        private readonly float[] _row = [.. Enumerable.Repeat(float.NegativeInfinity, transitions)];
        private int _allowed;

        public int Frames => alignment.Count;

        public int Pdfs => transitions;

        public ReadOnlySpan<float> Frame(int frame)
        {
            _row[_allowed] = float.NegativeInfinity;
            _allowed = alignment[frame];
            _row[_allowed] = 0;
            return _row;
        }
    }
}
