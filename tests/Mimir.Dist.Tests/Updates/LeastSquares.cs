namespace Mimir.Dist.Tests.Updates;

/// <summary>A small problem: frames of 7 inputs with a target; a gradient is a sum over frames of the squared error's.</summary>
internal static class LeastSquares
{
    public const int Parameters = 7;

    /// <summary>A worker's batches: their frames by number, of uneven sizes.</summary>
    public static int[][] Batches(int worker, int count) =>
        [.. Enumerable.Range(0, count).Select(batch => Enumerable.Range(0, 3 + ((worker + (2 * batch)) % 4))
            .Select(frame => (worker * 10_000) + (batch * 10) + frame).ToArray())];

    public static double[] Start() => [.. Enumerable.Range(0, Parameters).Select(i => Math.Round(0.3 * Math.Cos(i), 3))];

    public static double[] Gradient(ReadOnlySpan<double> model, int[] frames)
    {
        var gradient = new double[Parameters];
        foreach (var frame in frames)
        {
            var error = -Math.Cos(frame * 0.37);
            for (var i = 0; i < Parameters; i++)
                error += Input(frame, i) * model[i];
            for (var i = 0; i < Parameters; i++)
                gradient[i] += error * Input(frame, i);
        }

        return gradient;
    }

    private static double Input(int frame, int i) => Math.Sin((frame * 1.7) + (i * (1 + (frame % 5))));
}
