using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Evaluation;

namespace Mimir.Train.Tests.Evaluation;

public sealed class GmmScoresTests
{
    private readonly AmDiagGmm _model = new([.. Enumerable.Range(0, 5).Select(Mixture)]);

    [Fact]
    public void Frames_in_any_order_have_the_likelihoods_of_the_plain_form()
    {
        var features = Features(300);
        var scores = new GmmScores(new GmmScorer(_model), features);

        foreach (var frame in (int[])[0, 1, 95, 96, 97, 0, 299, 200, 96])
        {
            for (var pdf = 0; pdf < 5; pdf++)
                Assert.Equal(_model.Pdfs[pdf].LogLikelihood(features.Row(frame)), scores.Frame(frame)[pdf], 1e-4f);
        }

        Assert.Equal((300, 5), (scores.Frames, scores.Pdfs));
    }

    [Fact]
    public void Pdfs_that_are_not_wanted_are_impossible()
    {
        var features = Features(100);
        var (whole, part) = (new GmmScores(new GmmScorer(_model), features), new GmmScores(_model, features, [3, 1]));

        foreach (var frame in (int[])[0, 99])
        {
            var all = whole.Frame(frame);
            Assert.Equal(
                [float.NegativeInfinity, all[1], float.NegativeInfinity, all[3], float.NegativeInfinity], part.Frame(frame).ToArray());
        }
    }

    [Fact]
    public void Another_dimension_is_refused() =>
        Assert.Throws<InputException>(() => new GmmScores(new GmmScorer(_model), new FloatMatrix(3, 7)));

    private static DiagGmm Mixture(int pdf) =>
        new([0.25f, 0.75f], new FloatMatrix(2, 2, [pdf, 1, -1, 0.5f * pdf]), new FloatMatrix(2, 2, [1, 2, 0.5f, 1 + pdf]));

    private static FloatMatrix Features(int frames)
    {
        var features = new FloatMatrix(frames, 2);
        for (var i = 0; i < features.Data.Length; i++)
            features.Data[i] = MathF.Sin(i);

        return features;
    }
}
