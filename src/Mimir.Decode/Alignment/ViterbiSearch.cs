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
    private readonly StateTable _table = new();
    private readonly Stack<int> _queue = new();
    private (int State, int Trace)[] _tokens = new (int, int)[1024];
    private (int State, int Trace)[] _ending = new (int, int)[1024];
    private int[] _order = new int[1024];
    private float[] _costs = new float[256];

    /// <summary>Searches all frames.</summary>
    /// <param name="beam">A path this much worse than the best of its frame is pruned.</param>
    /// <returns>The best path that ends in a final state; null when none survived.</returns>
    /// <exception cref="InputException">A score is NaN or plus infinity.</exception>
    public AlignedPath? Run(float beam)
    {
        _traces.Clear();
        _table.Clear();
        if (_table.Size == 0)
            _table.Resize(FirstTableSize);

        Reach(new FstArc(0, 0, 0, graph.Start), 0, -1, 0, out _);
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
        var count = _table.Count;
        _table.List(ref _order);
        (_tokens, _ending) = (_ending, _tokens);
        _table.Clear();
        var (cutoff, beam, best) = Cutoff(count, wholeBeam);
        var nextCutoff = double.PositiveInfinity;
        if (best < 0)
            return nextCutoff;

        // The best token comes first: its successors give a tight bound for the others.
        var bestCost = _traces[_ending[best].Trace].Cost;
        foreach (ref readonly var arc in graph.Emitting(_ending[best].State))
            nextCutoff = Math.Min(nextCutoff, arc.Weight + bestCost + AcousticCost(frame, arc.Input) + beam);

        foreach (var token in _order.AsSpan(0, count))
        {
            var (state, trace) = _ending[token];
            var tokenCost = _traces[trace].Cost;
            if (tokenCost >= cutoff)
                continue;

            foreach (ref readonly var arc in graph.Emitting(state))
            {
                var cost = arc.Weight + tokenCost + AcousticCost(frame, arc.Input);
                if (cost >= nextCutoff)
                    continue;

                nextCutoff = Math.Min(nextCutoff, cost + beam);
                Reach(arc, cost, trace, 0, out _);
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

    private (double Cost, float Beam, int Best) Cutoff(int count, float beam)
    {
        if (_costs.Length < count)
            _costs = new float[2 * count];

        var (best, bestCost) = (-1, double.PositiveInfinity);
        for (var i = 0; i < count; i++)
        {
            var cost = _traces[_ending[_order[i]].Trace].Cost;
            _costs[i] = (float)cost;
            if (cost < bestCost)
                (best, bestCost) = (_order[i], cost);
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
        _table.List(ref _order);
        foreach (var token in _order.AsSpan(0, _table.Count))
            _queue.Push(token);

        while (_queue.TryPop(out var token))
        {
            var (state, trace) = _tokens[token];
            var tokenCost = _traces[trace].Cost;
            if (tokenCost > cutoff)
                continue;

            foreach (ref readonly var arc in graph.Epsilons(state))
            {
                var cost = tokenCost + arc.Weight;
                if (cost > cutoff)
                    continue;

                // Rounding must not make a loop of sum 0 an endless one.
                var inLoop = graph.Loops is { } loops && loops[state] != 0 && loops[state] == loops[arc.Next];
                var reached = Reach(arc, cost, trace, inLoop ? EpsilonLoops.Tolerance : 0, out var changed);
                if (changed)
                    _queue.Push(reached);
            }
        }
    }

    // Gives a state the path where it has none, or one that is worse by more than the slack.
    private int Reach(in FstArc arc, double cost, int trace, float slack, out bool changed)
    {
        var count = _table.Count;
        var token = _table.FindOrInsert(arc.Next);
        if (count == _tokens.Length)
            Array.Resize(ref _tokens, 2 * count);

        changed = token == count || _traces[_tokens[token].Trace].Cost - slack > cost;
        if (changed)
            _tokens[token] = (arc.Next, _traces.Add(cost, trace, arc));

        return token;
    }

    private void Compact()
    {
        var living = _tokens.AsSpan(0, _table.Count);
        var numbers = _traces.Compact(living);
        foreach (ref var token in living)
            token.Trace = numbers[token.Trace];
    }

    private int BestFinal()
    {
        var (best, bestCost) = (-1, double.PositiveInfinity);
        _table.List(ref _order);
        foreach (var token in _order.AsSpan(0, _table.Count))
        {
            var (state, trace) = _tokens[token];
            var cost = _traces[trace].Cost + graph.Final(state);
            if (cost < bestCost)
                (best, bestCost) = (trace, cost);
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
