using System.Numerics;
using Mimir.Features.Signal;

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
        var predictor = new Vector<float>[2];

        var residual = LinearPrediction.Solve<float>([.. lags.Select(r => new Vector<float>((float)r))], predictor);

        Assert.Equal(1, residual[0], 1e-4f);
        Assert.Equal(-1.2f, predictor[0][1], 1e-5f);
        Assert.Equal(0.72f, predictor[1][2], 1e-5f);
    }

    [Fact]
    public void Solve_of_silence_beside_a_signal_is_0_in_its_lane_alone()
    {
        var lane = new float[Vector<float>.Count];
        lane[1] = 4;
        var predictor = new Vector<float>[3];

        var residual = LinearPrediction.Solve<float>(
            [new Vector<float>(lane), new Vector<float>(lane) / 2, Vector<float>.Zero, Vector<float>.Zero], predictor);

        Assert.Equal(0, residual[0]);
        Assert.All(predictor, a => Assert.Equal(0, a[0]));
        Assert.True(residual[1] > 0);
        Assert.NotEqual(0, predictor[0][1]);
    }

    [Fact]
    public void ToCepstrum_of_one_pole_is_its_powers_over_their_number()
    {
        var cepstrum = new Vector<float>[4];

        LinearPrediction.ToCepstrum<float>(
            [new Vector<float>(-0.5f), Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero], cepstrum);

        for (var n = 1; n <= 4; n++)
            Assert.Equal(Math.Pow(0.5, n) / n, cepstrum[n - 1][0], 1e-6);
    }
}
