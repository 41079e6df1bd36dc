using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>
/// Composes one transducer with others on its right: the outputs of the left are the inputs of the right. Of paths that differ
/// only in the order of epsilons one remains (the sequence filter of Mohri, Pereira and Riley, "Weighted automata in text and speech
/// processing", 1996). States are numbered as OpenFst numbers them. Lookups in the left are kept from one composition to the next
/// (Kaldi: TableCompose). Not thread-safe.
/// </summary>
public sealed class TableComposer
{
    private readonly VectorFst _left;
    private readonly LabelLookup _leftArcs;

    // By state: no arcs but those without output, and not final; and no arcs without output.
    private readonly bool[] _onlyEpsilons;
    private readonly bool[] _noEpsilons;

    /// <summary>Prepares the left transducer, which must not change any more.</summary>
    /// <param name="left">Its arcs are sorted by output label.</param>
    /// <exception cref="InputException">The arcs are in another order.</exception>
    public TableComposer(VectorFst left)
    {
        if (!ArcOrder.IsByOutput(left))
        {
            throw new InputException(
                "the arcs of the left transducer are not sorted by output label; sort them with fstarcsort --sort_type=olabel");
        }

        _left = left;
        _leftArcs = new LabelLookup(left, byOutput: true);
        _onlyEpsilons = new bool[left.StateCount];
        _noEpsilons = new bool[left.StateCount];
        for (var state = 0; state < left.StateCount; state++)
        {
            var arcs = left.Arcs(state);
            var epsilons = 0;
            while (epsilons < arcs.Length && arcs[epsilons].Output == 0)
                epsilons++;

            _noEpsilons[state] = epsilons == 0;
            _onlyEpsilons[state] = epsilons == arcs.Length && float.IsPositiveInfinity(left.Final(state));
        }
    }

    /// <summary>Composes with a transducer on the right.</summary>
    /// <param name="right">The right transducer. Where its arcs are sorted by input label, they are looked up too.</param>
    /// <param name="trim">Removes states that no successful path passes.</param>
    /// <returns>The composition; empty where nothing matches.</returns>
    public VectorFst Compose(VectorFst right, bool trim = true)
    {
        var composition = new Composition(this, right);
        var result = composition.Run();
        if (trim)
            Connection.Trim(result);

        return result;
    }

    private sealed class Composition(TableComposer owner, VectorFst right)
    {
        private readonly VectorFst _left = owner._left;
        private readonly LabelLookup? _rightArcs = ArcOrder.IsByInput(right) ? new LabelLookup(right, byOutput: false) : null;
        private readonly PairNumbers _pairs = new();
        private readonly VectorFst _result = new() { InputSymbols = owner._left.InputSymbols, OutputSymbols = right.OutputSymbols };

        public VectorFst Run()
        {
            if (_left.Start < 0 || right.Start < 0)
                return _result;

            _result.Start = StateOf(_left.Start, right.Start, waited: false);
            for (var state = 0; state < _pairs.Count; state++)
            {
                var key = _pairs[state];
                Expand(state, (int)(key >> 32), (int)((uint)key >> 1), (key & 1) != 0);
            }

            return _result;
        }

        private int StateOf(int left, int next, bool waited)
        {
            var number = _pairs.Number(((long)left << 32) | ((uint)next << 1) | (waited ? 1u : 0), out var added);
            if (added)
            {
                var final = _left.Final(left) + right.Final(next);
                _result.AddState(final);
            }

            return number;
        }

        // 'waited' says that the left stood still while the right moved alone: it may not move alone then before a label matches.
        private void Expand(int state, int left, int other, bool waited)
        {
            if (_rightArcs is { } rightArcs && _left.Arcs(left).Length <= right.Arcs(other).Length)
            {
                RightAlone(state, left, rightArcs.Find(other, 0));
                foreach (ref readonly var arc in _left.Arcs(left))
                {
                    if (arc.Output == 0)
                        LeftAlone(state, arc, other, waited);
                    else
                        Both(state, arc, rightArcs.Find(other, arc.Output));
                }
            }
            else
            {
                if (!waited)
                {
                    foreach (ref readonly var arc in owner._leftArcs.Find(left, 0))
                        LeftAlone(state, arc, other, waited);
                }

                foreach (ref readonly var arc in right.Arcs(other))
                {
                    if (arc.Input == 0)
                        RightAlone(state, left, [arc]);
                    else
                        Both(state, owner._leftArcs.Find(left, arc.Input), arc);
                }
            }
        }

        private void RightAlone(int state, int left, ReadOnlySpan<FstArc> arcs)
        {
            if (owner._onlyEpsilons[left])
                return;

            foreach (ref readonly var arc in arcs)
                _result.AddArc(state, arc with { Next = StateOf(left, arc.Next, !owner._noEpsilons[left]) });
        }

        private void LeftAlone(int state, in FstArc arc, int other, bool waited)
        {
            if (!waited)
                _result.AddArc(state, arc with { Next = StateOf(arc.Next, other, waited: false) });
        }

        private void Both(int state, in FstArc leftArc, ReadOnlySpan<FstArc> arcs)
        {
            foreach (ref readonly var arc in arcs)
                Match(state, leftArc, arc);
        }

        private void Both(int state, ReadOnlySpan<FstArc> arcs, in FstArc rightArc)
        {
            foreach (ref readonly var arc in arcs)
                Match(state, arc, rightArc);
        }

        private void Match(int state, in FstArc leftArc, in FstArc rightArc) => _result.AddArc(state, new FstArc(
            leftArc.Input, rightArc.Output, leftArc.Weight + rightArc.Weight, StateOf(leftArc.Next, rightArc.Next, waited: false)));
    }
}
