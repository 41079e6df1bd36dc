using System.Numerics;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices.Sequence;

/// <summary>
/// Maximum mutual information (MMI): the log-likelihood of the reference less that of the lattice (Veselý et al.,
/// "Sequence-discriminative training of deep neural networks", Interspeech 2013). Boosted MMI is the same on lattices that
/// <see cref="LatticeBoost"/> changed.
/// </summary>
/// <remarks>
/// As in Kaldi the reference has acoustic scores only, so that the objective can be positive; its graph scores are constant.
/// </remarks>
/// <param name="model">The model of transition-ids.</param>
/// <param name="scales">The factors of scores.</param>
/// <param name="dropFrames">Leave frames without gradient whose reference is not in the lattice (Kaldi: --drop-frames).</param>
public sealed class MutualInformation(TransitionModel model, SequenceScales scales, bool dropFrames = true)
    : SequenceCriterion(model, scales)
{
    // Kaldi: a posterior below it counts as none.
    private const double LeastPosterior = 1e-20;

    private protected override SequenceResult Evaluate<T>(
        RescoredLattice lattice, int[] times, ReadOnlySpan<int> reference, OutputRows<T> outputs, Span<T> gradient)
    {
        var onReference = new double[outputs.Frames];
        AddPosteriors(lattice, times, reference, outputs, gradient, onReference);
        var mismatched = new List<int>();
        double likelihood = 0;
        for (var frame = 0; frame < onReference.Length; frame++)
        {
            var pdf = Pdfs[reference[frame]];
            likelihood += outputs[frame, pdf];
            if (onReference[frame] < LeastPosterior)
                mismatched.Add(frame);
            if (!gradient.IsEmpty)
                gradient[outputs.Index(frame, pdf)] -= T.One;
        }

        if (dropFrames && !gradient.IsEmpty)
        {
            foreach (var frame in mismatched)
                gradient.Slice(outputs.Index(frame, 0), outputs.Columns).Clear();
        }

        return new((Scales.Acoustic * likelihood) - lattice.Total, onReference.Sum(), mismatched);
    }

    private void AddPosteriors<T>(
        RescoredLattice lattice, int[] times, ReadOnlySpan<int> reference, OutputRows<T> outputs, Span<T> gradient, double[] onReference)
        where T : struct, IFloatingPointIeee754<T>
    {
        var scores = lattice.Scores;
        var forward = lattice.Forward;
        var backward = lattice.Backward;
        var place = 0;
        for (var state = 0; state < times.Length; state++)
        {
            foreach (ref readonly var arc in lattice.Lattice.Arcs(state))
            {
                var score = scores[place++];
                if (arc.Input == 0)
                    continue;

                var (frame, pdf) = (times[state], Pdfs[arc.Input]);
                var posterior = Math.Exp(forward[state] + score + backward[arc.Next] - lattice.Total);
                if (pdf == Pdfs[reference[frame]])
                    onReference[frame] += posterior;
                if (!gradient.IsEmpty)
                    gradient[outputs.Index(frame, pdf)] += T.CreateTruncating(posterior);
            }
        }
    }
}
