using Mimir.Decode.Lattices;

namespace Mimir.Decode.Tests.Support;

/// <summary>Small random lattices, and every one of their paths.</summary>
internal static class RandomLattices
{
    /// <summary>A lattice of words 0 to 3 and transition-id 1; its paths differ in length.</summary>
    public static Lattice Make(Random random, int states)
    {
        var builder = new LatticeBuilder();
        for (var state = 0; state < states; state++)
            builder.AddState();

        for (var state = 0; state + 1 < states; state++)
        {
            for (var arc = 0; arc < 2; arc++)
                builder.AddArc(state, Arc(random, random.Next(state + 1, states)));
        }

        builder.SetFinal(states - 1, LatticeWeight.One);
        return builder.Build();
    }

    /// <summary>A lattice of words 0 to 3 and transition-ids 1 to 3, whose paths all have as many frames.</summary>
    public static Lattice MakeEven(Random random, int frames, int width)
    {
        var builder = new LatticeBuilder();
        for (var state = 0; state < 1 + (frames * width); state++)
            builder.AddState();

        for (var frame = 0; frame < frames; frame++)
        {
            for (var from = frame == 0 ? 0 : width - 1; from >= 0; from--)
            {
                for (var to = 0; to < width; to++)
                    builder.AddArc(Number(frame, from), Arc(random, Number(frame + 1, to)) with { Input = 1 + random.Next(3) });
            }
        }

        for (var state = 0; state < width; state++)
            builder.SetFinal(Number(frames, state), new LatticeWeight(random.NextSingle(), 0));

        return builder.Build();

        int Number(int frame, int place) => frame == 0 ? 0 : 1 + ((frame - 1) * width) + place;
    }

    /// <summary>All paths with their words, transition-ids and costs.</summary>
    public static List<(string Words, int[] Transitions, double Cost)> Paths(Lattice lattice)
    {
        var paths = new List<(string, int[], double)>();
        if (lattice.StateCount > 0)
            Walk(0, "", [], 0);

        return paths;

        void Walk(int state, string words, int[] transitions, double cost)
        {
            if (!lattice.Final(state).IsZero)
                paths.Add((words, transitions, cost + lattice.Final(state).Cost));

            foreach (var arc in lattice.Arcs(state).ToArray())
            {
                Walk(
                    arc.Next,
                    arc.Word == 0 ? words : $"{words} {arc.Word}".Trim(),
                    arc.Input == 0 ? transitions : [.. transitions, arc.Input],
                    cost + arc.Weight.Cost);
            }
        }
    }

    private static LatticeArc Arc(Random random, int next) =>
        new(1, random.Next(4), new LatticeWeight(random.NextSingle(), random.NextSingle()), next);
}
