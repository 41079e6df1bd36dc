using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices.Confidence;

/// <summary>The posteriors of a lattice.</summary>
/// <param name="Transitions">For each frame the transition-ids with their posteriors.</param>
/// <param name="LogLikelihood">The logarithm of the sum of all paths.</param>
/// <param name="AcousticLogLikelihood">The expected acoustic log-likelihood of a path.</param>
public sealed record LatticePosteriors(Posterior Transitions, double LogLikelihood, double AcousticLogLikelihood)
{
    /// <summary>Computes the posteriors by the forward-backward algorithm.</summary>
    /// <param name="lattice">A lattice whose costs are scaled as they count.</param>
    /// <exception cref="InputException">Its paths differ in their number of frames.</exception>
    public static LatticePosteriors Compute(Lattice lattice)
    {
        var times = LatticeTimes.Of(lattice);
        var forward = LatticeForwardBackward.Forward(lattice);
        var backward = LatticeForwardBackward.Backward(lattice);
        var total = backward.Length == 0 ? double.NegativeInfinity : backward[0];
        var frames = new SortedDictionary<int, float>[times.DefaultIfEmpty().Max()];
        for (var frame = 0; frame < frames.Length; frame++)
            frames[frame] = [];

        var acoustic = 0.0;
        for (var state = times.Length - 1; state >= 0; state--)
        {
            foreach (ref readonly var arc in lattice.Arcs(state))
            {
                var posterior = Math.Exp(forward[state] + backward[arc.Next] - arc.Weight.Cost - total);
                acoustic -= posterior * arc.Weight.Acoustic;
                if (arc.Input != 0)
                    frames[times[state]][arc.Input] = frames[times[state]].GetValueOrDefault(arc.Input) + (float)posterior;
            }

            var final = lattice.Final(state);
            if (!final.IsZero)
                acoustic -= Math.Exp(forward[state] - final.Cost - total) * final.Acoustic;
        }

        var builder = new PosteriorBuilder();
        foreach (var frame in frames)
        {
            foreach (var (transition, weight) in frame.Where(pair => pair.Value != 0))
                builder.Add(transition, weight);

            builder.EndFrame();
        }

        return new LatticePosteriors(builder.Build(), total, acoustic);
    }
}
