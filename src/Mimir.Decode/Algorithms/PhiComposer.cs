using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>
/// Composes transducers with a back-off model on the right whose back-off arcs have a label of their own, phi: they are taken where
/// a state has no arc for a label, and never beside it (Kaldi: fstphicompose). Final costs of the model back off too.
/// </summary>
public sealed class PhiComposer
{
    private readonly VectorFst _model;
    private readonly int _phi;
    private readonly LabelLookup _arcs;

    /// <summary>Prepares the model.</summary>
    /// <param name="model">The model; final costs are added where they follow by back-off.</param>
    /// <param name="phi">The input label of back-off arcs.</param>
    /// <exception cref="InputException">A state has several back-off arcs, or they form a loop.</exception>
    public PhiComposer(VectorFst model, int phi)
    {
        _model = model;
        _phi = phi;
        ArcOrder.SortByInput(model);
        _arcs = new LabelLookup(model, byOutput: false);
        for (var state = 0; state < model.StateCount; state++)
            AddFinal(state);
    }

    /// <summary>Composes with a transducer on the left.</summary>
    /// <returns>The composition, trimmed.</returns>
    public VectorFst Compose(VectorFst left)
    {
        var result = new VectorFst { InputSymbols = left.InputSymbols, OutputSymbols = _model.OutputSymbols };
        if (left.Start < 0 || _model.Start < 0)
            return result;

        var pairs = new PairNumbers();
        result.Start = StateOf(left.Start, _model.Start);
        for (var state = 0; state < pairs.Count; state++)
        {
            var (from, other) = ((int)(pairs[state] >> 32), (int)pairs[state]);
            foreach (ref readonly var arc in left.Arcs(from))
            {
                if (arc.Output == 0)
                {
                    result.AddArc(state, arc with { Next = StateOf(arc.Next, other) });
                    continue;
                }

                var (at, cost) = BackOff(other, arc.Output);
                foreach (ref readonly var match in at < 0 ? [] : _arcs.Find(at, arc.Output))
                {
                    var weight = arc.Weight + cost + match.Weight;
                    result.AddArc(state, new FstArc(arc.Input, match.Output, weight, StateOf(arc.Next, match.Next)));
                }
            }
        }

        Connection.Trim(result);
        return result;

        int StateOf(int from, int other)
        {
            var number = pairs.Number(((long)from << 32) | (uint)other, out var added);
            if (added)
                result.AddState(left.Final(from) + _model.Final(other));

            return number;
        }
    }

    // The first state on the way back that has the label, -1 for none, and the cost to it.
    private (int State, float Cost) BackOff(int state, int label)
    {
        var cost = 0f;
        while (_arcs.Find(state, label).Length == 0)
        {
            if (PhiOf(state) is not { } arc)
                return (-1, 0);

            cost += arc.Weight;
            state = arc.Next;
        }

        return (state, cost);
    }

    private FstArc? PhiOf(int state)
    {
        var arcs = _arcs.Find(state, _phi);
        return arcs.Length switch
        {
            0 => null,
            1 => arcs[0],
            _ => throw new InputException($"state {state} has {arcs.Length} arcs with label {_phi}; expected at most one back-off arc"),
        };
    }

    private void AddFinal(int state)
    {
        var cost = 0f;
        var at = state;
        for (var steps = 0; float.IsPositiveInfinity(_model.Final(at)); steps++)
        {
            if (PhiOf(at) is not { } arc)
                return;
            if (steps > _model.StateCount)
                throw new InputException($"state {state}: back-off arcs form a loop");

            cost += arc.Weight;
            at = arc.Next;
        }

        if (at != state)
            _model.SetFinal(state, cost + _model.Final(at));
    }
}
