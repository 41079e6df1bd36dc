using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Tests.Gaussians;

public sealed class GmmScorerTests
{
    [Theory]
    [InlineData(1, 1, new[] { 1 })]
    [InlineData(95, 13, new[] { 1, 2, 3, 4, 5 })]
    [InlineData(96, 39, new[] { 40, 1, 33, 7 })]
    [InlineData(97, 2, new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(250, 40, new[] { 16, 16, 16, 16, 3 })]
    public void Score_is_that_of_the_plain_form(int frames, int dimension, int[] gaussians)
    {
        var random = new Random(frames);
        var model = SomeGmms.Model(random, dimension, gaussians);
        var features = SomeGmms.Frames(random, frames, dimension);

        var scores = new GmmScorer(model).Score(features);

        for (var frame = 0; frame < frames; frame++)
        {
            for (var pdf = 0; pdf < gaussians.Length; pdf++)
            {
                var expected = model.Pdfs[pdf].LogLikelihood(features.Row(frame));
                Assert.Equal(expected, scores[frame, pdf], 1e-5f * (10 + Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void Score_of_some_pdfs_and_frames_is_a_part_of_the_whole()
    {
        var random = new Random(3);
        var model = SomeGmms.Model(random, 5, 4, 2, 9, 1);
        var features = SomeGmms.Frames(random, 130, 5);
        var whole = new GmmScorer(model).Score(features);
        var part = new float[20 * 2];

        var scorer = new GmmScorer(model, [2, 0]);
        scorer.Score(features, 100, 20, part);

        Assert.Equal(2, scorer.Pdfs);
        for (var frame = 0; frame < 20; frame++)
            Assert.Equal([whole[100 + frame, 2], whole[100 + frame, 0]], part.AsSpan(frame * 2, 2).ToArray());
    }

    [Fact]
    public void Score_of_a_gaussian_without_weight_leaves_it_out()
    {
        var random = new Random(5);
        var mixture = SomeGmms.Mixture(random, 2, 3);
        var features = SomeGmms.Frames(random, 4, 3);

        var scores = new GmmScorer(new AmDiagGmm([mixture.WithWeights([1, 0])])).Score(features);

        for (var frame = 0; frame < 4; frame++)
        {
            var single = new float[2];
            mixture.WithWeights([1, 1]).LogLikelihoods(features.Row(frame), single);
            Assert.Equal(single[0], scores[frame, 0], 1e-4f);
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Score_of_values_that_are_not_finite_names_frame_and_pdf(float value)
    {
        var features = SomeGmms.Frames(new Random(6), 5, 3);
        features[3, 1] = value;

        var error = Assert.Throws<InputException>(() => new GmmScorer(SomeGmms.Model(new Random(1), 3, 2, 2)).Score(features));

        Assert.Contains("frame 3: the log-likelihood of pdf 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_of_another_dimension_is_refused() =>
        Assert.Throws<InputException>(() => new GmmScorer(SomeGmms.Model(new Random(1), 3, 2)).Score(new FloatMatrix(2, 4)));

    [Fact]
    public void Score_of_no_frames_is_empty() =>
        Assert.Equal(0, new GmmScorer(SomeGmms.Model(new Random(1), 3, 2)).Score(new FloatMatrix(0, 0)).Rows);
}
