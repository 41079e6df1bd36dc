using System.Buffers;
using System.Numerics;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices.Sequence;

/// <summary>The parts of a path that are compared with the reference.</summary>
public enum AccuracyUnit
{
    /// <summary>Phones: MPE in its form of phone frames, Kaldi's mpfe.</summary>
    Phone,

    /// <summary>Pdfs: state-level minimum Bayes risk (sMBR).</summary>
    State,
}

/// <summary>Options of <see cref="FrameAccuracy"/>.</summary>
/// <param name="Unit">The parts that are compared.</param>
/// <param name="SilencePhones">The silence phones (Kaldi: --silence-phones).</param>
/// <param name="OneSilenceClass">True: a frame of silence is right where the reference is of any silence. False: a frame of silence is
/// never right (Kaldi: --one-silence-class).</param>
public sealed record FrameAccuracyOptions(AccuracyUnit Unit, IReadOnlySet<int> SilencePhones, bool OneSilenceClass = true);

/// <summary>
/// The expected number of right frames over the paths of a lattice: MPE and sMBR (Gibson and Hain, "Hypothesis spaces for minimum
/// Bayes risk training", Interspeech 2006; Povey and Kingsbury, "Evaluation of proposed modifications to MPE for large scale
/// discriminative training", ICASSP 2007).
/// </summary>
public sealed class FrameAccuracy : SequenceCriterion
{
    private readonly FrameAccuracyOptions _options;
    private readonly int[] _phones;
    private readonly bool[] _isSilence;

    /// <summary>Prepares the criterion.</summary>
    /// <param name="model">The model of transition-ids.</param>
    /// <param name="scales">The factors of scores.</param>
    /// <param name="options">What counts as right.</param>
    public FrameAccuracy(TransitionModel model, SequenceScales scales, FrameAccuracyOptions options)
        : base(model, scales)
    {
        _options = options;
        _phones = [0, .. Enumerable.Range(1, model.TransitionCount).Select(model.PhoneOf)];
        _isSilence = [.. _phones.Select(options.SilencePhones.Contains)];
    }

    private protected override SequenceResult Evaluate<T>(
        RescoredLattice lattice, int[] times, ReadOnlySpan<int> reference, OutputRows<T> outputs, Span<T> gradient)
    {
        var states = times.Length;
        var before = ArrayPool<double>.Shared.Rent(states);
        var after = ArrayPool<double>.Shared.Rent(states);
        var expected = AccuracyBefore(lattice, times, reference, before);
        if (!gradient.IsEmpty)
            AddDerivatives(lattice, times, reference, (before, after, expected), outputs, gradient);

        ArrayPool<double>.Shared.Return(before);
        ArrayPool<double>.Shared.Return(after);
        return new(expected, 0, []);
    }

    // The expected accuracy of the paths from the start to each state; of whole paths as the result.
    private double AccuracyBefore(RescoredLattice lattice, int[] times, ReadOnlySpan<int> reference, double[] before)
    {
        var scores = lattice.Scores;
        var forward = lattice.Forward;
        before.AsSpan(0, times.Length).Clear();
        var place = 0;
        double expected = 0;
        for (var state = 0; state < times.Length; state++)
        {
            foreach (ref readonly var arc in lattice.Lattice.Arcs(state))
            {
                var share = Share(forward[state] + scores[place++] - forward[arc.Next]);
                before[arc.Next] += share * (before[state] + Accuracy(arc.Input, times[state], reference));
            }

            var final = lattice.Lattice.Final(state);
            if (!final.IsZero)
                expected += Share(forward[state] + RescoredLattice.FinalScore(final, Scales) - lattice.Total) * before[state];
        }

        return expected;
    }

    private void AddDerivatives<T>(
        RescoredLattice lattice, int[] times, ReadOnlySpan<int> reference, (double[] Before, double[] After, double Expected) accuracy,
        OutputRows<T> outputs, Span<T> gradient)
        where T : struct, IFloatingPointIeee754<T>
    {
        var scores = lattice.Scores;
        var forward = lattice.Forward;
        var backward = lattice.Backward;
        var (before, after, expected) = accuracy;
        var place = scores.Length;
        for (var state = times.Length - 1; state >= 0; state--)
        {
            var arcs = lattice.Lattice.Arcs(state);
            place -= arcs.Length;
            after[state] = 0;
            for (var i = 0; i < arcs.Length; i++)
            {
                ref readonly var arc = ref arcs[i];
                var score = scores[place + i];
                var right = Accuracy(arc.Input, times[state], reference);
                after[state] += Share(backward[arc.Next] + score - backward[state]) * (after[arc.Next] + right);
                if (arc.Input == 0)
                    continue;

                // An arc gains where the paths through it are more right than all paths are.
                var posterior = Share(forward[state] + score + backward[arc.Next] - lattice.Total);
                var gain = posterior * (before[state] + right + after[arc.Next] - expected);
                gradient[outputs.Index(times[state], Pdfs[arc.Input])] -= T.CreateTruncating(gain);
            }
        }
    }

    private double Accuracy(int transition, int frame, ReadOnlySpan<int> reference)
    {
        if (transition == 0)
            return 0;

        var right = reference[frame];
        var isSame = _options.Unit == AccuracyUnit.State
            ? Pdfs[transition] == Pdfs[right]
            : _phones[transition] == _phones[right];
        return _options.OneSilenceClass
            ? isSame || (_isSilence[transition] && _isSilence[right]) ? 1 : 0
            : isSame && !_isSilence[transition] ? 1 : 0;
    }

    // A state that no path of finite score reaches has no share.
    private static double Share(double logarithm) => double.IsNaN(logarithm) ? 0 : Math.Exp(logarithm);
}
