using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;

namespace Mimir.Decode.Alignment;

/// <summary>
/// A token-passing beam search for the one best path of an utterance through a graph (Viterbi). It prunes what Kaldi's
/// <c>FasterDecoder</c> prunes, in the same order and the same double precision.
/// </summary>
/// <param name="graph">The graph: transition-ids in, words out.</param>
/// <param name="pdfOf">The pdf of every transition-id.</param>
/// <param name="scores">The acoustic log-likelihoods.</param>
/// <param name="acousticScale">Their scale.</param>
internal sealed class ViterbiSearch(Fst graph, int[] pdfOf, IAcousticScores scores, float acousticScale)
{
    private const int FirstTableSize = 1000;

    private readonly TraceStore _traces = new();
    private readonly TokenTable _table = new();
    private readonly Stack<int> _queue = new();
    private float[] _costs = new float[256];

    /// <summary>Searches all frames.</summary>
    /// <param name="beam">A path this much worse than the best of its frame is pruned.</param>
    /// <returns>The best path that ends in a final state; null when none survived.</returns>
    /// <exception cref="InputException">A score is NaN or plus infinity.</exception>
    public AlignedPath? Run(float beam)
    {
        _traces.Clear();
        _table.Detach(out _);
        if (_table.Size == 0)
            _table.Resize(FirstTableSize);

        _table[_table.FindOrInsert(graph.Start)].Token = _traces.Add(0, -1, new FstArc(0, 0, 0, graph.Start));
        FollowEpsilons(float.MaxValue);
        for (var frame = 0; frame < scores.Frames; frame++)
        {
            FollowEpsilons(Emit(frame, beam));
            if (_traces.IsFull)
                Compact();
        }

        return BestFinal() is var best && best < 0 ? null : Trace(best);
    }

    private double Emit(int frame, float wholeBeam)
    {
        var entries = _table.Detach(out var head);
        var (cutoff, beam, best) = Cutoff(entries, head, wholeBeam);
        var nextCutoff = double.PositiveInfinity;
        if (best < 0)
            return nextCutoff;

        // The best token comes first: its successors give a tight bound for the others.
        var bestCost = _traces[entries[best].Token].Cost;
        foreach (ref readonly var arc in graph.Emitting(entries[best].State))
            nextCutoff = Math.Min(nextCutoff, arc.Weight + bestCost + AcousticCost(frame, arc.Input) + beam);

        for (var entry = head; entry >= 0; entry = entries[entry].Next)
        {
            var token = entries[entry].Token;
            var tokenCost = _traces[token].Cost;
            if (tokenCost >= cutoff)
                continue;

            foreach (ref readonly var arc in graph.Emitting(entries[entry].State))
            {
                var cost = arc.Weight + tokenCost + AcousticCost(frame, arc.Input);
                if (cost >= nextCutoff)
                    continue;

                nextCutoff = Math.Min(nextCutoff, cost + beam);
                Reach(arc, cost, token, 0, out _);
            }
        }

        return nextCutoff;
    }

    private float AcousticCost(int frame, int transition)
    {
        var score = scores.Score(frame, pdfOf[transition]);
        return float.IsNaN(score) || float.IsPositiveInfinity(score)
            ? throw new InputException($"expected a log-likelihood of pdf {pdfOf[transition]} in frame {frame}, got {score}")
            : -(acousticScale * score);
    }

    private (double Cost, float Beam, int Best) Cutoff(TokenEntry[] entries, int head, float beam)
    {
        var (count, best, bestCost) = (0, -1, double.PositiveInfinity);
        for (var entry = head; entry >= 0; entry = entries[entry].Next)
        {
            if (count == _costs.Length)
                Array.Resize(ref _costs, 2 * count);

            var cost = _traces[entries[entry].Token].Cost;
            _costs[count++] = (float)cost;
            if (cost < bestCost)
                (best, bestCost) = (entry, cost);
        }

        var wanted = (int)(count * AlignmentOptions.HashRatio);
        if (wanted > _table.Size)
            _table.Resize(wanted);

        var byMinimum = count > AlignmentOptions.MinActive
            ? Quickselect.Smallest(_costs.AsSpan(0, count), AlignmentOptions.MinActive)
            : double.PositiveInfinity;
        return byMinimum > bestCost + beam
            ? (byMinimum, (float)(byMinimum - bestCost + AlignmentOptions.BeamDelta), best)
            : (bestCost + beam, beam, best);
    }

    private void FollowEpsilons(double cutoff)
    {
        for (var entry = _table.Head; entry >= 0; entry = _table[entry].Next)
            _queue.Push(entry);

        while (_queue.TryPop(out var entry))
        {
            var (state, token) = (_table[entry].State, _table[entry].Token);
            var tokenCost = _traces[token].Cost;
            if (tokenCost > cutoff)
                continue;

            foreach (ref readonly var arc in graph.Epsilons(state))
            {
                var cost = tokenCost + arc.Weight;
                if (cost > cutoff)
                    continue;

                // Rounding must not make a loop of sum 0 an endless one.
                var inLoop = graph.Loops is { } loops && loops[state] != 0 && loops[state] == loops[arc.Next];
                var reached = Reach(arc, cost, token, inLoop ? EpsilonLoops.Tolerance : 0, out var changed);
                if (changed)
                    _queue.Push(reached);
            }
        }
    }

    // Gives a state the path where it has none, or one that is worse by more than the slack.
    private int Reach(in FstArc arc, double cost, int token, float slack, out bool changed)
    {
        var entry = _table.FindOrInsert(arc.Next);
        var known = _table[entry].Token;
        changed = known < 0 || _traces[known].Cost - slack > cost;
        if (changed)
            _table[entry].Token = _traces.Add(cost, token, arc);

        return entry;
    }

    private void Compact()
    {
        var living = new List<int>();
        for (var entry = _table.Head; entry >= 0; entry = _table[entry].Next)
            living.Add(_table[entry].Token);

        var numbers = _traces.Compact(living);
        for (var entry = _table.Head; entry >= 0; entry = _table[entry].Next)
            _table[entry].Token = numbers[_table[entry].Token];
    }

    private int BestFinal()
    {
        var (best, bestCost) = (-1, double.PositiveInfinity);
        for (var entry = _table.Head; entry >= 0; entry = _table[entry].Next)
        {
            var cost = _traces[_table[entry].Token].Cost + graph.Final(_table[entry].State);
            if (cost < bestCost)
                (best, bestCost) = (_table[entry].Token, cost);
        }

        return best;
    }

    private AlignedPath Trace(int last)
    {
        var steps = new List<int>();
        for (var step = last; _traces[step].Previous >= 0; step = _traces[step].Previous)
            steps.Add(step);

        steps.Reverse();
        var (transitions, words, acoustics) = (new List<int>(), new List<int>(), new List<float>());
        float graphCost = 0, acousticCost = 0;
        foreach (var step in steps)
        {
            var (cost, previous, arc) = _traces[step];
            graphCost += arc.Weight;
            if (arc.Input != 0)
            {
                var acoustic = (float)(cost - _traces[previous].Cost) - arc.Weight;
                acousticCost += acoustic;
                transitions.Add(arc.Input);
                acoustics.Add(-acoustic / acousticScale);
            }

            if (arc.Output != 0)
                words.Add(arc.Output);
        }

        graphCost += graph.Final(_traces[last].Arc.Next);
        return new AlignedPath([.. transitions], [.. words], graphCost, acousticCost, [.. acoustics]);
    }
}
