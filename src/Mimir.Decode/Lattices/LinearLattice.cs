namespace Mimir.Decode.Lattices;

/// <summary>A word of a path with its place in time.</summary>
/// <param name="Word">The word, 0 for silence.</param>
/// <param name="Begin">The first frame.</param>
/// <param name="Frames">The number of frames.</param>
public readonly record struct TimedWord(int Word, int Begin, int Frames);

/// <summary>Reads lattices of a single path.</summary>
public static class LinearLattice
{
    /// <summary>The lattice of one path; the words lie on its first frames, both costs at its end.</summary>
    /// <param name="alignment">Its transition-ids.</param>
    /// <param name="words">Its words.</param>
    /// <param name="weight">Its costs.</param>
    public static WordLattice Of(IReadOnlyList<int> alignment, IReadOnlyList<int> words, LatticeWeight weight)
    {
        var builder = new LatticeBuilder();
        var state = builder.AddState();
        for (var i = 0; i < Math.Max(alignment.Count, words.Count); i++)
        {
            var next = builder.AddState();
            builder.AddArc(state, new(alignment.ElementAtOrDefault(i), words.ElementAtOrDefault(i), LatticeWeight.One, next));
            state = next;
        }

        builder.SetFinal(state, weight);
        return builder.Build().ToWords();
    }

    /// <summary>The path of a lattice of transition-ids; null when it has none or more than one.</summary>
    public static LatticePath? Path(Lattice lattice)
    {
        if (lattice.StateCount == 0)
            return null;

        List<int> words = [], alignment = [];
        var weight = LatticeWeight.One;
        var state = 0;
        for (; lattice.Final(state).IsZero; state++)
        {
            if (lattice.Arcs(state).Length != 1)
                return null;

            var arc = lattice.Arcs(state)[0];
            weight = weight.Times(arc.Weight);
            if (arc.Word != 0)
                words.Add(arc.Word);
            if (arc.Input != 0)
                alignment.Add(arc.Input);
        }

        return lattice.Arcs(state).Length == 0 ? new LatticePath(words, alignment, weight.Times(lattice.Final(state))) : null;
    }

    /// <summary>
    /// The words of a word lattice, with the frames of their arcs; null when it has not just one path. Frames at the end that belong
    /// to no arc are left out.
    /// </summary>
    public static IReadOnlyList<TimedWord>? Words(WordLattice lattice)
    {
        if (lattice.StateCount == 0)
            return null;

        var words = new List<TimedWord>();
        var (state, frame) = (0, 0);
        for (; lattice.Final(state).IsZero; state++)
        {
            if (lattice.Arcs(state).Length != 1)
                return null;

            var arc = lattice.Arcs(state)[0];
            words.Add(new TimedWord(arc.Word, frame, arc.Alignment.Length));
            frame += arc.Alignment.Length;
        }

        return lattice.Arcs(state).Length == 0 ? words : null;
    }
}
