using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Search;

/// <summary>
/// The token-passing beam search of one utterance, a frame at a time (Povey et al., "Generating exact lattices in the WFST framework",
/// ICASSP 2012). It prunes what Kaldi's <c>LatticeFasterDecoder</c> prunes, in the same order and in the same single precision.
/// </summary>
internal sealed class BeamSearch
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
    private float[] _offsets = new float[1024];

    /// <summary>Prepares a search; see <see cref="LatticeDecoder(Fst, int[], DecoderOptions)"/>.</summary>
    /// <exception cref="InputException">The graph has transition-ids beyond the map, or an option is out of range.</exception>
    public BeamSearch(Fst graph, int[] pdfOfTransition, DecoderOptions options)
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

    /// <summary>Gets the number of frames since <see cref="Begin"/>.</summary>
    public int Frames { get; private set; }

    /// <summary>Gets the tokens and links.</summary>
    public TokenStore Store => _store;

    /// <summary>Gets the newest token of the newest frame, -1 when no path survived.</summary>
    public int Newest => _frames[Frames].First;

    /// <summary>Begins an utterance; what is left of another one is dropped.</summary>
    public void Begin()
    {
        Frames = 0;
        _store.Clear();
        _table.Detach(out _);
        _table.Resize(FirstTableSize);
        _frames[0] = TokenFrame.Empty;
        var start = _table.FindOrInsert(_graph.Start);
        _table[start].Token = _frames[0].First = _store.AddToken(0, _graph.Start, -1);
        FollowEpsilons(0, _options.Beam);
    }

    /// <summary>Checks the number of pdfs.</summary>
    /// <param name="pdfs">The number of scores of a frame.</param>
    /// <exception cref="InputException">There are fewer than the transition model needs.</exception>
    public void RequirePdfs(int pdfs)
    {
        if (pdfs < _pdfs)
            throw new InputException($"expected scores of {_pdfs} pdfs as in the transition model, got {pdfs}");
    }

    /// <summary>Goes on by one frame.</summary>
    /// <param name="scores">Its log-likelihoods by pdf, as many as <see cref="RequirePdfs"/> allows.</param>
    /// <exception cref="InputException">A score is NaN or plus infinity.</exception>
    public void Advance(ReadOnlySpan<float> scores)
    {
        var frame = Frames;
        Score(scores, frame);
        if (frame + 1 == _frames.Length)
            Array.Resize(ref _frames, 2 * _frames.Length);

        if (frame == _offsets.Length)
            Array.Resize(ref _offsets, 2 * _offsets.Length);

        if (frame % _options.PruneInterval == 0)
            _pruner.Prune(_frames.AsSpan(0, frame + 1), _options.LatticeBeam * _options.PruneScale);

        FollowEpsilons(frame + 1, Emit(frame));
        Frames = frame + 1;
    }

    /// <summary>
    /// The cost of ending now: how much worse the best path to a final state is than the best path; infinity when there is none.
    /// </summary>
    public float EndCost()
    {
        var (best, bestFinal) = (float.PositiveInfinity, float.PositiveInfinity);
        for (var token = Newest; token >= 0; token = _store.Tokens[token].Next)
        {
            ref readonly var reached = ref _store.Tokens[token];
            best = Math.Min(best, reached.Cost);
            bestFinal = Math.Min(bestFinal, reached.Cost + _graph.Final(reached.State));
        }

        return float.IsPositiveInfinity(bestFinal) ? bestFinal : bestFinal - best;
    }

    /// <summary>Ends the utterance; <see cref="Begin"/> must come next.</summary>
    public Lattice Finish()
    {
        var end = FinalCosts.Compute(_graph, _store, Newest);
        var frames = _frames.AsSpan(0, Frames + 1);
        _pruner.PruneFinal(frames, end.Costs, end.Best);
        return RawLattice.Build(_store, frames, _offsets, end.Costs);
    }

    /// <summary>Scales the log-likelihoods of a frame; they become costs when the frame's offset is known.</summary>
    private void Score(ReadOnlySpan<float> row, int frame)
    {
        if (_acousticCosts.Length != row.Length)
            _acousticCosts = new float[row.Length];

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

                var target = _table[Reach(arc.Next, frame + 1, token, cost, out _)].Token;
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
                var reached = Reach(arc.Next, frame, token, cost, out var changed, slack);
                _store.AddLink(token, _table[reached].Token, 0, arc.Output, arc.Weight, 0);
                if (changed && _graph.HasEpsilons(arc.Next))
                    _queue.Push(reached);
            }
        }

        _loops?.Cut(_frames.AsSpan(0, frame + 1));
    }

    /// <summary>Finds or creates the token of a state and lowers its cost to this one where the gain exceeds the slack.</summary>
    private int Reach(int state, int frame, int source, float cost, out bool changed, float slack = 0)
    {
        var entry = _table.FindOrInsert(state);
        var token = _table[entry].Token;
        if (token < 0)
        {
            token = _table[entry].Token = _frames[frame].First = _store.AddToken(cost, state, _frames[frame].First);
            _store.Tokens[token].Back = source;
            changed = true;
            return entry;
        }

        changed = _store.Tokens[token].Cost - slack > cost;
        if (changed)
            (_store.Tokens[token].Cost, _store.Tokens[token].Back) = (cost, source);

        return entry;
    }
}
