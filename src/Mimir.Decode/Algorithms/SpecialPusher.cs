using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>
/// Pushes weights so that every state sums to the same, by the dominant eigenvector of the matrix of probabilities, which always
/// exists where the usual pushing may not (Hannemann, Povey and Zweig, "Combining forward and backward search in decoding", 2013;
/// Kaldi: fstpushspecial).
/// </summary>
public static class SpecialPusher
{
    private const int MaxIterations = 200;
    private const int TestEvery = 5;

    // The share of the old vector in the new, so that loops of one length converge too.
    private const double Inertia = 0.1;

    /// <summary>Pushes the weights.</summary>
    /// <param name="fst">The transducer.</param>
    /// <param name="delta">The largest difference between the sums of two states, as a cost.</param>
    /// <returns>False when 200 rounds did not reach it; the weights are pushed nevertheless.</returns>
    public static bool Push(VectorFst fst, float delta = 1 / 1024f)
    {
        if (fst.StateCount == 0 || fst.Start < 0)
            return true;

        var potentials = new double[fst.StateCount];
        Array.Fill(potentials, 1 / Math.Sqrt(fst.StateCount));
        var converged = Iterate(fst, ref potentials, delta);
        for (var state = 0; state < potentials.Length; state++)
            potentials[state] = -Math.Log(potentials[state]);

        for (var state = 0; state < potentials.Length; state++)
        {
            foreach (ref var arc in fst.Arcs(state))
                arc = arc with { Weight = (float)(arc.Weight + potentials[arc.Next] - potentials[state]) };

            fst.SetFinal(state, fst.Final(state) + (float)(potentials[fst.Start] - potentials[state]));
        }

        return converged;
    }

    private static bool Iterate(VectorFst fst, ref double[] vector, float delta)
    {
        var ways = Probabilities(fst);
        var next = new double[vector.Length];
        for (var round = 0; round < MaxIterations; round++)
        {
            Multiply(fst, ways, vector, next);
            if (round > 1 && (round - 1) % TestEvery == 0 && Error(vector, next) <= delta)
                return true;

            var squares = 0.0;
            for (var state = 0; state < next.Length; state++)
            {
                next[state] += Inertia * vector[state];
                squares += next[state] * next[state];
            }

            var scale = 1 / Math.Sqrt(squares);
            for (var state = 0; state < next.Length; state++)
                next[state] *= scale;

            (vector, next) = (next, vector);
        }

        return false;
    }

    // The largest quotient of two sums that pushing would leave, as a cost.
    private static double Error(double[] vector, double[] product)
    {
        var (least, most) = (double.PositiveInfinity, 0.0);
        for (var state = 0; state < vector.Length; state++)
        {
            var sum = product[state] / vector[state];
            least = Math.Min(least, sum);
            most = Math.Max(most, sum);
        }

        return Math.Log(most / least);
    }

    private static void Multiply(VectorFst fst, float[] ways, double[] vector, double[] product)
    {
        var way = 0;
        for (var state = 0; state < product.Length; state++)
        {
            var sum = ways[way++] * vector[fst.Start];
            foreach (ref readonly var arc in fst.Arcs(state))
                sum += ways[way++] * vector[arc.Next];

            product[state] = sum;
        }
    }

    // Of each state the final probability, then those of its arcs.
    private static float[] Probabilities(VectorFst fst)
    {
        var ways = new float[fst.StateCount + fst.ArcCount];
        var way = 0;
        for (var state = 0; state < fst.StateCount; state++)
        {
            ways[way++] = (float)Math.Exp(-fst.Final(state));
            foreach (ref readonly var arc in fst.Arcs(state))
                ways[way++] = (float)Math.Exp(-arc.Weight);
        }

        return ways;
    }
}
