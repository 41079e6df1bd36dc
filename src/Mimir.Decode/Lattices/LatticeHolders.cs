using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lattices;

/// <summary>Lattices of transition-ids as Kaldi keeps them; word lattices are expanded.</summary>
internal sealed class LatticeHolder : Holder<Lattice>
{
    public override bool HasBinaryMarker => false;

    public override Lattice Read(KaldiReader reader, bool binary) => LatticeReader.Read(reader, words: false).ToLattice();

    public override void Write(KaldiWriter writer, Lattice value) => LatticeWriter.Write(writer, value);
}

/// <summary>Word lattices as Kaldi keeps them (compact lattices); lattices of transition-ids are joined to chains.</summary>
internal sealed class WordLatticeHolder : Holder<WordLattice>
{
    public override bool HasBinaryMarker => false;

    public override WordLattice Read(KaldiReader reader, bool binary) => LatticeReader.Read(reader, words: true).ToWords();

    public override void Write(KaldiWriter writer, WordLattice value) => LatticeWriter.Write(writer, value);
}

/// <summary>Converts the two forms of a lattice to each other (Kaldi: ConvertLattice).</summary>
public static class LatticeConversion
{
    /// <summary>Joins chains of states to arcs of word lattices; words and weights stay on their paths.</summary>
    /// <param name="lattice">A lattice of transition-ids, whose words are at the begin of their chains.</param>
    public static WordLattice ToWords(this Lattice lattice)
    {
        var inner = InnerStates(lattice);
        var builder = new WordLatticeBuilder { IsPartial = lattice.IsPartial };
        var number = new int[lattice.StateCount];
        for (var state = 0; state < number.Length; state++)
        {
            if (!inner[state])
                number[state] = builder.AddState();
        }

        for (var state = 0; state < number.Length; state++)
        {
            if (inner[state])
                continue;

            foreach (ref readonly var arc in lattice.Arcs(state))
            {
                var (weight, next) = (arc.Weight, arc.Next);
                List<int> alignment = arc.Input == 0 ? [] : [arc.Input];
                for (; inner[next]; next = lattice.Arcs(next)[0].Next)
                {
                    ref readonly var link = ref lattice.Arcs(next)[0];
                    weight = weight.Times(link.Weight);
                    if (link.Input != 0)
                        alignment.Add(link.Input);
                }

                builder.AddArc(number[state], new WordArc(arc.Word, weight, [.. alignment], number[next]));
            }

            if (!lattice.Final(state).IsZero)
                builder.SetFinal(number[state], lattice.Final(state), []);
        }

        return builder.Build();
    }

    /// <summary>Expands the alignments of a word lattice to chains of states.</summary>
    /// <param name="lattice">A word lattice.</param>
    public static Lattice ToLattice(this WordLattice lattice)
    {
        var builder = new LatticeBuilder { IsPartial = lattice.IsPartial };
        for (var state = 0; state < lattice.StateCount; state++)
            builder.AddState();

        for (var state = 0; state < lattice.StateCount; state++)
        {
            if (!lattice.Final(state).IsZero)
                StringExpansion.AddEnd(builder, state, lattice.FinalAlignment(state), lattice.Final(state));

            foreach (var arc in lattice.Arcs(state))
                StringExpansion.AddChain(builder, state, arc);
        }

        return builder.Build();
    }

    // The inner states of chains: one arc in, one arc out, which has no word.
    private static bool[] InnerStates(Lattice lattice)
    {
        var entering = new int[lattice.StateCount];
        for (var state = 0; state < entering.Length; state++)
        {
            foreach (ref readonly var arc in lattice.Arcs(state))
                entering[arc.Next]++;
        }

        var inner = new bool[entering.Length];
        for (var state = 1; state < inner.Length; state++)
        {
            var arcs = lattice.Arcs(state);
            inner[state] = entering[state] == 1 && arcs.Length == 1 && arcs[0].Word == 0 && lattice.Final(state).IsZero;
        }

        return inner;
    }
}

/// <summary>A lattice of a file, in the form of the file.</summary>
internal sealed record LatticeFile(Lattice? Lattice, WordLattice? Words)
{
    public Lattice ToLattice() => Lattice ?? Words?.ToLattice() ?? throw new InputException("the lattice has no form");

    public WordLattice ToWords() => Words ?? Lattice?.ToWords() ?? throw new InputException("the lattice has no form");
}
