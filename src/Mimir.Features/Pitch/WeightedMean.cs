using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Pitch;

/// <summary>The mean of log pitch over a window around each frame, weighted by the probability of voicing.</summary>
internal sealed class WeightedMean
{
    private readonly FloatMatrix _pitch;
    private readonly float[] _logs;
    private readonly float[] _weights;
    private readonly int _left;
    private readonly int _right;
    private int _begin;
    private int _end;
    private double _weight;
    private double _sum;

    /// <summary>Starts before the first frame.</summary>
    /// <param name="pitch"><c>[T, 2]</c>, correlation and pitch.</param>
    /// <param name="logs">The logarithm of each pitch.</param>
    /// <param name="left">Frames of the window before its centre (Kaldi: --normalization-left-context).</param>
    /// <param name="right">Frames after its centre (Kaldi: --normalization-right-context).</param>
    public WeightedMean(FloatMatrix pitch, float[] logs, int left, int right)
    {
        (_pitch, _logs, _left, _right) = (pitch, logs, left, right);
        _weights = new float[logs.Length];
    }

    /// <summary>The mean around a frame; frames must be requested in order.</summary>
    public double At(int frame)
    {
        var (begin, end) = (Math.Max(0, frame - _left), (int)Math.Min((long)frame + _right + 1, _logs.Length));
        if (begin > _end)
            (_begin, _end, _weight, _sum) = (begin, begin, 0, 0);

        for (; _end < end; _end++)
            Add(_weights[_end] = Voicing.Probability(_pitch[_end, 0]), _logs[_end]);

        for (; _begin < begin; _begin++)
            Add(-_weights[_begin], _logs[_begin]);

        return _sum / _weight;
    }

    private void Add(float weight, float log)
    {
        _weight += weight;
        _sum += (double)weight * log;
    }
}

/// <summary>
/// Voicing features of a correlation; formulas of Ghahremani et al., A pitch extraction algorithm tuned for automatic speech
/// recognition, ICASSP 2014.
/// </summary>
internal static class Voicing
{
    /// <summary>A feature with roughly the shape of a Gaussian: (1.0001 - n)^0.15 - 1.</summary>
    public static float Feature(float correlation) =>
        (float)(Math.Pow(1.0001 - Math.Clamp(correlation, -1f, 1f), 0.15) - 1);

    /// <summary>The probability that a frame is voiced, fitted to marked speech.</summary>
    public static float Probability(float correlation)
    {
        double n = Math.Min(Math.Abs(correlation), 1f);
        var odds = (float)(-5.2 + (5.4 * Math.Exp(7.5 * (n - 1))) + (4.8 * n) - (2 * Math.Exp(-10 * n))
            + (4.2 * Math.Exp(20 * (n - 1))));
        return (float)(1 / (1 + Math.Exp(-odds)));
    }
}
