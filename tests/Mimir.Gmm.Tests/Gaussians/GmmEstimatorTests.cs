using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Tests.Gaussians;

public sealed class GmmEstimatorTests
{
    private static readonly GmmUpdateOptions Loose = new() { MinOccupancy = 1 };

    [Fact]
    public void Update_again_and_again_raises_the_likelihood_and_finds_two_clusters()
    {
        var frames = Clusters(new Random(7), 4000, (-3, 0.5f, 0.25f), (2, 1.5f, 0.75f));
        var model = new AmDiagGmm([Two([-1, 1], [4, 4])]);
        var last = double.NegativeInfinity;

        for (var round = 0; round < 40; round++)
        {
            var statistics = Accumulate(model, frames);
            Assert.InRange(statistics.LogLikelihood, last - 0.1, double.PositiveInfinity);
            last = statistics.LogLikelihood;
            var update = GmmEstimator.Update(model, statistics.Pdfs, GmmParts.All, Loose);
            Assert.InRange(update.Improvement, -0.1, double.PositiveInfinity);
            Assert.Equal(4000, update.Count, 1e-2);
            model = update.Model;
        }

        var moments = model.Pdfs[0].ToMoments();
        Assert.Equal(0.25, moments.Weights[0], 0.05);
        Assert.Equal(-3, moments.Means[0, 0], 0.2);
        Assert.Equal(2, moments.Means[1, 0], 0.2);
        Assert.Equal(0.25, moments.Variances[0, 0], 0.2);
        Assert.Equal(2.25, moments.Variances[1, 0], 0.4);
    }

    [Fact]
    public void Update_of_some_parts_leaves_the_others()
    {
        var frames = Clusters(new Random(8), 100, (-3, 0.5f, 0.5f), (2, 1.5f, 0.5f));
        var old = Two([-2, 3], [1, 1]);
        var statistics = Accumulate(new AmDiagGmm([old]), frames).Pdfs;

        DiagGmm Updated(GmmParts parts) => GmmEstimator.Update(new AmDiagGmm([old]), statistics, parts, Loose).Model.Pdfs[0];

        var weights = Updated(GmmParts.Weights);
        Assert.Equal(old.ScaledMeans.Data, weights.ScaledMeans.Data);
        Assert.Equal(old.InverseVariances.Data, weights.InverseVariances.Data);
        Assert.NotEqual(old.Weights[0], weights.Weights[0]);
        var means = Updated(GmmParts.Means | GmmParts.Transitions);
        Assert.Equal(old.Weights.ToArray(), means.Weights.ToArray());
        Assert.Equal(old.InverseVariances.Data, means.InverseVariances.Data);
        var variances = Updated(GmmParts.Variances).ToMoments();
        Assert.Equal(-2, variances.Means[0, 0], 1e-5);

        // Around the old mean the variance is larger by the squared distance of the new one.
        var all = Updated(GmmParts.All).ToMoments();
        Assert.Equal(all.Variances[0, 0] + Math.Pow(all.Means[0, 0] + 2, 2), variances.Variances[0, 0], 1e-4);
    }

    [Fact]
    public void Update_removes_a_gaussian_without_frames_but_not_the_last()
    {
        var model = new AmDiagGmm([Two([0, 100], [1, 1]), Two([0, 100], [1, 1])]);
        var frames = Clusters(new Random(9), 50, (0, 1, 1));
        var warnings = new List<string>();

        var update = GmmEstimator.Update(model, Accumulate(model, frames).Pdfs, GmmParts.All, new GmmUpdateOptions(), warnings.Add);

        Assert.Equal([1, 1], update.Model.Pdfs.Select(pdf => pdf.Gaussians));
        Assert.Equal(2, update.Removed);
        Assert.All(update.Model.Pdfs, pdf => Assert.Equal(1, pdf.Weights[0], 1e-6f));
        Assert.StartsWith(
            "Too little data - removing Gaussian (weight 0.000000, occupation count 0.000000, vector size 1)", warnings[0],
            StringComparison.Ordinal);
        Assert.Contains(warnings, line => line.Contains("it is the last Gaussian: i = 1, occ = 0, weight = 0.5", StringComparison.Ordinal));
    }

    [Fact]
    public void Update_keeps_all_gaussians_when_it_shall_remove_none()
    {
        var model = new AmDiagGmm([Two([0, 100], [1, 1])]);

        var update = GmmEstimator.Update(
            model, Accumulate(model, Clusters(new Random(9), 50, (0, 1, 1))).Pdfs, GmmParts.All, new() { RemoveLowCount = false });

        Assert.Equal(2, update.Model.Gaussians);
        Assert.Equal(1e-5f, update.Model.Pdfs[0].Weights[1]);
        Assert.Equal(0, update.Removed);
    }

    [Fact]
    public void Update_floors_variances()
    {
        var model = new AmDiagGmm([Two([0, 5], [1, 1])]);
        var same = new FloatMatrix(40, 1);

        var update = GmmEstimator.Update(model, Accumulate(model, same).Pdfs, GmmParts.All, new() { MinVariance = 0.25 });

        Assert.Equal((1, 1), (update.FlooredValues, update.FlooredGaussians));
        Assert.Equal(0.25, update.Model.Pdfs[0].ToMoments().Variances[0, 0], 1e-6);
    }

    [Fact]
    public void Update_with_statistics_of_other_parts_is_refused()
    {
        var model = new AmDiagGmm([Two([0, 5], [1, 1])]);
        var weights = new PdfStatistics(2, 1, GmmParts.Weights);

        var error = Assert.Throws<InputException>(() => GmmEstimator.Update(model, [weights], GmmParts.All, Loose));

        Assert.Contains("not all among those of the statistics", error.Message, StringComparison.Ordinal);
    }

    private static GmmStatistics Accumulate(AmDiagGmm model, FloatMatrix frames)
    {
        var statistics = new GmmStatistics(
            new double[2], [.. model.Pdfs.Select(pdf => new PdfStatistics(pdf.Gaussians, pdf.Dimension, GmmParts.All))]);
        for (var frame = 0; frame < frames.Rows; frame++)
            statistics.Add(model, 0, frames.Row(frame));

        return statistics;
    }

    private static DiagGmm Two(double[] means, double[] variances)
    {
        var moments = new GmmMoments(2, 1);
        for (var gaussian = 0; gaussian < 2; gaussian++)
        {
            moments.Weights[gaussian] = 0.5;
            moments.Means[gaussian, 0] = means[gaussian];
            moments.Variances[gaussian, 0] = variances[gaussian];
        }

        return moments.ToGmm();
    }

    private static FloatMatrix Clusters(Random random, int frames, params (float Mean, float Deviation, float Share)[] clusters)
    {
        var matrix = new FloatMatrix(frames, 1);
        var frame = 0;
        foreach (var (mean, deviation, share) in clusters)
        {
            for (var i = 0; i < (int)(share * frames); i++, frame++)
            {
                var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                matrix[frame, 0] = mean + (float)(deviation * normal);
            }
        }

        return matrix;
    }
}
