using Mimir.Base;

namespace Mimir.Decode.Lattices;

/// <summary>The times of the states of a lattice, in frames from its start.</summary>
public static class LatticeTimes
{
    /// <summary>The time of each state of a lattice of transition-ids.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <exception cref="InputException">Two paths to one state, or two ends, differ in their number of frames.</exception>
    public static int[] Of(Lattice lattice)
    {
        var times = Unknown(lattice.StateCount);
        var end = -1;
        for (var state = 0; state < times.Length; state++)
        {
            foreach (ref readonly var arc in lattice.Arcs(state))
                Set(ref times[arc.Next], times[state] + (arc.Input == 0 ? 0 : 1), $"state {arc.Next}");

            if (!lattice.Final(state).IsZero)
                Set(ref end, times[state], "the end");
        }

        return times;
    }

    /// <summary>The time of each state of a word lattice.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <exception cref="InputException">Two paths to one state differ in their number of frames.</exception>
    public static int[] Of(WordLattice lattice)
    {
        var times = Unknown(lattice.StateCount);
        for (var state = 0; state < times.Length; state++)
        {
            foreach (var arc in lattice.Arcs(state))
                Set(ref times[arc.Next], times[state] + arc.Alignment.Length, $"state {arc.Next}");
        }

        return times;
    }

    /// <summary>The number of frames of a word lattice: the greatest of its ends.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="times">The times of its states.</param>
    public static int Frames(WordLattice lattice, int[] times)
    {
        var frames = 0;
        for (var state = 0; state < times.Length; state++)
        {
            if (!lattice.Final(state).IsZero)
                frames = Math.Max(frames, times[state] + lattice.FinalAlignment(state).Length);
        }

        return frames;
    }

    private static int[] Unknown(int states)
    {
        var times = new int[states];
        Array.Fill(times, -1);
        if (states > 0)
            times[0] = 0;

        return times;
    }

    private static void Set(ref int time, int value, string place)
    {
        if (time >= 0 && time != value)
            throw new InputException($"the paths of the lattice to {place} have {time} and {value} frames: they must have as many");

        time = value;
    }
}
