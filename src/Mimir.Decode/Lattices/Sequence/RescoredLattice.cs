using System.Buffers;
using System.Numerics;
using Mimir.Base;

namespace Mimir.Decode.Lattices.Sequence;

/// <summary>A lattice with the scores of a network and its sums over paths, all natural logarithms in double precision.</summary>
internal sealed class RescoredLattice : IDisposable
{
    private readonly double[] _scores;
    private readonly double[] _forward;
    private readonly double[] _backward;

    private RescoredLattice(Lattice lattice)
    {
        Lattice = lattice;
        _scores = ArrayPool<double>.Shared.Rent(lattice.ArcCount);
        _forward = ArrayPool<double>.Shared.Rent(lattice.StateCount);
        _backward = ArrayPool<double>.Shared.Rent(lattice.StateCount);
    }

    /// <summary>Gets the lattice.</summary>
    public Lattice Lattice { get; }

    /// <summary>Gets the score of each arc, in the order of the states and of their arcs.</summary>
    public ReadOnlySpan<double> Scores => _scores.AsSpan(0, Lattice.ArcCount);

    /// <summary>Gets the sum over the paths from the start to each state.</summary>
    public ReadOnlySpan<double> Forward => _forward.AsSpan(0, Lattice.StateCount);

    /// <summary>Gets the sum over the paths from each state to the ends.</summary>
    public ReadOnlySpan<double> Backward => _backward.AsSpan(0, Lattice.StateCount);

    /// <summary>Gets the sum over all paths.</summary>
    public double Total => _backward[0];

    /// <summary>Scores the arcs and sums over the paths.</summary>
    /// <param name="denominator">The lattice.</param>
    /// <param name="outputs">The log-likelihoods of its frames.</param>
    /// <param name="pdfs">The pdf of each transition-id.</param>
    /// <param name="scales">The factors of scores.</param>
    /// <exception cref="InputException">A transition-id is not the model's, or no path has a finite score.</exception>
    public static RescoredLattice Compute<T>(
        DenominatorLattice denominator, OutputRows<T> outputs, int[] pdfs, SequenceScales scales)
        where T : struct, IFloatingPointIeee754<T>
    {
        var result = new RescoredLattice(denominator.Lattice);
        try
        {
            result.Score(denominator.Times, outputs, pdfs, scales);
            result.Sum(scales);
            return double.IsFinite(result.Total)
                ? result
                : throw new InputException("no path of the lattice has a finite score: the network's outputs are not finite");
        }
        catch (InputException)
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>The score of ending in a state; negative infinity when it is no end.</summary>
    public static double FinalScore(LatticeWeight final, SequenceScales scales) => final.IsZero
        ? double.NegativeInfinity
        : -((scales.Graph * final.Graph) + (scales.Acoustic * scales.OldAcoustic * final.Acoustic));

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_scores);
        ArrayPool<double>.Shared.Return(_forward);
        ArrayPool<double>.Shared.Return(_backward);
    }

    private void Score<T>(int[] times, OutputRows<T> outputs, int[] pdfs, SequenceScales scales)
        where T : struct, IFloatingPointIeee754<T>
    {
        var place = 0;
        var old = scales.Acoustic * scales.OldAcoustic;
        for (var state = 0; state < times.Length; state++)
        {
            foreach (ref readonly var arc in Lattice.Arcs(state))
            {
                if (arc.Input >= pdfs.Length)
                {
                    throw new InputException(
                        $"the model has transition-ids 1 to {pdfs.Length - 1}, the lattice has {arc.Input}: it is of another model");
                }

                var likelihood = arc.Input == 0 ? 0 : outputs[times[state], pdfs[arc.Input]];
                _scores[place++] = (scales.Acoustic * likelihood) - (scales.Graph * arc.Weight.Graph) - (old * arc.Weight.Acoustic);
            }
        }
    }

    private void Sum(SequenceScales scales)
    {
        var states = Lattice.StateCount;
        _forward.AsSpan(0, states).Fill(double.NegativeInfinity);
        _forward[0] = 0;
        var place = 0;
        for (var state = 0; state < states; state++)
        {
            foreach (ref readonly var arc in Lattice.Arcs(state))
                _forward[arc.Next] = LatticeForwardBackward.LogAdd(_forward[arc.Next], _forward[state] + _scores[place++]);
        }

        for (var state = states - 1; state >= 0; state--)
        {
            var arcs = Lattice.Arcs(state);
            var sum = FinalScore(Lattice.Final(state), scales);
            place -= arcs.Length;
            for (var i = 0; i < arcs.Length; i++)
                sum = LatticeForwardBackward.LogAdd(sum, _backward[arcs[i].Next] + _scores[place + i]);

            _backward[state] = sum;
        }
    }
}
