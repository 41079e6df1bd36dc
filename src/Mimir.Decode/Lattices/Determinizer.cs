using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices;

/// <summary>Options of <see cref="Determinizer"/>.</summary>
public sealed record DeterminizerOptions
{
    /// <summary>Greatest cost of an alternative beyond that of the best path; the decoder's lattice beam.</summary>
    public double Beam { get; init; } = 10;

    /// <summary>
    /// Limit of memory for one utterance, in (state, string, weight) elements of 16 bytes; lattices that need more come out as
    /// with a narrower beam.
    /// </summary>
    public long MaxElements { get; init; } = 2_000_000;

    /// <summary>
    /// Gets for every transition-id the phone that it begins (the forward transition out of the first state of the phone's
    /// topology), 0 for all others. With it lattices are determinized over phones and words first, which is faster and is what
    /// Kaldi's decoders do; without it over words at once. Both keep the same best paths.
    /// </summary>
    public int[]? PhoneBegins { get; init; }

    /// <summary>The phone that each transition-id begins, 0 for those inside a phone; for <see cref="PhoneBegins"/>.</summary>
    /// <param name="transitions">The transition model.</param>
    public static int[] PhoneBeginsOf(TransitionModel transitions)
    {
        var begins = new int[transitions.TransitionCount + 1];
        for (var id = 1; id < begins.Length; id++)
            begins[id] = transitions.HmmStateOf(id) == 0 && !transitions.IsSelfLoop(id) ? transitions.PhoneOf(id) : 0;

        return begins;
    }
}

/// <summary>Determinizes the lattice of a search to a word lattice: each word sequence once, with its best path.</summary>
public static class Determinizer
{
    /// <summary>Determinizes a lattice; the scale of acoustic costs is unchanged.</summary>
    /// <param name="lattice">The lattice of a search.</param>
    /// <param name="options">Beam, memory, phones.</param>
    public static WordLattice Determinize(Lattice lattice, DeterminizerOptions options)
    {
        if (lattice.StateCount == 0)
            return new WordLatticeBuilder { IsPartial = lattice.IsPartial }.Build();

        if (options.PhoneBegins is { } begins)
        {
            var (withPhones, firstPhone) = InsertPhones(lattice, begins);
            lattice = PrunedDeterminizer.ToLattice(withPhones, options.Beam, options.MaxElements)
                .Map(arc => arc.Weight, arc => arc.Word >= firstPhone ? 0 : arc.Word);
        }

        return PrunedDeterminizer.ToWords(lattice, options.Beam, options.MaxElements);
    }

    /// <summary>
    /// Marks the first arc of each phone with the phone, as a word beyond all words; an arc with a word gets a second arc.
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
                // As in Kaldi, arcs of the start state have no mark.
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

    private static LatticeBuilder Copy(Lattice lattice)
    {
        var builder = new LatticeBuilder { IsPartial = lattice.IsPartial };
        for (var state = 0; state < lattice.StateCount; state++)
            builder.SetFinal(builder.AddState(), lattice.Final(state));

        return builder;
    }
}
