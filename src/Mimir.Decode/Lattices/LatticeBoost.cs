using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices;

/// <summary>Options of <see cref="LatticeBoost"/>.</summary>
/// <param name="Factor">The discount of a wrong frame (Kaldi: --b).</param>
/// <param name="SilencePhones">Phones whose wrong frames count as <paramref name="MaxSilenceError"/>.</param>
/// <param name="MaxSilenceError">The error of a wrong frame of silence, from 0 to 1.</param>
public sealed record LatticeBoostOptions(float Factor, IReadOnlySet<int> SilencePhones, float MaxSilenceError = 0);

/// <summary>Makes wrong phones cheaper, for boosted MMI (Povey et al., "Boosted MMI for model and feature-space discriminative
/// training", ICASSP 2008).</summary>
public static class LatticeBoost
{
    /// <summary>Lowers the graph cost of each frame whose phone is not the reference's.</summary>
    /// <param name="lattice">A lattice.</param>
    /// <param name="model">The model of its transition-ids.</param>
    /// <param name="alignment">The transition-ids of the reference, one a frame.</param>
    /// <param name="options">How much.</param>
    /// <exception cref="InputException">The alignment has another length, or a transition-id is not the model's.</exception>
    public static Lattice Apply(Lattice lattice, TransitionModel model, int[] alignment, LatticeBoostOptions options)
    {
        var times = LatticeTimes.Of(lattice);
        var frames = times.DefaultIfEmpty().Max();
        if (frames != alignment.Length)
            throw new InputException($"the lattice has {frames} frames, the alignment {alignment.Length}");

        return lattice.Map(
            (state, arc) => arc.Input == 0 ? arc : arc with
            {
                Weight = arc.Weight with { Graph = arc.Weight.Graph - (options.Factor * Error(arc.Input, alignment[times[state]])) },
            },
            (_, final) => final);

        float Error(int transition, int reference)
        {
            if (transition > model.TransitionCount || reference < 1 || reference > model.TransitionCount)
            {
                throw new InputException(
                    $"the model has transition-ids 1 to {model.TransitionCount}, lattice and alignment have {transition} and "
                    + $"{reference}: they are of another model");
            }

            var phone = model.PhoneOf(transition);
            return phone == model.PhoneOf(reference) ? 0 : options.SilencePhones.Contains(phone) ? options.MaxSilenceError : 1;
        }
    }
}
