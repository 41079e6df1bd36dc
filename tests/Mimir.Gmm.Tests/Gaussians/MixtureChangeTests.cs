using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Nnet1.Prototypes;

namespace Mimir.Gmm.Tests.Gaussians;

public sealed class MixtureChangeTests
{
    [Fact]
    public void Split_keeps_weight_mean_and_variance()
    {
        var mixture = SomeGmms.Mixture(new Random(1), 3, 4);

        var split = mixture.Split(8, 0.01f, new CLibraryRandom(1));

        Assert.Equal(8, split.Gaussians);
        AssertSameMoments(mixture, split, 0.02);
        Assert.InRange(split.Weights.ToArray().Max(), 0, 0.3);
    }

    [Fact]
    public void Merge_to_one_keeps_weight_mean_and_variance()
    {
        var mixture = SomeGmms.Mixture(new Random(2), 6, 4);

        AssertSameMoments(mixture, mixture.Merge(1), 1e-5);
        AssertSameMoments(mixture, mixture.Merge(3), 1e-5);
        Assert.Same(mixture, mixture.Merge(6));
    }

    [Fact]
    public void Merge_takes_what_was_split_together_again()
    {
        var mixture = SomeGmms.Mixture(new Random(3), 3, 4);

        var back = mixture.Split(6, 0.01f, new CLibraryRandom(1)).Merge(3);

        AssertSameMoments(mixture, back, 0.02);
        var (before, after) = (mixture.ToMoments(), back.ToMoments());
        for (var gaussian = 0; gaussian < 3; gaussian++)
            Assert.Contains(Enumerable.Range(0, 3), other => Math.Abs(before.Means[gaussian, 0] - after.Means[other, 0]) < 0.05);
    }

    [Fact]
    public void Perturb_moves_means_by_a_part_of_the_deviation()
    {
        var mixture = SomeGmms.Mixture(new Random(4), 2, 50);
        var (before, after) = (mixture.ToMoments(), mixture.Perturb(0.1f, new CLibraryRandom(1)).ToMoments());

        var moves = Enumerable.Range(0, 50)
            .Select(i => (after.Means[0, i] - before.Means[0, i]) / Math.Sqrt(before.Variances[0, i])).ToList();

        Assert.Equal(0.1, Math.Sqrt(moves.Average(move => move * move)), 0.03);
    }

    [Theory]
    [InlineData(7, 1f, new[] { 1, 3, 3 })]
    [InlineData(3, 1f, new[] { 1, 1, 1 })]
    [InlineData(2, 1f, new[] { 1, 1, 1 })]
    [InlineData(100, 1f, new[] { 1, 4, 4 })]
    public void Targets_follow_the_occupancies_down_to_the_least_count(int total, float power, int[] expected)
    {
        var warnings = new List<string>();

        Assert.Equal(expected, MixtureTargets.Of([0, 45, 50], total, power, 10, warnings.Add));

        Assert.Equal(total == 100 ? 1 : 0, warnings.Count);
    }

    [Fact]
    public void Mix_of_occupancies_of_another_model_is_refused() =>
        Assert.Throws<InputException>(() => GmmMixing.Mix(SomeGmms.Model(new Random(1), 2, 1, 1), [1, 2, 3], new() { MixUp = 4 }));

    private static void AssertSameMoments(DiagGmm expected, DiagGmm actual, double precision)
    {
        var (want, got) = (Global(expected.ToMoments()), Global(actual.ToMoments()));
        for (var i = 0; i < want.Length; i++)
            Assert.Equal(want[i], got[i], precision * (1 + Math.Abs(want[i])));
    }

    // The weight, the means and the mean squares.
    private static double[] Global(GmmMoments moments)
    {
        var sums = new double[1 + (2 * moments.Dimension)];
        for (var gaussian = 0; gaussian < moments.Weights.Length; gaussian++)
        {
            var weight = moments.Weights[gaussian];
            sums[0] += weight;
            for (var i = 0; i < moments.Dimension; i++)
            {
                var mean = moments.Means[gaussian, i];
                sums[1 + i] += weight * mean;
                sums[1 + moments.Dimension + i] += weight * (moments.Variances[gaussian, i] + (mean * mean));
            }
        }

        return sums;
    }
}
