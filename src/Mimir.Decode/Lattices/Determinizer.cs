namespace Mimir.Decode.Lattices;

/// <summary>How a lattice is determinized.</summary>
public sealed record DeterminizerOptions
{
    /// <summary>
    /// Gets how much worse than the best path an alternative may be; the decoder's lattice beam. 10 unless set.
    /// </summary>
    public double Beam { get; init; } = 10;

    /// <summary>
    /// Gets a bound on the memory of one utterance, as the number of (state, string, weight) elements of 16
    /// bytes; lattices that need more come out as with a narrower beam. 2,000,000 unless set.
    /// </summary>
    public long MaxElements { get; init; } = 2_000_000;

    /// <summary>
    /// Gets for every transition-id the phone that it begins (the forward transition out of the first state of
    /// the phone's topology), 0 for all others. With it lattices are determinized over phones and words first,
    /// which is faster and what Kaldi's decoders do; without it over words at once. Both keep the same best
    /// paths.
    /// </summary>
    public int[]? PhoneBegins { get; init; }
}

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
