namespace Mimir.Decode.Lattices;

/// <summary>Sums over the paths of a lattice, in natural logarithms of their probabilities (the negated costs).</summary>
public static class LatticeForwardBackward
{
    /// <summary>The logarithm of a sum of two numbers that are given by their logarithms.</summary>
    public static double LogAdd(double a, double b)
    {
        var (less, more) = a < b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(less) ? more : more + double.LogP1(Math.Exp(less - more));
    }

    /// <summary>The sum over the paths from the start to each state.</summary>
    public static double[] Forward(Lattice lattice)
    {
        var sums = Unreached(lattice.StateCount);
        for (var state = 0; state < sums.Length; state++)
        {
            foreach (ref readonly var arc in lattice.Arcs(state))
                sums[arc.Next] = LogAdd(sums[arc.Next], sums[state] - arc.Weight.Cost);
        }

        return sums;
    }

    /// <summary>The sum over the paths from each state to the ends.</summary>
    public static double[] Backward(Lattice lattice)
    {
        var sums = new double[lattice.StateCount];
        for (var state = sums.Length - 1; state >= 0; state--)
        {
            sums[state] = -lattice.Final(state).Cost;
            foreach (ref readonly var arc in lattice.Arcs(state))
                sums[state] = LogAdd(sums[state], sums[arc.Next] - arc.Weight.Cost);
        }

        return sums;
    }

    /// <summary>The sum over the paths from the start to each state.</summary>
    public static double[] Forward(WordLattice lattice)
    {
        var sums = Unreached(lattice.StateCount);
        for (var state = 0; state < sums.Length; state++)
        {
            foreach (var arc in lattice.Arcs(state))
                sums[arc.Next] = LogAdd(sums[arc.Next], sums[state] - arc.Weight.Cost);
        }

        return sums;
    }

    /// <summary>The sum over the paths from each state to the ends.</summary>
    public static double[] Backward(WordLattice lattice)
    {
        var sums = new double[lattice.StateCount];
        for (var state = sums.Length - 1; state >= 0; state--)
        {
            sums[state] = -lattice.Final(state).Cost;
            foreach (var arc in lattice.Arcs(state))
                sums[state] = LogAdd(sums[state], sums[arc.Next] - arc.Weight.Cost);
        }

        return sums;
    }

    private static double[] Unreached(int states)
    {
        var sums = new double[states];
        sums.AsSpan(Math.Min(1, states)).Fill(double.NegativeInfinity);
        return sums;
    }
}
