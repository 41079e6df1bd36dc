using MathNet.Numerics.LinearAlgebra;
using Mimir.Features.Signal;
using Lanes = System.Numerics.Vector<float>;

namespace Mimir.Features.Tests.Signal;

public sealed class LinearPredictionTests
{
    [Fact]
    public void Solve_finds_the_filter_of_a_resonance()
    {
        // y[t] = 1.2 y[t-1] - 0.72 y[t-2] + e[t] with e of variance 1 has these first lags.
        var r0 = (1 + 0.72) / ((1 - 0.72) * (((1 + 0.72) * (1 + 0.72)) - (1.2 * 1.2)));
        var r1 = r0 * 1.2 / (1 + 0.72);
        double[] lags = [r0, r1, (1.2 * r1) - (0.72 * r0)];
        var predictor = new Lanes[2];

        var residual = LinearPrediction.Solve<float>([.. lags.Select(r => new Lanes((float)r))], predictor);

        Assert.Equal(1, residual[0], 1e-4f);
        Assert.Equal(-1.2f, predictor[0][1], 1e-5f);
        Assert.Equal(0.72f, predictor[1][2], 1e-5f);
    }

    [Fact]
    public void Solve_finds_the_solution_of_the_normal_equations()
    {
        const int Order = 12;
        var wave = Waves.Noise(400, seed: 3);
        double[] lags = [.. Enumerable.Range(0, Order + 1).Select(lag => wave.Skip(lag).Zip(wave, (a, b) => (double)a * b).Sum())];
        var matrix = Matrix<double>.Build.Dense(Order, Order, (i, j) => lags[Math.Abs(i - j)]);
        var right = Vector<double>.Build.Dense(Order, i => -lags[i + 1]);
        var expected = matrix.Cholesky().Solve(right);
        var predictor = new Lanes[Order];

        var residual = LinearPrediction.Solve<float>([.. lags.Select(lag => new Lanes((float)lag))], predictor);

        Assert.All(Enumerable.Range(0, Order), i => Assert.Equal(expected[i], predictor[i][0], 1e-5));
        Assert.Equal(1, residual[0] / (lags[0] - (expected * right)), 1e-5);
    }

    [Fact]
    public void Solve_of_silence_beside_a_signal_is_0_in_its_lane_alone()
    {
        var lane = new float[Lanes.Count];
        lane[1] = 4;
        var predictor = new Lanes[3];

        var residual = LinearPrediction.Solve<float>(
            [new Lanes(lane), new Lanes(lane) / 2, Lanes.Zero, Lanes.Zero], predictor);

        Assert.Equal(0, residual[0]);
        Assert.All(predictor, a => Assert.Equal(0, a[0]));
        Assert.True(residual[1] > 0);
        Assert.NotEqual(0, predictor[0][1]);
    }

    [Fact]
    public void ToCepstrum_of_one_pole_is_its_powers_over_their_number()
    {
        var cepstrum = new Lanes[4];

        LinearPrediction.ToCepstrum<float>(
            [new Lanes(-0.5f), Lanes.Zero, Lanes.Zero, Lanes.Zero], cepstrum);

        for (var n = 1; n <= 4; n++)
            Assert.Equal(Math.Pow(0.5, n) / n, cepstrum[n - 1][0], 1e-6);
    }
}
