using Mimir.Base;

namespace Mimir.Decode.Lattices.Sequence;

/// <summary>The competitors of an utterance: a lattice of transition-ids and the times of its states.</summary>
public sealed class DenominatorLattice
{
    /// <summary>Finds the times of a lattice.</summary>
    /// <param name="lattice">The lattice; all its paths have as many frames.</param>
    /// <exception cref="InputException">They have not, or there is no path.</exception>
    public DenominatorLattice(Lattice lattice)
    {
        if (lattice.StateCount == 0)
            throw new InputException("the lattice is empty");

        Lattice = lattice;
        Times = LatticeTimes.Of(lattice);
        Frames = Times.Max();
    }

    /// <summary>Gets the lattice.</summary>
    public Lattice Lattice { get; }

    /// <summary>Gets the number of frames.</summary>
    public int Frames { get; }

    /// <summary>Gets the frame that the arcs of each state stand for.</summary>
    internal int[] Times { get; }
}

/// <summary>Factors of the scores of a path.</summary>
/// <param name="Acoustic">Of log-likelihoods (Kaldi: --acoustic-scale).</param>
/// <param name="Graph">Of graph costs: language model, lexicon, transitions (Kaldi: --lm-scale).</param>
/// <param name="OldAcoustic">Of the acoustic costs that the lattice was made with; 0 replaces them (Kaldi:
/// --old-acoustic-scale).</param>
public sealed record SequenceScales(double Acoustic = 1, double Graph = 1, double OldAcoustic = 0);
