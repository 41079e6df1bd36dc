using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Search;

/// <summary>
/// A token-passing beam search over a decoding graph that keeps every path within the lattice beam of the best one
/// (Povey et al., "Generating exact lattices in the WFST framework", ICASSP 2012). It prunes what Kaldi's
/// <c>LatticeFasterDecoder</c> prunes, in the same order and in the same single precision. One decoder serves one
/// thread and any number of utterances, which do not influence each other; the graph is shared.
/// </summary>
public sealed class LatticeDecoder
{
    private const int FirstTableSize = 1000;

    private readonly Fst _graph;
    private readonly int[] _pdfOf;
    private readonly DecoderOptions _options;
    private readonly TokenStore _store = new();
    private readonly TokenTable _table = new();
    private readonly TokenPruner _pruner;
    private readonly LoopCutter? _loops;
    private readonly int _pdfs;
    private readonly Stack<int> _queue = new();
    private TokenFrame[] _frames = new TokenFrame[1024];
    private float[] _costs = new float[1024];
    private float[] _acousticCosts = [];
    private float[] _offsets = [];

    /// <summary>Creates a decoder.</summary>
    /// <param name="graph">The decoding graph (HCLG): transition-ids in, words out.</param>
    /// <param name="pdfOfTransition">The pdf of every transition-id; index 0 is not used.</param>
    /// <param name="options">Beams and scale.</param>
    /// <exception cref="InputException">The graph has transition-ids beyond the map, or an option is out of range.</exception>
    public LatticeDecoder(Fst graph, int[] pdfOfTransition, DecoderOptions options)
    {
        options.Check();
        if (graph.Start < 0)
            throw new InputException("the decoding graph is empty");

        var largest = graph.MaxInput();
        if (largest >= pdfOfTransition.Length)
        {
            throw new InputException(
                $"the graph has transition-id {largest}, the transition model only {pdfOfTransition.Length - 1}: " +
                "they do not belong together");
        }

        (_graph, _pdfOf, _options) = (graph, pdfOfTransition, options);
        _pdfs = pdfOfTransition.Length > 1 ? pdfOfTransition.AsSpan(1).ToArray().Max() + 1 : 0;
        _pruner = new TokenPruner(_store, options.LatticeBeam);
        _loops = graph.Loops is { } loops ? new LoopCutter(_store, loops) : null;
    }

    /// <summary>Decodes one utterance.</summary>
    /// <param name="scores">Its acoustic log-likelihoods; a pdf of minus infinity is never used.</param>
    /// <returns>The state-level lattice with scaled acoustic costs. When no path ends in a final state, every last state counts
    /// as final and <see cref="Lattice.IsPartial"/> is set. Empty when no path survived.</returns>
    /// <exception cref="InputException">There are fewer pdfs than the transition model needs, or a score is NaN or plus
    /// infinity.</exception>
    public Lattice Decode(IAcousticScores scores)
    {
        if (scores.Pdfs < _pdfs)
            throw new InputException($"expected scores of {_pdfs} pdfs as in the transition model, got {scores.Pdfs}");

        Begin(scores);
        for (var frame = 0; frame < scores.Frames; frame++)
        {
            if (frame % _options.PruneInterval == 0)
                _pruner.Prune(_frames.AsSpan(0, frame + 1), _options.LatticeBeam * _options.PruneScale);

            Score(scores, frame);
            FollowEpsilons(frame + 1, Emit(frame));
        }

        var end = FinalCosts.Compute(_graph, _store, _frames[scores.Frames].First);
        var frames = _frames.AsSpan(0, scores.Frames + 1);
        _pruner.PruneFinal(frames, end.Costs, end.Best);
        return RawLattice.Build(_store, frames, _offsets, end.Costs);
    }

    private void Begin(IAcousticScores scores)
    {
        _store.Clear();
        _table.Detach(out _);
        _table.Resize(FirstTableSize);
        if (_frames.Length <= scores.Frames)
            Array.Resize(ref _frames, scores.Frames + 1);

        if (_offsets.Length < scores.Frames)
            _offsets = new float[scores.Frames];

        if (_acousticCosts.Length != scores.Pdfs)
            _acousticCosts = new float[scores.Pdfs];

        _frames[0] = TokenFrame.Empty;
        var start = _table.FindOrInsert(_graph.Start);
        _table[start].Token = _frames[0].First = _store.AddToken(0, _graph.Start, -1);
        FollowEpsilons(0, _options.Beam);
    }

    /// <summary>Scales the log-likelihoods of a frame; they become costs when the frame's offset is known.</summary>
    private void Score(IAcousticScores scores, int frame)
    {
        var row = scores.Frame(frame);
        for (var pdf = 0; pdf < row.Length; pdf++)
        {
            var score = row[pdf];
            if (float.IsNaN(score) || float.IsPositiveInfinity(score))
                throw new InputException($"expected a log-likelihood of pdf {pdf} in frame {frame}, got {score}");

            _acousticCosts[pdf] = _options.AcousticScale * score;
        }
    }

    /// <summary>Continues the tokens along emitting arcs; returns the cutoff for the new tokens.</summary>
    private float Emit(int frame)
    {
        var entries = _table.Detach(out var head);
        var (cutoff, best) = Cutoff(entries, head);
        _frames[frame + 1] = TokenFrame.Empty;
        if (best < 0)
        {
            _offsets[frame] = 0;
            return float.PositiveInfinity;
        }

        // The best token comes first: its successors give a tight bound for the others. The offset keeps costs small, so that
        // single precision keeps differences in long utterances.
        var nextCutoff = float.PositiveInfinity;
        var offset = -_store.Tokens[entries[best].Token].Cost;
        foreach (ref readonly var arc in _graph.Emitting(entries[best].State))
        {
            var cost = arc.Weight + offset - _acousticCosts[_pdfOf[arc.Input]] - offset;
            nextCutoff = Math.Min(nextCutoff, cost + cutoff.Beam);
        }

        _offsets[frame] = offset;
        for (var entry = head; entry >= 0; entry = entries[entry].Next)
        {
            var token = entries[entry].Token;
            var tokenCost = _store.Tokens[token].Cost;
            if (tokenCost > cutoff.Cost)
                continue;

            foreach (ref readonly var arc in _graph.Emitting(entries[entry].State))
            {
                var acoustic = offset - _acousticCosts[_pdfOf[arc.Input]];
                var cost = tokenCost + acoustic + arc.Weight;
                if (cost >= nextCutoff)
                    continue;

                if (cost + cutoff.Beam < nextCutoff)
                    nextCutoff = cost + cutoff.Beam;

                var target = _table[Reach(arc.Next, frame + 1, cost, out _)].Token;
                _store.AddLink(token, target, arc.Input, arc.Output, arc.Weight, acoustic);
            }
        }

        return nextCutoff;
    }

    private (ActiveCutoff Cutoff, int Best) Cutoff(TokenEntry[] entries, int head)
    {
        var (count, best, bestCost) = (0, -1, float.PositiveInfinity);
        for (var entry = head; entry >= 0; entry = entries[entry].Next)
        {
            if (count == _costs.Length)
                Array.Resize(ref _costs, 2 * count);

            var cost = _store.Tokens[entries[entry].Token].Cost;
            _costs[count++] = cost;
            if (cost < bestCost)
                (best, bestCost) = (entry, cost);
        }

        var wanted = (int)Math.Min(count * _options.HashRatio, Array.MaxLength);
        if (wanted > _table.Size)
            _table.Resize(wanted);

        return (ActiveCutoff.Find(_costs.AsSpan(0, count), bestCost, _options), best);
    }

    /// <summary>Continues the tokens of a frame along epsilon arcs.</summary>
    private void FollowEpsilons(int frame, float cutoff)
    {
        for (var entry = _table.Head; entry >= 0; entry = _table[entry].Next)
        {
            if (_graph.HasEpsilons(_table[entry].State))
                _queue.Push(entry);
        }

        while (_queue.TryPop(out var entry))
        {
            var (state, token) = (_table[entry].State, _table[entry].Token);
            var tokenCost = _store.Tokens[token].Cost;
            if (tokenCost >= cutoff)
                continue;

            // A revisited state has become cheaper; its links are rebuilt.
            _store.FreeLinks(token);
            foreach (ref readonly var arc in _graph.Epsilons(state))
            {
                var cost = tokenCost + arc.Weight;
                if (cost >= cutoff)
                    continue;

                // Rounding must not make a loop of sum 0 an endless one.
                var slack = _loops is not null && _loops.MayClose(state, arc.Next) ? EpsilonLoops.Tolerance : 0;
                var reached = Reach(arc.Next, frame, cost, out var changed, slack);
                _store.AddLink(token, _table[reached].Token, 0, arc.Output, arc.Weight, 0);
                if (changed && _graph.HasEpsilons(arc.Next))
                    _queue.Push(reached);
            }
        }

        _loops?.Cut(_frames.AsSpan(0, frame + 1));
    }

    /// <summary>Finds or creates the token of a state and lowers its cost to this one where the gain exceeds the slack.</summary>
    private int Reach(int state, int frame, float cost, out bool changed, float slack = 0)
    {
        var entry = _table.FindOrInsert(state);
        var token = _table[entry].Token;
        if (token < 0)
        {
            _table[entry].Token = _frames[frame].First = _store.AddToken(cost, state, _frames[frame].First);
            changed = true;
            return entry;
        }

        changed = _store.Tokens[token].Cost - slack > cost;
        if (changed)
            _store.Tokens[token].Cost = cost;

        return entry;
    }
}
