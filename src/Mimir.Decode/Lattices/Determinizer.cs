namespace Mimir.Decode.Lattices;

/// <summary>Turns the lattice of a search into a word lattice: each word sequence once, with its best path.</summary>
public static class Determinizer
{
    /// <summary>Determinizes a lattice; acoustic costs keep the scale they have.</summary>
    /// <param name="lattice">What a search gave.</param>
    /// <param name="options">Beam, memory, phones.</param>
    public static WordLattice Determinize(Lattice lattice, DeterminizerOptions options)
    {
        if (lattice.StateCount == 0)
            return new WordLatticeBuilder { IsPartial = lattice.IsPartial }.Build();

        if (options.PhoneBegins is { } begins)
        {
            var (withPhones, firstPhone) = InsertPhones(lattice, begins);
            lattice = DeletePhones(PrunedDeterminizer.ToLattice(withPhones, options.Beam, options.MaxElements), firstPhone);
        }

        return PrunedDeterminizer.ToWords(lattice, options.Beam, options.MaxElements);
    }

    /// <summary>
    /// Puts the phone that an arc begins on it, as a word beyond all words; an arc with a word gets a second arc.
    /// </summary>
    private static (Lattice Lattice, int FirstPhone) InsertPhones(Lattice lattice, int[] begins)
    {
        var first = 1;
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (ref readonly var arc in lattice.Arcs(state))
                first = Math.Max(first, arc.Word + 1);
        }

        var builder = Copy(lattice);
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (ref readonly var arc in lattice.Arcs(state))
            {
                // As in Kaldi the start's own arcs go without: no path before them needs telling apart.
                var phone = state == 0 || arc.Input == 0 ? 0 : begins[arc.Input];
                if (phone == 0)
                {
                    builder.AddArc(state, arc);
                }
                else if (arc.Word == 0)
                {
                    builder.AddArc(state, arc with { Word = first + phone });
                }
                else
                {
                    var between = builder.AddState();
                    builder.AddArc(state, arc with { Next = between });
                    builder.AddArc(between, new LatticeArc(0, first + phone, LatticeWeight.One, arc.Next));
                }
            }
        }

        return (builder.Build(), first);
    }

    private static Lattice DeletePhones(Lattice lattice, int firstPhone)
    {
        var builder = Copy(lattice);
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (ref readonly var arc in lattice.Arcs(state))
                builder.AddArc(state, arc.Word >= firstPhone ? arc with { Word = 0 } : arc);
        }

        return builder.Build();
    }

    private static LatticeBuilder Copy(Lattice lattice)
    {
        var builder = new LatticeBuilder { IsPartial = lattice.IsPartial };
        for (var state = 0; state < lattice.StateCount; state++)
            builder.SetFinal(builder.AddState(), lattice.Final(state));

        return builder;
    }
}
