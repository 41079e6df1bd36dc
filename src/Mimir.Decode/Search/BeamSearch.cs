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
    private readonly StateTable _table = new();
    private readonly TokenPruner _pruner;
    private readonly LoopCutter? _loops;
    private readonly int _pdfs;
    private readonly Stack<int> _queue = new();
    private long _arcs;
    private int[] _order = new int[1024];
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

    /// <summary>Gets the work of all utterances so far.</summary>
    public SearchCounts Counts { get; private set; }

    /// <summary>Gets the tokens and links.</summary>
    public TokenStore Store => _store;

    /// <summary>Begins an utterance; what is left of another one is dropped.</summary>
    public void Begin()
    {
        Frames = 0;
        _store.Clear();
        _table.Clear();
        _table.Resize(FirstTableSize);
        _store.BeginFrame();
        _store.Reserve(1);
        _table.FindOrInsert(_graph.Start);
        _store.AddToken(0, _graph.Start, TokenStore.NoBack);
        FollowEpsilons(_options.Beam);
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
        if (frame == _offsets.Length)
            Array.Resize(ref _offsets, 2 * _offsets.Length);

        if (frame % _options.PruneInterval == 0)
            _pruner.Prune(_options.LatticeBeam * _options.PruneScale);

        FollowEpsilons(Emit(frame));
        Counts = new SearchCounts(Counts.Frames + 1, Counts.Tokens + _table.Count, Counts.Arcs + _arcs);
        (Frames, _arcs) = (frame + 1, 0);
    }

    /// <summary>
    /// The cost of ending now: how much worse the best path to a final state is than the best path; infinity when there is none.
    /// </summary>
    public float EndCost()
    {
        var (best, bestFinal) = (float.PositiveInfinity, float.PositiveInfinity);
        for (var token = _store.Frame(Frames).First; token < _store.TokenCount; token++)
        {
            var cost = _store.Costs[token].Cost;
            best = Math.Min(best, cost);
            bestFinal = Math.Min(bestFinal, cost + _graph.Final(_store.Tokens[token].State));
        }

        return float.IsPositiveInfinity(bestFinal) ? bestFinal : bestFinal - best;
    }

    /// <summary>Ends the utterance; <see cref="Begin"/> must come next.</summary>
    public Lattice Finish()
    {
        var end = FinalCosts.Compute(_graph, _store);
        _pruner.PruneFinal(end.Costs, end.Best);
        return RawLattice.Build(_graph, _store, _offsets, end.Costs is null);
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
        var first = _store.Frame(frame).First;
        var count = _table.Count;
        _table.List(ref _order);
        var (cutoff, best) = Cutoff(first, count);
        _table.Clear();
        var wanted = (int)Math.Min(count * _options.HashRatio, Array.MaxLength);
        if (wanted > _table.Size)
            _table.Resize(wanted);

        _store.BeginFrame();
        if (best < 0)
        {
            _offsets[frame] = 0;
            return float.PositiveInfinity;
        }

        // The best token comes first: its successors give a tight bound for the others. The offset keeps costs small, so that
        // single precision keeps differences in long utterances.
        var nextCutoff = float.PositiveInfinity;
        var offset = -_store.Costs[first + best].Cost;
        foreach (ref readonly var arc in _graph.Emitting(_store.Tokens[first + best].State))
        {
            var cost = arc.Weight + offset - _acousticCosts[_pdfOf[arc.Input]] - offset;
            nextCutoff = Math.Min(nextCutoff, cost + cutoff.Beam);
        }

        _offsets[frame] = offset;
        foreach (var number in _order.AsSpan(0, count))
        {
            if (_store.Costs[first + number].Cost <= cutoff.Cost)
                Emit(first, number, offset, cutoff.Beam, ref nextCutoff);
        }

        _store.BeginLinks();
        return nextCutoff;
    }

    /// <summary>Continues one token along its emitting arcs.</summary>
    private void Emit(int first, int number, float offset, float beam, ref float nextCutoff)
    {
        var arcs = _graph.Emitting(_store.Tokens[first + number].State, out var firstArc);
        _store.Reserve(arcs.Length);
        var tokenCost = _store.Costs[first + number].Cost;
        var back = TokenStore.BackTo(number, sameFrame: false);
        var begin = _store.LinkCount;
        _arcs += arcs.Length;
        for (var a = 0; a < arcs.Length; a++)
        {
            ref readonly var arc = ref arcs[a];
            var acoustic = offset - _acousticCosts[_pdfOf[arc.Input]];
            var cost = tokenCost + acoustic + arc.Weight;
            if (cost >= nextCutoff)
                continue;

            if (cost + beam < nextCutoff)
                nextCutoff = cost + beam;

            var target = Reach(arc.Next, cost, back, 0, out _, out var known);
            if (cost - known <= _options.LatticeBeam)
                _store.AddLink(target, firstArc + a, arc.Weight, acoustic);
        }

        (_store.Tokens[first + number].EmittingBegin, _store.Tokens[first + number].EmittingEnd) = (begin, _store.LinkCount);
    }

    private (ActiveCutoff Cutoff, int Best) Cutoff(int first, int count)
    {
        if (_costs.Length < count)
            _costs = new float[2 * count];

        var (best, bestCost) = (-1, float.PositiveInfinity);
        for (var i = 0; i < count; i++)
        {
            var cost = _store.Costs[first + _order[i]].Cost;
            _costs[i] = cost;
            if (cost < bestCost)
                (best, bestCost) = (_order[i], cost);
        }

        return (ActiveCutoff.Find(_costs.AsSpan(0, count), bestCost, _options), best);
    }

    /// <summary>Continues the tokens of the newest frame along epsilon arcs.</summary>
    private void FollowEpsilons(float cutoff)
    {
        var first = _store.Frame(_store.FrameCount - 1).First;
        _table.List(ref _order);
        foreach (var number in _order.AsSpan(0, _table.Count))
        {
            if (_graph.HasEpsilons(_store.Tokens[first + number].State))
                _queue.Push(number);
        }

        while (_queue.TryPop(out var number))
        {
            if (_store.Costs[first + number].Cost < cutoff)
                FollowEpsilons(first, number, cutoff);
        }

        _loops?.Cut();
    }

    /// <summary>Continues one token along its epsilon arcs. When it comes again it is cheaper, and its links are made anew.</summary>
    private void FollowEpsilons(int first, int number, float cutoff)
    {
        var state = _store.Tokens[first + number].State;
        var tokenCost = _store.Costs[first + number].Cost;
        var arcs = _graph.Epsilons(state, out var firstArc);
        _store.Reserve(arcs.Length);
        var back = TokenStore.BackTo(number, sameFrame: true);
        var begin = _store.LinkCount;
        _arcs += arcs.Length;
        for (var a = 0; a < arcs.Length; a++)
        {
            ref readonly var arc = ref arcs[a];
            var cost = tokenCost + arc.Weight;
            if (cost >= cutoff)
                continue;

            // Rounding must not make a loop of sum 0 an endless one.
            var slack = _loops is not null && _loops.MayClose(state, arc.Next) ? EpsilonLoops.Tolerance : 0;
            var target = Reach(arc.Next, cost, back, slack, out var changed, out var known);
            if (cost - known <= _options.LatticeBeam)
                _store.AddLink(target, firstArc + a, arc.Weight, 0);

            if (changed && _graph.HasEpsilons(arc.Next))
                _queue.Push(target);
        }

        (_store.Tokens[first + number].EpsilonBegin, _store.Tokens[first + number].EpsilonEnd) = (begin, _store.LinkCount);
    }

    /// <summary>Finds or creates the token of a state and lowers its cost to this one where the gain exceeds the slack.</summary>
    private int Reach(int state, float cost, int back, float slack, out bool changed, out float known)
    {
        var count = _table.Count;
        var number = _table.FindOrInsert(state);
        if (number == count)
        {
            _store.AddToken(cost, state, back);
            (changed, known) = (true, cost);
            return number;
        }

        var token = _store.TokenCount - count + number;
        known = _store.Costs[token].Cost;
        changed = known - slack > cost;
        if (changed)
            (_store.Costs[token].Cost, _store.Tokens[token].Back, known) = (cost, back, cost);

        return number;
    }
}
