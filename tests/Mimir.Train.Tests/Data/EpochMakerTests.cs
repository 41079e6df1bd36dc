using Mimir.Features.Augmentation;
using Mimir.Features.Signal;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Tests.Runs;

namespace Mimir.Train.Tests.Data;

public sealed class EpochMakerTests : IDisposable
{
    private readonly ToyKaldi _toy = new();

    public EpochMakerTests() => _toy.WriteAudio();

    public void Dispose() => _toy.Dispose();

    [Fact]
    public void Make_of_waves_is_a_function_of_seed_and_epoch_on_any_number_of_threads()
    {
        const string Augment = "augment={speed: [0.9, 1.0, 1.1], volume: [0.5, 2]}";
        var first = Maker(out _, Augment).Make(2, default);
        var again = Maker(out _, Augment, "train.threads=4").Make(2, default);
        var other = Maker(out _, Augment).Make(3, default);

        Assert.Equal(first.Features, again.Features);
        Assert.Equal(first.Sources, again.Sources);
        Assert.NotEqual(first.Lengths, other.Lengths);
    }

    [Fact]
    public void Make_at_one_speed_maps_every_frame_to_the_nearest_of_the_clean_set()
    {
        var epoch = Maker(out var clean, "augment={speed: [0.9]}").Make(1, default);

        var frame = new FrameOptions();
        for (int utterance = 0, at = 0; utterance < clean.Lengths.Length; at += epoch.Lengths[utterance++])
        {
            var samples = ((clean.Lengths[utterance] - 1) * 160) + 400;
            var frames = frame.FrameCount((int)Math.Ceiling(samples / 0.9));
            var map = SpeedAlignment.Map(frames, clean.Lengths[utterance], 0.9, frame);
            Assert.Equal(frames, epoch.Lengths[utterance]);
            Assert.Equal(map.Select(t => clean.FirstFrame(utterance) + t), epoch.Sources?.Skip(at).Take(frames));
        }
    }

    [Fact]
    public void Make_at_speed_1_gives_the_clean_frames()
    {
        var epoch = Maker(out var clean, "augment={speed: [1.0]}").Make(1, default);

        Assert.Equal(clean.Lengths, epoch.Lengths);
        Assert.Equal(clean.Features, epoch.Features);
        Assert.Equal(Enumerable.Range(0, clean.Frames), epoch.Sources);
    }

    [Fact]
    public void Make_of_masks_alone_changes_nothing_but_the_masked_values_and_their_deltas()
    {
        var maker = Maker(out var clean, "augment={spec-augment: {frequency-masks: 0, time-masks: 1, time-share: 0.5, value: zero}}",
            "features.deltas={order: 1, window: 1}");

        var epoch = maker.Make(1, default);

        Assert.Null(epoch.Sources);
        Assert.Equal(clean.Lengths, epoch.Lengths);
        var masked = 0;
        for (var t = 0; t < clean.Frames; t++)
        {
            var got = epoch.Features.AsSpan(t * clean.Dim, clean.Dim / 2);
            var was = clean.Features.AsSpan(t * clean.Dim, clean.Dim / 2);
            if (!got.ContainsAnyExcept(0f))
                masked++;
            else
                Assert.True(got.SequenceEqual(was));
        }

        Assert.InRange(masked, 1, clean.Frames / 2);
        var first = new FloatMatrix(clean.Lengths[0], clean.Dim / 2);
        for (var t = 0; t < first.Rows; t++)
            epoch.Features.AsSpan(t * clean.Dim, first.Columns).CopyTo(first.Row(t));
        Assert.Equal(Mimir.Features.Extraction.Deltas.Add(first, 1, 1).Data, epoch.Features[..(clean.Lengths[0] * clean.Dim)]);
    }

    private EpochMaker Maker(out FrameCorpus clean, params string[] overrides)
    {
        string[] all = ["features={type: fbank, num-mel-bins: 8, dither: 0, cmvn: {per: utterance}}", .. overrides];
        var recipe = RecipeReader.Parse(_toy.Recipe("run"), "toy.yaml", new() { Overrides = all }).Recipe;
        var loader = new SetLoader(recipe, SilentProgress.Instance);
        clean = loader.LoadTargeted("train", recipe.Corpus.Train!, 3);
        return new EpochMaker(recipe, recipe.Augment!, recipe.Corpus.Train!, clean, loader.Normalisation, TimeProvider.System);
    }
}
