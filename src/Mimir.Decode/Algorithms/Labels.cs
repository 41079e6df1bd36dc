using Mimir.Base;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>Changes of labels, arc by arc.</summary>
public static class Labels
{
    /// <summary>Replaces input labels by epsilon, for example those of disambiguation (Kaldi: fstrmsymbols).</summary>
    /// <exception cref="InputException">Epsilon itself is named.</exception>
    public static void RemoveInputs(VectorFst fst, IEnumerable<int> labels)
    {
        var removed = Set(labels);
        fst.InputSymbols = null;
        Map(fst, arc => removed.Contains(arc.Input) ? arc with { Input = 0 } : arc);
    }

    /// <summary>Removes the arcs that have one of some input labels, and what is no more on a successful path.</summary>
    /// <exception cref="InputException">Epsilon itself is named.</exception>
    public static void RemoveArcsOfInputs(VectorFst fst, IEnumerable<int> labels)
    {
        var removed = Set(labels);
        var kept = new List<FstArc>();
        for (var state = 0; state < fst.StateCount; state++)
        {
            kept.Clear();
            foreach (ref readonly var arc in fst.Arcs(state))
            {
                if (!removed.Contains(arc.Input))
                    kept.Add(arc);
            }

            fst.SetArcs(state, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept));
        }

        Connection.Trim(fst);
    }

    /// <summary>Adds a cost to the arcs that have one of some input labels.</summary>
    /// <exception cref="InputException">Epsilon itself is named.</exception>
    public static void PenalizeInputs(VectorFst fst, IEnumerable<int> labels, float cost)
    {
        var meant = Set(labels);
        Map(fst, arc => meant.Contains(arc.Input) ? arc with { Weight = arc.Weight + cost } : arc);
    }

    /// <summary>Swaps the input and output labels (OpenFst: fstinvert).</summary>
    public static void Invert(VectorFst fst)
    {
        (fst.InputSymbols, fst.OutputSymbols) = (fst.OutputSymbols, fst.InputSymbols);
        Map(fst, arc => arc with { Input = arc.Output, Output = arc.Input });
    }

    /// <summary>
    /// Adds loops with disambiguation labels to the final states and those with an arc that has an output, so that the labels of the
    /// word level pass through a lexicon (Kaldi: fstaddselfloops).
    /// </summary>
    /// <param name="fst">The transducer, without these labels.</param>
    /// <param name="inputs">The input labels of the loops.</param>
    /// <param name="outputs">The output label of each loop.</param>
    /// <exception cref="InputException">The lists differ in length, a label is 0 or comes twice, or an arc has one already.</exception>
    public static void AddLoops(VectorFst fst, IReadOnlyList<int> inputs, IReadOnlyList<int> outputs)
    {
        if (inputs.Count != outputs.Count)
            throw new InputException($"expected an output label for each of {inputs.Count} input labels, got {outputs.Count}");

        var (inputSet, outputSet) = (Set(inputs), Set(outputs));
        if (inputSet.Count != inputs.Count || outputSet.Count != outputs.Count)
            throw new InputException("a label of disambiguation comes twice");

        for (var state = 0; state < fst.StateCount; state++)
        {
            var wanted = !float.IsPositiveInfinity(fst.Final(state));
            foreach (ref readonly var arc in fst.Arcs(state))
            {
                wanted |= arc.Output != 0;
                if (inputSet.Contains(arc.Input) || outputSet.Contains(arc.Output))
                    throw new InputException($"state {state}: an arc has the labels {arc.Input}:{arc.Output}, one of disambiguation");
            }

            for (var i = 0; wanted && i < inputs.Count; i++)
                fst.AddArc(state, new FstArc(inputs[i], outputs[i], 0, state));
        }
    }

    /// <summary>The input labels of all arcs in rising order, without epsilon.</summary>
    public static int[] Inputs(VectorFst fst) => Find(fst, arc => arc.Input);

    /// <summary>The output labels of all arcs in rising order, without epsilon.</summary>
    public static int[] Outputs(VectorFst fst) => Find(fst, arc => arc.Output);

    private static int[] Find(VectorFst fst, Func<FstArc, int> labelOf)
    {
        var labels = new HashSet<int>();
        for (var state = 0; state < fst.StateCount; state++)
        {
            foreach (ref readonly var arc in fst.Arcs(state))
                labels.Add(labelOf(arc));
        }

        labels.Remove(0);
        return [.. labels.Order()];
    }

    private static HashSet<int> Set(IEnumerable<int> labels)
    {
        var set = new HashSet<int>(labels);
        return set.All(label => label > 0)
            ? set
            : throw new InputException($"expected labels above 0, got {set.Min()}");
    }

    private static void Map(VectorFst fst, Func<FstArc, FstArc> change)
    {
        for (var state = 0; state < fst.StateCount; state++)
        {
            foreach (ref var arc in fst.Arcs(state))
                arc = change(arc);
        }
    }
}
