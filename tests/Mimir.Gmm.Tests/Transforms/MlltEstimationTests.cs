using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Tests.Transforms;

public sealed class MlltEstimationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Estimate_makes_two_values_that_move_together_independent()
    {
        var rounds = new List<double>();

        var transform = MlltEstimation.Estimate(Correlated(), (_, gain) => rounds.Add(gain));

        // The covariance of the transformed frames is diagonal.
        var (a, b) = (transform.Matrix.Row(0).ToArray(), transform.Matrix.Row(1).ToArray());
        var covariance = (a[0] * b[0] * 2) + (a[0] * b[1]) + (a[1] * b[0]) + (a[1] * b[1]);
        Assert.InRange(Math.Abs(covariance), 0, 0.1);
        Assert.True(transform.Improvement > 0);
        Assert.InRange(rounds[^1], 0.34, 0.35);
        Assert.Equal(Math.Log(Math.Abs((a[0] * b[1]) - (a[1] * b[0]))), transform.LogDeterminant, 4);
    }

    [Fact]
    public void Estimate_of_too_few_frames_is_refused()
    {
        Assert.Throws<InputException>(() => MlltEstimation.Estimate(new MlltStatistics(2)));
        var one = new MlltStatistics(2);
        one.Add([1, 2], [0, 0], [1, 1], 1);
        Assert.Throws<InputException>(() => MlltEstimation.Estimate(one));
    }

    [Fact]
    public void Files_give_back_the_statistics_and_their_sum()
    {
        Correlated().Write(_folder.At("a"));
        Correlated().Write(_folder.At("b"), binary: false);

        var sum = StatisticsSum.Read<MlltStatistics>([_folder.At("a"), _folder.At("b")]);

        Assert.Equal(2000, sum.Count);
        var (one, two) = (MlltEstimation.Estimate(Correlated()), MlltEstimation.Estimate(sum));
        Assert.Equal(one.Matrix[0, 1], two.Matrix[0, 1], 1e-4f);
        new MlltStatistics(3).Write(_folder.At("c"));
        Assert.Throws<InputException>(() => StatisticsSum.Read<MlltStatistics>([_folder.At("a"), _folder.At("c")]));
    }

    [Fact]
    public void Read_of_damaged_statistics_gives_values_or_a_message()
    {
        Correlated().Write(_folder.At("binary"));
        Correlated().Write(_folder.At("text"), binary: false);

        Fuzzer.Run("mllt statistics", File.ReadAllBytes(_folder.At("binary")), path => MlltStatistics.Read(path));
        Fuzzer.Run("mllt statistics text", File.ReadAllBytes(_folder.At("text")), path => MlltStatistics.Read(path));
    }

    [Fact]
    public void Compose_and_Extend_refuse_what_does_not_fit()
    {
        Assert.Throws<InputException>(() => TransformComposition.Compose(new FloatMatrix(2, 4), new FloatMatrix(2, 2)));
        Assert.Throws<InputException>(() => TransformComposition.Compose(new FloatMatrix(0, 0), new FloatMatrix(2, 2)));
        Assert.Throws<InputException>(() => TransformComposition.Extend(new FloatMatrix(2, 4), 4));
        Assert.Throws<InputException>(() => TransformComposition.Extend(new FloatMatrix(2, 2), 1));
        var affine = new FloatMatrix(1, 2, [2, 3]);
        Assert.Equal([4, 9], TransformComposition.Compose(affine, affine, firstIsAffine: true).Data);
    }

    [Fact]
    public void Prune_keeps_sums_on_average()
    {
        var pruning = new RandomPruning(0.5f);

        var kept = Enumerable.Range(0, 10_000).Select(_ => pruning.Prune(0.1f)).ToList();

        Assert.All(kept, weight => Assert.True(weight is 0 or 0.5f));
        Assert.InRange(kept.Average(), 0.09, 0.11);
        Assert.Equal(0.7f, pruning.Prune(0.7f));
        Assert.Equal(0.1f, new RandomPruning(0).Prune(0.1f));
    }

    // The second value is a part of the first; the Gaussian has mean 0 and the variances of the values.
    private static MlltStatistics Correlated()
    {
        var statistics = new MlltStatistics(2);
        var random = new SeededRandom(5);
        for (var i = 0; i < 1000; i++)
        {
            var shared = random.NextNormal();
            statistics.Add([(float)(shared + random.NextNormal()), (float)shared], [0, 0], [0.5f, 1], 1);
        }

        return statistics;
    }
}
