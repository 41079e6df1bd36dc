using Mimir.Features.Data;
using Mimir.Features.Matrices;
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
        Assert.Equal([0, 1, 2, 3, 4], corpus.Targets);
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

        var error = Assert.Throws<FormatException>(() => FramePacker.Pack("train", features, null, 0, 5));

        Assert.Contains("'b', frame 2, value 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_names_the_utterance_of_a_class_that_the_model_does_not_have()
    {
        var error = Assert.Throws<FormatException>(() => Pack(new() { ["a"] = [0, 9, 10] }, ("a", 3)));

        Assert.Contains("'a', frame 2: expected a pdf-id from 0 to 9, got 10", error.Message, StringComparison.Ordinal);
    }

    private static FrameCorpus Pack(Dictionary<string, int[]> alignments, params (string Id, int Frames)[] utterances) =>
        FramePacker.Pack("train", Some(utterances), alignments.GetValueOrDefault, classes: 10, tolerance: 5);

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
