namespace Mimir.Core.Losses;

/// <summary>Connectionist temporal classification of one sequence, in double precision and in the logarithmic domain.</summary>
/// <remarks>
/// From A. Graves, S. Fernandez, F. Gomez, J. Schmidhuber, "Connectionist Temporal Classification" (2006). Class 0 is the blank. A
/// path has a class a frame; its labels are what is left when repeats are made one and blanks are taken out. The probability of the
/// labels is the sum over all their paths.
/// </remarks>
public static class Ctc
{
    /// <summary>The class that stands between labels.</summary>
    public const int Blank = 0;

    /// <summary>The fewest frames that a path of some labels has: equal neighbours need a blank between them.</summary>
    /// <param name="labels">The labels, from 1.</param>
    public static int LeastFrames(ReadOnlySpan<int> labels)
    {
        var frames = labels.Length;
        for (var i = 1; i < labels.Length; i++)
            frames += labels[i] == labels[i - 1] ? 1 : 0;

        return frames;
    }

    /// <summary>Computes the loss and its gradient by the outputs before the softmax.</summary>
    /// <param name="logProbabilities"><c>[T, C]</c>, row-major: the logarithms of the softmax.</param>
    /// <param name="classes">C.</param>
    /// <param name="labels">The labels, from 1 and below C; at least one.</param>
    /// <param name="gradient">Receives <c>[T, C]</c>, softmax less the expected share of each class; empty for none.</param>
    /// <returns>The negative logarithm of the probability of the labels; infinite, with a gradient of 0, where they have no path.</returns>
    /// <exception cref="ArgumentException">There is no label, or one is out of range, or the sizes do not fit.</exception>
    public static double Evaluate(
        ReadOnlySpan<double> logProbabilities, int classes, ReadOnlySpan<int> labels, Span<double> gradient)
    {
        var frames = logProbabilities.Length / classes;
        foreach (var label in labels)
        {
            if (label <= Blank || label >= classes)
                throw new ArgumentException($"expected labels from 1 to {classes - 1}, got {label}", nameof(labels));
        }

        if (labels.IsEmpty || frames * classes != logProbabilities.Length)
            throw new ArgumentException("expected labels, and a row of classes for each frame", nameof(labels));

        gradient.Clear();
        if (LeastFrames(labels) > frames)
            return double.PositiveInfinity;

        var states = new States(labels);
        var forward = Forward(logProbabilities, classes, states, frames);
        var last = states.Count - 1;
        var total = Add(forward[^1], forward[^2]);
        if (gradient.IsEmpty || double.IsNegativeInfinity(total))
            return -total;

        // From the end, b[t, s] is the sum over the paths from state s at frame t on, without that frame's own probability.
        var backward = new double[states.Count];
        Array.Fill(backward, double.NegativeInfinity);
        (backward[last], backward[last - 1]) = (0, 0);
        for (var t = frames - 1; t >= 0; t--)
        {
            var row = gradient.Slice(t * classes, classes);
            for (var c = 0; c < classes; c++)
                row[c] = Math.Exp(logProbabilities[(t * classes) + c]);
            for (var s = 0; s < states.Count; s++)
                row[states.ClassOf(s)] -= Math.Exp(forward[(t * states.Count) + s] + backward[s] - total);

            Back(logProbabilities.Slice(t * classes, classes), states, backward);
        }

        return -total;
    }

    /// <summary>The labels of the best path, frame by frame.</summary>
    /// <param name="outputs"><c>[T, C]</c>, row-major: the outputs, before or after the softmax.</param>
    /// <param name="classes">C.</param>
    public static int[] BestPath(ReadOnlySpan<float> outputs, int classes)
    {
        var labels = new List<int>();
        var before = Blank;
        for (var first = 0; first < outputs.Length; first += classes)
        {
            var best = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(outputs.Slice(first, classes));
            if (best != before && best != Blank)
                labels.Add(best);
            before = best;
        }

        return [.. labels];
    }

    private static double[] Forward(ReadOnlySpan<double> logProbabilities, int classes, States states, int frames)
    {
        var alpha = new double[frames * states.Count];
        Array.Fill(alpha, double.NegativeInfinity);
        alpha[0] = logProbabilities[Blank];
        alpha[1] = logProbabilities[states.ClassOf(1)];
        for (var t = 1; t < frames; t++)
        {
            var before = alpha.AsSpan((t - 1) * states.Count, states.Count);
            var now = alpha.AsSpan(t * states.Count, states.Count);
            for (var s = 0; s < states.Count; s++)
            {
                var sum = before[s];
                if (s > 0)
                    sum = Add(sum, before[s - 1]);
                if (states.Skips(s))
                    sum = Add(sum, before[s - 2]);
                now[s] = sum + logProbabilities[(t * classes) + states.ClassOf(s)];
            }
        }

        return alpha;
    }

    // One frame back; state s takes from itself and the two after it, so the lowest goes first.
    private static void Back(ReadOnlySpan<double> row, States states, double[] backward)
    {
        for (var s = 0; s < backward.Length; s++)
        {
            var sum = backward[s] + row[states.ClassOf(s)];
            if (s + 1 < backward.Length)
                sum = Add(sum, backward[s + 1] + row[states.ClassOf(s + 1)]);
            if (s + 2 < backward.Length && states.Skips(s + 2))
                sum = Add(sum, backward[s + 2] + row[states.ClassOf(s + 2)]);
            backward[s] = sum;
        }
    }

    private static double Add(double a, double b)
    {
        var (high, low) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }

    /// <summary>The states of a path: the labels with a blank before, between and behind them.</summary>
    private readonly ref struct States(ReadOnlySpan<int> labels)
    {
        private readonly ReadOnlySpan<int> _labels = labels;

        public int Count => (2 * _labels.Length) + 1;

        public int ClassOf(int state) => state % 2 == 0 ? Blank : _labels[state / 2];

        // A label may follow another one without a blank between them.
        public bool Skips(int state) => state > 1 && state % 2 == 1 && _labels[state / 2] != _labels[(state / 2) - 1];
    }
}
