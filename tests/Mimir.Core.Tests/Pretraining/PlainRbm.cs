namespace Mimir.Core.Tests.Pretraining;

/// <summary>The step of a Gaussian or Bernoulli machine with Bernoulli hidden units, loop by loop, in double precision.</summary>
internal sealed class PlainRbm(bool gaussian, double[,] weights, double[] visibleBias, double[] hiddenBias)
{
    private readonly double[,] _moments = new double[hiddenBias.Length, visibleBias.Length];
    private readonly double[] _visibleMoments = new double[visibleBias.Length];
    private readonly double[] _hiddenMoments = new double[hiddenBias.Length];

    public double[,] Weights { get; } = weights;

    public double[] VisibleBias { get; } = visibleBias;

    public double[] HiddenBias { get; } = hiddenBias;

    /// <summary>Takes a step with the hidden units that were drawn; returns the factor of a protected step, else null.</summary>
    public double? Step(double[][] visible, double[][] drawn, double rate, double momentum, double l2)
    {
        var hidden = Array.ConvertAll(visible, Hidden);
        var reconstructed = Array.ConvertAll(drawn, Visible);
        var again = Array.ConvertAll(reconstructed, Hidden);
        var (data, own) = (Deviation(visible), Deviation(reconstructed));
        if (gaussian && own > 2 * data)
        {
            Scale(data / own);
            return data / own;
        }

        for (var h = 0; h < HiddenBias.Length; h++)
        {
            for (var v = 0; v < VisibleBias.Length; v++)
            {
                var sum = 0.0;
                for (var n = 0; n < visible.Length; n++)
                    sum += (hidden[n][h] * visible[n][v]) - (again[n][h] * reconstructed[n][v]);
                _moments[h, v] = (momentum * _moments[h, v]) + (rate * ((sum / visible.Length) - (l2 * Weights[h, v])));
                Weights[h, v] += _moments[h, v];
            }
        }

        Follow(VisibleBias, _visibleMoments, visible, reconstructed, rate, momentum);
        Follow(HiddenBias, _hiddenMoments, hidden, again, rate, momentum);
        return null;
    }

    public double[] Hidden(double[] visible) => [.. HiddenBias.Select((bias, h) =>
        1 / (1 + Math.Exp(-bias - visible.Select((value, v) => value * Weights[h, v]).Sum())))];

    private double[] Visible(double[] hidden) => [.. VisibleBias.Select((bias, v) =>
    {
        var sum = bias + hidden.Select((value, h) => value * Weights[h, v]).Sum();
        return gaussian ? sum : 1 / (1 + Math.Exp(-sum));
    })];

    private void Scale(double factor)
    {
        for (var h = 0; h < HiddenBias.Length; h++)
        {
            HiddenBias[h] *= factor;
            for (var v = 0; v < VisibleBias.Length; v++)
                Weights[h, v] *= factor;
        }

        for (var v = 0; v < VisibleBias.Length; v++)
            VisibleBias[v] *= factor;
        Array.Clear(_moments);
        Array.Clear(_visibleMoments);
        Array.Clear(_hiddenMoments);
    }

    private static void Follow(
        double[] bias, double[] moments, double[][] positive, double[][] negative, double rate, double momentum)
    {
        for (var i = 0; i < bias.Length; i++)
        {
            moments[i] = (momentum * moments[i]) + (rate * positive.Zip(negative, (p, n) => p[i] - n[i]).Average());
            bias[i] += moments[i];
        }
    }

    private static double Deviation(double[][] values)
    {
        double[] all = [.. values.SelectMany(row => row)];
        return Math.Sqrt(all.Average(value => value * value) - (all.Average() * all.Average()));
    }
}
