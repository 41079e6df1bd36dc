using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;

namespace Mimir.Train.Tests.Data;

public sealed class FramePackerTests
{
    [Fact]
    public void Pack_lays_frames_and_classes_one_after_another()
    {
        var corpus = Pack(new() { ["a"] = [0, 1], ["b"] = [2, 3, 4] }, ("a", 2), ("b", 3));

        Assert.Equal(["a", "b"], corpus.Utterances);
        Assert.Equal([2, 3], corpus.Lengths);
        Assert.Equal([0, 1, 2, 3, 4], ClassesOf(corpus));
        Assert.Equal(5 * 2, corpus.Features.Length);
        Assert.Equal([1000, 1001, 1010, 1011, 1020, 1021], corpus.FeaturesOf(1).ToArray());
        Assert.Empty(corpus.Drops.Drops);
    }

    [Fact]
    public void Pack_cuts_small_differences_and_drops_large_ones()
    {
        var corpus = Pack(new() { ["a"] = new int[24], ["b"] = new int[16], ["c"] = new int[25] }, ("a", 20), ("b", 20), ("c", 20));

        Assert.Equal([20, 16], corpus.Lengths);
        Assert.Equal(new Drop("c", DropReason.LengthMismatch, "20 frames of features, 25 of alignment"), Assert.Single(corpus.Drops.Drops));
    }

    [Fact]
    public void Pack_drops_an_utterance_without_alignment_and_keeps_the_earlier_drops()
    {
        var corpus = Pack(new() { ["b"] = [0] }, ("a", 1), ("b", 1));

        Assert.Equal(["b"], corpus.Utterances);
        Assert.Equal(DropReason.NoAlignment, Assert.Single(corpus.Drops.Drops).Reason);
    }

    [Fact]
    public void Pack_names_the_utterance_and_frame_of_a_feature_that_is_not_finite()
    {
        var features = Some(("a", 3), ("b", 3));
        features.Matrices[1][2, 1] = float.NaN;

        var error = Assert.Throws<InputException>(() => FramePacker.Pack("train", features, null, 0, 5));

        Assert.Contains("'b', frame 2, value 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_names_the_utterance_of_a_class_that_the_model_does_not_have()
    {
        var error = Assert.Throws<InputException>(() => Pack(new() { ["a"] = [0, 9, 10] }, ("a", 3)));

        Assert.Contains("'a', frame 2: expected a pdf-id from 0 to 9, got 10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_of_posteriors_and_weights_cuts_all_to_the_shortest()
    {
        var corpus = PackWith(
            id => new()
            {
                Posterior = Posterior.FromPairs([[(2, 0.5f), (1, 0.5f)], [], [(3, 1)], [(4, 1)]]),
                FrameWeights = id == "a" ? [1, 0, 3] : null,
                Weight = 2,
            },
            ("a", 4), ("b", 5));

        Assert.Equal([3, 4], corpus.Lengths);
        Assert.Equal([0, 2, 2, 3, 5, 5, 6, 7], corpus.Targets!.Soft!.Offsets.ToArray());
        Assert.Equal([1, 2, 3, 1, 2, 3, 4], corpus.Targets!.Soft!.Classes.ToArray());
        Assert.Equal([2, 0, 6, 2, 2, 2, 2], corpus.Targets!.Weights.ToArray());
        Assert.Equal([0, 2, 2, 8, 2, 0, 0, 0, 0, 0], corpus.Targets!.CountClasses(10));
        Assert.Equal(2 + 6 + 2 + 2 + 2, corpus.Targets!.Mass);
    }

    [Fact]
    public void Pack_leaves_out_what_has_no_weight_and_drops_what_fits_badly()
    {
        var corpus = PackWith(
            id => new()
            {
                Classes = [1, 2, 3],
                Weight = id == "a" ? 0 : 1,
                FrameWeights = id == "b" ? [0, 0, 0]
                : new float[id == "c" ? 9 : 3]
            },
            ("a", 3), ("b", 3), ("c", 3));

        Assert.Equal((1, 2), (corpus.Drops.Total, corpus.Drops.Excluded));
        Assert.Equal(
            new Drop("c", DropReason.LengthMismatch, "3 frames of features, 3 of alignment, 9 of weights"),
                Assert.Single(corpus.Drops.Drops));
    }

    [Theory]
    [InlineData(10, 0.5f, "'a', frame 1: expected a pdf-id from 0 to 9, got 10")]
    [InlineData(-1, 0.5f, "'a', frame 1: expected a pdf-id from 0 to 9, got -1")]
    [InlineData(3, -0.5f, "'a', frame 1: expected a share from 0, got -0.5")]
    public void Pack_names_the_frame_of_a_posterior_that_cannot_be_a_target(int index, float share, string expected)
    {
        var error = Assert.Throws<InputException>(() => PackWith(
            _ => new() { Posterior = Posterior.FromPairs([[(1, 1)], [(2, 0.5f), (index, share)]]) }, ("a", 2)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static int[] ClassesOf(FrameCorpus corpus)
    {
        var classes = new int[corpus.Frames];
        corpus.Targets?.CopyClasses([.. Enumerable.Range(0, corpus.Frames)], classes);
        return classes;
    }

    private static FrameCorpus PackWith(Func<string, UtteranceTargets> targets, params (string Id, int Frames)[] utterances) =>
        FramePacker.Pack("train", Some(utterances), targets, classes: 10, tolerance: 5);

    private static FrameCorpus Pack(Dictionary<string, int[]> alignments, params (string Id, int Frames)[] utterances) =>
        FramePacker.Pack("train", Some(utterances), id => UtteranceTargets.Aligned(id, alignments.GetValueOrDefault(id)), classes: 10,
            tolerance: 5);

    // Value d of frame t of utterance u is 1000 u + 10 t + d.
    private static SetFeatures Some(params (string Id, int Frames)[] utterances)
    {
        var matrices = utterances.Select((utterance, u) => new FloatMatrix(
            utterance.Frames, 2, [.. Enumerable.Range(0, 2 * utterance.Frames).Select(i => (1000f * u) + (10 * (i / 2)) + (i % 2))]));
        return new(
            [.. utterances.Select(utterance => new Utterance(utterance.Id, utterance.Id, "", null, null, null))],
            [.. matrices], utterances.Length, []);
    }
}
