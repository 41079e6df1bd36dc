using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>
/// Removes epsilons where this makes the transducer smaller: an arc and the next one become one where their labels allow it and
/// the state between has only one arc in or one arc out (Kaldi: fstrmepslocal, fstext/remove-eps-local.h).
/// </summary>
public sealed class LocalEpsilonRemoval
{
    private readonly VectorFst _fst;
    private readonly EpsilonSums _sums;
    private readonly int _deleted;
    private readonly List<FstArc> _added = [];

    // The arcs into a state, and one for the start; the arcs out of a state, and one for being final.
    private readonly int[] _arcsIn;
    private readonly int[] _arcsOut;

    private LocalEpsilonRemoval(VectorFst fst, EpsilonSums sums)
    {
        _fst = fst;
        _sums = sums;
        _deleted = fst.AddState();
        _arcsIn = new int[fst.StateCount];
        _arcsOut = new int[fst.StateCount];
        _arcsIn[fst.Start]++;
        for (var state = 0; state < fst.StateCount; state++)
        {
            _arcsOut[state] = fst.Arcs(state).Length + (IsFinal(state) ? 1 : 0);
            foreach (ref readonly var arc in fst.Arcs(state))
                _arcsIn[arc.Next]++;
        }
    }

    /// <summary>Removes epsilons, and states that no successful path passes.</summary>
    /// <param name="fst">The transducer.</param>
    /// <param name="sums">What stays as it is in the log semiring, not the tropical one.</param>
    public static void Apply(VectorFst fst, EpsilonSums sums)
    {
        if (fst.Start < 0)
            return;

        var removal = new LocalEpsilonRemoval(fst, sums);
        for (var state = 0; state < fst.StateCount; state++)
        {
            for (var index = 0; index < fst.Arcs(state).Length; index++)
                removal.Try(state, index);
        }

        Connection.Trim(fst);
    }

    private bool IsFinal(int state) => !float.IsPositiveInfinity(_fst.Final(state));

    private void Try(int state, int index)
    {
        var arc = _fst.Arcs(state)[index];
        if (arc.Next == _deleted || arc.Next == state)
            return;
        if (_arcsIn[arc.Next] == 1 && _arcsOut[arc.Next] > 1)
            MergeIntoMany(state, index, arc);
        else if (_arcsOut[arc.Next] == 1)
            MergeIntoOne(state, index, arc);
    }

    // The next state has no other arc in: those of its arcs that can be joined move to this state, the others stay behind the arc.
    private void MergeIntoMany(int state, int index, FstArc arc)
    {
        var (removed, kept) = (float.PositiveInfinity, float.PositiveInfinity);
        _added.Clear();
        foreach (ref var next in _fst.Arcs(arc.Next))
        {
            if (next.Next == _deleted)
                continue;
            if (TryJoin(arc, next, out var joined))
            {
                removed = Sum(removed, next.Weight);
                _arcsOut[arc.Next]--;
                _arcsIn[next.Next]--;
                next = next with { Next = _deleted };
                _added.Add(joined);
            }
            else
            {
                kept = Sum(kept, next.Weight);
            }
        }

        if (IsFinal(arc.Next))
        {
            var final = _fst.Final(arc.Next);
            if (arc is { Input: 0, Output: 0 })
            {
                removed = Sum(removed, final);
                AddFinal(state, arc.Weight + final);
                _arcsOut[arc.Next]--;
                _fst.SetFinal(arc.Next, float.PositiveInfinity);
            }
            else
            {
                kept = Sum(kept, final);
            }
        }

        if (float.IsPositiveInfinity(kept) && !float.IsPositiveInfinity(removed))
            Delete(state, index);
        else if (!float.IsPositiveInfinity(removed))
            Reweight(state, index, kept - Sum(removed, kept));

        foreach (var joined in _added)
            Add(state, joined);
    }

    // The next state has one way out, and maybe several arcs in.
    private void MergeIntoOne(int state, int index, FstArc arc)
    {
        var last = _arcsIn[arc.Next] == 1;
        if (IsFinal(arc.Next))
        {
            if (arc is not { Input: 0, Output: 0 })
                return;

            AddFinal(state, arc.Weight + _fst.Final(arc.Next));
            if (last)
            {
                _arcsOut[arc.Next]--;
                _fst.SetFinal(arc.Next, float.PositiveInfinity);
            }
        }
        else
        {
            var arcs = _fst.Arcs(arc.Next);
            var only = 0;
            while (arcs[only].Next == _deleted)
                only++;

            var next = arcs[only];
            if (!TryJoin(arc, next, out var joined))
                return;
            if (last)
            {
                _arcsOut[arc.Next]--;
                _arcsIn[next.Next]--;
                arcs[only] = next with { Next = _deleted };
            }

            Add(state, joined);
        }

        Delete(state, index);
    }

    private void AddFinal(int state, float cost)
    {
        if (!IsFinal(state))
            _arcsOut[state]++;

        var final = _fst.Final(state);
        _fst.SetFinal(state, _sums.Paths ? LogSum.Add(final, cost) : Math.Min(final, cost));
    }

    private void Add(int state, FstArc arc)
    {
        _arcsOut[state]++;
        _arcsIn[arc.Next]++;
        _fst.AddArc(state, arc);
    }

    private void Delete(int state, int index)
    {
        ref var arc = ref _fst.Arcs(state)[index];
        _arcsOut[state]--;
        _arcsIn[arc.Next]--;
        arc = arc with { Next = _deleted };
    }

    // What was removed from the next state is added to the others of its ways out, and taken from the arc.
    private void Reweight(int state, int index, float cost)
    {
        ref var arc = ref _fst.Arcs(state)[index];
        arc = arc with { Weight = arc.Weight + cost };
        foreach (ref var next in _fst.Arcs(arc.Next))
        {
            if (next.Next != _deleted)
                next = next with { Weight = next.Weight - cost };
        }

        if (IsFinal(arc.Next))
            _fst.SetFinal(arc.Next, _fst.Final(arc.Next) - cost);
    }

    private float Sum(float a, float b) => _sums.States ? LogSum.Add(a, b) : Math.Min(a, b);

    private static bool TryJoin(in FstArc first, in FstArc second, out FstArc joined)
    {
        joined = new FstArc(
            first.Input != 0 ? first.Input : second.Input,
            first.Output != 0 ? first.Output : second.Output,
            first.Weight + second.Weight,
            second.Next);
        return (first.Input == 0 || second.Input == 0) && (first.Output == 0 || second.Output == 0);
    }
}

/// <summary>The sums that the removal of epsilons keeps in the log semiring; the others it keeps in the tropical one.</summary>
/// <param name="Paths">The costs of paths.</param>
/// <param name="States">That the ways out of states sum to 1.</param>
public readonly record struct EpsilonSums(bool Paths, bool States)
{
    /// <summary>Gets the sums of decoding graphs: paths in the tropical semiring, states in the log semiring.</summary>
    public static EpsilonSums OfGraphs => new(Paths: false, States: true);
}
