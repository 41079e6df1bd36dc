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
        var matrix = new ProbabilityMatrix(fst);
        var next = new double[vector.Length];
        for (var round = 0; round < MaxIterations; round++)
        {
            matrix.Multiply(vector, next);
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

    /// <summary>The probabilities between states, those of the end as if it were the start, in flat arrays.</summary>
    private sealed class ProbabilityMatrix
    {
        private const int Block = 1 << 14;

        private readonly int[] _offsets;
        private readonly int[] _targets;
        private readonly float[] _values;

        public ProbabilityMatrix(VectorFst fst)
        {
            _offsets = new int[fst.StateCount + 1];
            _targets = new int[fst.StateCount + fst.ArcCount];
            _values = new float[_targets.Length];
            var way = 0;
            for (var state = 0; state < fst.StateCount; state++)
            {
                Add(ref way, fst.Start, fst.Final(state));
                foreach (ref readonly var arc in fst.Arcs(state))
                    Add(ref way, arc.Next, arc.Weight);

                _offsets[state + 1] = way;
            }
        }

        // Each state's sum is its own, so that the number of threads does not matter.
        public void Multiply(double[] vector, double[] product) => Parallel.For(0, (product.Length + Block - 1) / Block, block =>
        {
            var end = Math.Min(product.Length, (block + 1) * Block);
            for (var state = block * Block; state < end; state++)
            {
                var sum = 0.0;
                for (var way = _offsets[state]; way < _offsets[state + 1]; way++)
                    sum += _values[way] * vector[_targets[way]];

                product[state] = sum;
            }
        });

        private void Add(ref int way, int target, float cost)
        {
            _targets[way] = target;
            _values[way++] = (float)Math.Exp(-cost);
        }
    }
}
