namespace Mimir.Decode.Lattices.Rescoring;

/// <summary>Adds the costs of a word model to the paths of a lattice that it accepts.</summary>
public static class LatticeComposer
{
    /// <summary>
    /// Composes a lattice with a model: the words of the lattice are matched with the model's inputs, the model's outputs replace
    /// them. Of paths that differ only in the order of epsilons one remains.
    /// </summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="model">The model.</param>
    /// <returns>The lattice of all that both accept; empty where that is nothing.</returns>
    public static Lattice Compose(Lattice lattice, WordModel model)
    {
        var builder = new LatticeBuilder { IsPartial = lattice.IsPartial };
        var numbers = new Dictionary<(int State, int Other, bool Waited), int>();
        var open = new Queue<(int State, int Other, bool Waited, int Result)>();
        if (lattice.StateCount == 0 || model.Start < 0)
            return builder.Build();

        StateOf(0, model.Start, false);
        var found = new List<LatticeArc>();
        while (open.TryDequeue(out var pair))
        {
            // The model alone; 'waited' says that the lattice stood still, and may not move alone then before a word matches.
            found.Clear();
            model.Find(pair.Other, 0, found);
            foreach (var arc in found)
                builder.AddArc(pair.Result, arc with { Input = 0, Next = StateOf(pair.State, arc.Next, true) });

            foreach (ref readonly var arc in lattice.Arcs(pair.State))
            {
                if (arc.Word == 0)
                {
                    if (!pair.Waited)
                        builder.AddArc(pair.Result, arc with { Next = StateOf(arc.Next, pair.Other, false) });

                    continue;
                }

                found.Clear();
                model.Find(pair.Other, arc.Word, found);
                foreach (var match in found)
                {
                    builder.AddArc(pair.Result, new LatticeArc(
                        arc.Input, match.Word, arc.Weight.Times(match.Weight), StateOf(arc.Next, match.Next, false)));
                }
            }
        }

        return builder.Build();

        int StateOf(int state, int other, bool waited)
        {
            if (numbers.TryGetValue((state, other, waited), out var number))
                return number;

            number = builder.AddState();
            numbers.Add((state, other, waited), number);
            open.Enqueue((state, other, waited, number));
            if (!lattice.Final(state).IsZero && model.Final(other) is { IsZero: false } end)
                builder.SetFinal(number, lattice.Final(state).Times(end));

            return number;
        }
    }

    /// <summary>
    /// Adds a factor times the least cost of each word sequence in a model to graph costs (Kaldi: lattice-lmrescore). To replace one
    /// model by another, add -1 times the old one and then once the new one.
    /// </summary>
    /// <param name="lattice">The lattice; acoustic costs may have any scale.</param>
    /// <param name="model">The model.</param>
    /// <param name="factor">The factor; not 0.</param>
    /// <returns>A deterministic word lattice; empty where the model accepts none of the word sequences.</returns>
    public static WordLattice AddCosts(Lattice lattice, WordModel model, double factor)
    {
        ArgumentOutOfRangeException.ThrowIfZero(factor);

        // The best alternative within the model is looked for with its own sign.
        var composed = Compose(lattice.Scale(new LatticeScale(1 / factor, 1)), model);
        return Determinizer.Determinize(composed, new() { Beam = double.PositiveInfinity, MaxElements = long.MaxValue })
            .Scale(new LatticeScale(factor, 1));
    }
}
