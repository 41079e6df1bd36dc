namespace Mimir.Decode.Lattices;

/// <summary>A state of a determinized lattice under construction.</summary>
/// <param name="Subset">Its subset of input states.</param>
/// <param name="ForwardCost">The cost of the best path to it.</param>
internal sealed record OutputState(SubsetElement[] Subset, double ForwardCost)
{
    /// <summary>Gets the arcs so far; an end is an arc to <see cref="OutputArc.End"/>.</summary>
    public List<OutputArc> Arcs { get; } = [];
}

/// <summary>An arc of a determinized lattice under construction.</summary>
internal readonly record struct OutputArc(int Label, int String, LatticeWeight Weight, int Next)
{
    public const int End = -1;
}

/// <summary>Converts the output states of a determinization to lattices.</summary>
internal static class StringExpansion
{
    /// <summary>To a word lattice: strings stay on their arcs.</summary>
    public static WordLattice ToWords(List<OutputState> states, LabelStrings strings, bool isPartial)
    {
        var builder = new WordLatticeBuilder { IsPartial = isPartial };
        foreach (var _ in states)
            builder.AddState();

        for (var state = 0; state < states.Count; state++)
        {
            foreach (var arc in states[state].Arcs)
            {
                var alignment = strings.Labels(arc.String);
                if (arc.Next == OutputArc.End)
                    builder.SetFinal(state, arc.Weight, alignment);
                else
                    builder.AddArc(state, new WordArc(arc.Label, arc.Weight, alignment, arc.Next));
            }
        }

        return builder.Build();
    }

    /// <summary>To a lattice: a string becomes a chain of arcs, with label and weight on the first.</summary>
    public static Lattice ToLattice(List<OutputState> states, LabelStrings strings, bool isPartial)
    {
        var builder = new LatticeBuilder { IsPartial = isPartial };
        foreach (var _ in states)
            builder.AddState();

        for (var state = 0; state < states.Count; state++)
        {
            foreach (var arc in states[state].Arcs)
            {
                var labels = strings.Labels(arc.String);
                if (arc.Next == OutputArc.End)
                    AddEnd(builder, state, labels, arc.Weight);
                else
                    AddChain(builder, state, new WordArc(arc.Label, arc.Weight, labels, arc.Next));
            }
        }

        return builder.Build();
    }

    /// <summary>Adds an end behind a chain of arcs.</summary>
    public static void AddEnd(LatticeBuilder builder, int state, ReadOnlySpan<int> labels, LatticeWeight weight)
    {
        foreach (var label in labels)
        {
            var next = builder.AddState();
            builder.AddArc(state, new LatticeArc(label, 0, weight, next));
            (state, weight) = (next, LatticeWeight.One);
        }

        builder.SetFinal(state, weight);
    }

    /// <summary>Adds an arc as a chain, with word and weight on the first link.</summary>
    public static void AddChain(LatticeBuilder builder, int state, WordArc arc)
    {
        var (word, weight) = (arc.Word, arc.Weight);
        for (var i = 0; i + 1 < arc.Alignment.Length; i++)
        {
            var next = builder.AddState();
            builder.AddArc(state, new LatticeArc(arc.Alignment[i], word, weight, next));
            (state, word, weight) = (next, 0, LatticeWeight.One);
        }

        builder.AddArc(state, new LatticeArc(arc.Alignment.Length > 0 ? arc.Alignment[^1] : 0, word, weight, arc.Next));
    }
}
