using Mimir.Base;

namespace Mimir.Decode.Lattices.Rescoring;

/// <summary>Replaces the acoustic costs of a lattice by those of another model (Kaldi: RescoreCompactLattice).</summary>
public static class AcousticRescoring
{
    /// <summary>Gives arcs and ends the costs of their frames.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="frames">The number of frames that have scores.</param>
    /// <param name="logLikelihood">The log-likelihood of a transition-id in a frame.</param>
    /// <param name="oldScale">The factor of the old costs, which are added; 0 discards them.</param>
    /// <exception cref="InputException">The lattice has more frames, or paths of different lengths.</exception>
    public static WordLattice Apply(WordLattice lattice, int frames, Func<int, int, float> logLikelihood, float oldScale = 0)
    {
        var times = LatticeTimes.Of(lattice);
        var length = LatticeTimes.Frames(lattice, times);
        if (length > frames)
            throw new InputException($"the features are too short for the lattice: {frames} frames, expected {length}");

        return lattice.Map(
            (state, arc) => arc with { Weight = Rescore(arc.Weight, times[state], arc.Alignment) },
            (state, weight) => Rescore(weight, times[state], lattice.FinalAlignment(state)));

        // Frame by frame in single precision, as Kaldi does it.
        LatticeWeight Rescore(LatticeWeight weight, int first, ReadOnlySpan<int> alignment)
        {
            var cost = oldScale == 0 ? 0 : oldScale * weight.Acoustic;
            for (var i = 0; i < alignment.Length; i++)
                cost -= logLikelihood(first + i, alignment[i]);

            return weight with { Acoustic = cost };
        }
    }
}
