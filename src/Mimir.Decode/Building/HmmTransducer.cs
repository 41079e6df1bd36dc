using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Decode.Building;

/// <summary>
/// Makes the transducer from transition-ids to context-dependent phones, without self-loops (Kaldi: make-h-transducer, hmm/hmm-utils.h):
/// one state from which the HMM of each label leads and to which it returns.
/// </summary>
public sealed class HmmTransducer
{
    private readonly ContextDependency _tree;
    private readonly TransitionModel _model;
    private readonly float _transitionScale;
    private readonly Dictionary<TransitionTuple, int> _tuples = [];

    // The HMMs that were made, by phone and distributions.
    private readonly Dictionary<int[], VectorFst> _hmms = new(WindowComparer.Instance);

    private HmmTransducer(ContextDependency tree, TransitionModel model, float transitionScale)
    {
        (_tree, _model, _transitionScale) = (tree, model, transitionScale);
        for (var index = 0; index < model.Tuples.Count; index++)
            _tuples.TryAdd(model.Tuples[index], index);
    }

    /// <summary>Makes the transducer.</summary>
    /// <param name="labels">The meaning of the output labels.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="model">The transition model.</param>
    /// <param name="transitionScale">Scale of the transition probabilities (Kaldi: --transition-scale).</param>
    /// <returns>The transducer, and the input labels of disambiguation, which follow the transition-ids.</returns>
    /// <exception cref="InputException">A label's window has another width than the tree, or tree and model do not know its
    /// phones.</exception>
    public static (VectorFst Fst, int[] Disambiguation) Make(
        ContextLabels labels, ContextDependency tree, TransitionModel model, float transitionScale = 1)
    {
        var maker = new HmmTransducer(tree, model, transitionScale);
        var fst = new VectorFst { Start = 0 };
        fst.AddState(0);
        var disambiguation = new List<int>();
        var entries = new Dictionary<VectorFst, FstArc>();
        for (var label = 1; label < labels.Windows.Count; label++)
        {
            if (labels.IsDisambiguation(label))
            {
                disambiguation.Add(model.TransitionCount + 1 + disambiguation.Count);
                Add(fst, entries, Acceptor(disambiguation[^1]), label);
            }
            else
            {
                Add(fst, entries, maker.HmmOf(labels.Windows[label]), label);
            }
        }

        return (fst, [.. disambiguation]);
    }

    private static VectorFst Acceptor(int label)
    {
        var fst = new VectorFst { Start = 0 };
        fst.AddState();
        fst.AddArc(0, new FstArc(label, label, 0, fst.AddState(0)));
        return fst;
    }

    // Puts an HMM beside the loop state; one that is there already is entered by an arc more.
    private static void Add(VectorFst fst, Dictionary<VectorFst, FstArc> entries, VectorFst hmm, int label)
    {
        if (entries.TryGetValue(hmm, out var entry))
        {
            fst.AddArc(0, entry with { Output = label });
            return;
        }

        var shared = hmm.Arcs(hmm.Start).Length == 1 && float.IsPositiveInfinity(hmm.Final(hmm.Start)) && !Returns(hmm);
        var states = new int[hmm.StateCount];
        for (var state = 0; state < states.Length; state++)
            states[state] = shared && state == hmm.Start ? 0 : fst.AddState();

        if (!shared)
        {
            entries.Add(hmm, entry = new FstArc(0, label, 0, states[hmm.Start]));
            fst.AddArc(0, entry);
        }

        for (var state = 0; state < states.Length; state++)
        {
            var enters = shared && state == hmm.Start;
            foreach (ref readonly var arc in hmm.Arcs(state))
            {
                var copy = new FstArc(arc.Input, enters ? label : 0, arc.Weight, states[arc.Next]);
                fst.AddArc(states[state], copy);
                if (enters)
                    entries.Add(hmm, copy);
            }

            if (!float.IsPositiveInfinity(hmm.Final(state)))
                fst.AddArc(states[state], new FstArc(0, 0, hmm.Final(state), 0));
        }
    }

    // Tests for a path from the start back to it.
    private static bool Returns(VectorFst hmm)
    {
        var seen = new bool[hmm.StateCount];
        var open = new Stack<int>([hmm.Start]);
        while (open.TryPop(out var state))
        {
            foreach (ref readonly var arc in hmm.Arcs(state))
            {
                if (arc.Next == hmm.Start)
                    return true;
                if (seen[arc.Next])
                    continue;

                seen[arc.Next] = true;
                open.Push(arc.Next);
            }
        }

        return false;
    }

    private VectorFst HmmOf(int[] window)
    {
        var key = PdfKeys.Of(_tree, _model.Topology, window);
        if (!_hmms.TryGetValue(key, out var hmm))
            _hmms.Add(key, hmm = Hmm(key[0], PdfKeys.StatesOf(_model.Topology, key[0]), key.AsSpan(1)));

        return hmm;
    }

    private VectorFst Hmm(int phone, IReadOnlyList<HmmState> states, ReadOnlySpan<int> pdfs)
    {
        var hmm = new VectorFst { Start = 0 };
        foreach (var _ in states)
            hmm.AddState();

        hmm.SetFinal(states.Count - 1);
        for (var from = 0; from < states.Count; from++)
        {
            var state = states[from];
            for (var index = 0; index < state.Transitions.Count; index++)
            {
                var to = state.Transitions[index].State;
                if (to == from)
                    continue;

                var (label, logProbability) = state.ForwardPdfClass < 0
                    ? (0, MathF.Log(state.Transitions[index].Probability))
                    : Transition(new TransitionTuple(phone, from, pdfs[state.ForwardPdfClass], pdfs[state.SelfLoopPdfClass]), index);
                hmm.AddArc(from, new FstArc(label, label, -logProbability, to));
            }
        }

        LocalEpsilonRemoval.Apply(hmm, default);
        for (var state = 0; state < hmm.StateCount; state++)
        {
            foreach (ref var arc in hmm.Arcs(state))
                arc = arc with { Weight = arc.Weight * _transitionScale };

            // A scale of 0 must not make an infinite cost a number.
            if (!float.IsPositiveInfinity(hmm.Final(state)))
                hmm.SetFinal(state, hmm.Final(state) * _transitionScale);
        }

        return hmm;
    }

    // The probability is that among the ways that leave the state.
    private (int Label, float LogProbability) Transition(TransitionTuple tuple, int index)
    {
        if (!_tuples.TryGetValue(tuple, out var number))
        {
            throw new InputException(
                $"the model has no state {tuple.HmmState} of phone {tuple.Phone} with distribution {tuple.ForwardPdf}, which the tree "
                + "names; is the tree of this model?");
        }

        var id = _model.TransitionIdOf(number, index);
        return (id, _model.LogProbabilityOf(id) - _model.LeavingLogProbabilityOf(number));
    }
}
