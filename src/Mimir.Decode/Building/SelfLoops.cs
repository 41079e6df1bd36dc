using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Building;

/// <summary>
/// Adds the self-loops of the HMM states to a graph that has the other transition-ids as inputs, and the probabilities of leaving
/// (Kaldi: add-self-loops).
/// </summary>
public sealed class SelfLoops
{
    private const int None = -1;
    private const int Epsilon = 0;

    private readonly VectorFst _fst;
    private readonly TransitionModel _model;
    private readonly HashSet<int> _disambiguation;
    private readonly float _scale;

    private SelfLoops(VectorFst fst, TransitionModel model, HashSet<int> disambiguation, float scale) =>
        (_fst, _model, _disambiguation, _scale) = (fst, model, disambiguation, scale);

    /// <summary>Adds the self-loops.</summary>
    /// <param name="fst">The graph.</param>
    /// <param name="model">The transition model.</param>
    /// <param name="scale">Scale of their probabilities and those of leaving (Kaldi: --self-loop-scale).</param>
    /// <param name="reorder">Loop behind the transition that leaves the state, which decodes faster; otherwise before it.</param>
    /// <param name="disambiguation">The input labels that are no transition-ids; none by default.</param>
    /// <exception cref="InputException">The graph is empty, has self-loops already, or has a label that is no transition-id.</exception>
    public static void Add(
        VectorFst fst, TransitionModel model, float scale = 1, bool reorder = true, IEnumerable<int>? disambiguation = null)
    {
        if (fst.Start < 0)
            throw new InputException("the graph is empty: no path through the lexicon, the language model and the phones is successful");

        var adder = new SelfLoops(fst, model, [.. disambiguation ?? []], scale);
        if (reorder)
            adder.AddBehind();
        else
            adder.AddBefore();
    }

    // The tuple of a transition-id, from 1; 0 for other labels.
    private int ClassOf(int label)
    {
        if (label == 0 || _disambiguation.Contains(label))
            return Epsilon;
        if (label > _model.TransitionCount)
        {
            throw new InputException(
                $"input label {label} is above the model's {_model.TransitionCount} transition-ids; is the graph of this model, and "
                + "without symbols of disambiguation?");
        }

        return _model.IsSelfLoop(label)
            ? throw new InputException($"input label {label} is a self-loop: the graph has its self-loops already")
            : _model.TupleOf(label) + 1;
    }

    private void AddBehind()
    {
        var classes = SplitByArcsIn();
        for (var state = 0; state < classes.Length; state++)
        {
            if (classes[state] <= 0)
                continue;

            var cost = -_model.LeavingLogProbabilityOf(classes[state] - 1) * _scale;
            _fst.SetFinal(state, _fst.Final(state) + cost);
            foreach (ref var arc in _fst.Arcs(state))
                arc = arc with { Weight = arc.Weight + cost };

            AddLoop(state, classes[state] - 1);
        }
    }

    // Gives each state with arcs of several classes into it one state more for each class that is no epsilon.
    private int[] SplitByArcsIn()
    {
        var classes = new List<int>(new int[_fst.StateCount]);
        for (var state = 0; state < classes.Count; state++)
            classes[state] = None;

        classes[_fst.Start] = Epsilon;
        var mixed = new bool[_fst.StateCount];
        for (var state = 0; state < mixed.Length; state++)
        {
            foreach (ref readonly var arc in _fst.Arcs(state))
            {
                var found = ClassOf(arc.Input);
                mixed[arc.Next] |= classes[arc.Next] != None && classes[arc.Next] != found;
                if (classes[arc.Next] == None)
                    classes[arc.Next] = found;
            }
        }

        var added = new Dictionary<(int State, int Class), int>();
        for (var state = 0; state < mixed.Length; state++)
        {
            for (var i = 0; i < _fst.Arcs(state).Length; i++)
            {
                var arc = _fst.Arcs(state)[i];
                if (arc.Input == 0 || !mixed[arc.Next])
                    continue;

                var key = (arc.Next, ClassOf(arc.Input));
                if (!added.TryGetValue(key, out var between))
                {
                    added.Add(key, between = _fst.AddState());
                    classes.Add(key.Item2);
                    _fst.AddArc(between, new FstArc(0, 0, 0, arc.Next));
                }

                _fst.Arcs(state)[i] = arc with { Next = between };
            }
        }

        for (var state = 0; state < mixed.Length; state++)
        {
            if (mixed[state])
                classes[state] = Epsilon;
        }

        return [.. classes];
    }

    private void AddBefore()
    {
        SplitByArcsOut();
        var states = _fst.StateCount;
        for (var state = 0; state < states; state++)
        {
            var found = None;
            foreach (ref var arc in _fst.Arcs(state))
            {
                found = ClassOf(arc.Input);
                if (found > 0)
                    arc = arc with { Weight = arc.Weight - (_model.LeavingLogProbabilityOf(found - 1) * _scale) };
            }

            if (found > 0)
                AddLoop(state, found - 1);
        }
    }

    // Gives each arc with an input, of states whose arcs have several classes or that are final, a state of its own.
    private void SplitByArcsOut()
    {
        var states = _fst.StateCount;
        for (var state = 0; state < states; state++)
        {
            var found = None;
            var mixed = false;
            foreach (ref readonly var arc in _fst.Arcs(state))
            {
                var next = ClassOf(arc.Input);
                mixed |= found != None && found != next;
                found = next;
            }

            mixed |= found > 0 && !float.IsPositiveInfinity(_fst.Final(state));
            for (var i = 0; mixed && i < _fst.Arcs(state).Length; i++)
            {
                var arc = _fst.Arcs(state)[i];
                if (arc.Input == 0)
                    continue;

                var between = _fst.AddState();
                _fst.AddArc(between, new FstArc(arc.Input, 0, 0, arc.Next));
                _fst.Arcs(state)[i] = new FstArc(0, arc.Output, arc.Weight, between);
            }
        }
    }

    private void AddLoop(int state, int tuple)
    {
        if (_model.SelfLoopOf(tuple) is { } id)
            _fst.AddArc(state, new FstArc(id, 0, -_model.LogProbabilityOf(id) * _scale, state));
    }
}
