using Mimir.Base;
using Mimir.Features.Augmentation;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Tests.Augmentation;

public sealed class SpecAugmentTests
{
    private static readonly SpecAugmentOptions Time =
        new() { FrequencyMasks = 0, TimeMasks = 1, TimeWidth = 30, TimeShare = 0.2, Value = MaskValue.Zero };
    private static readonly SpecAugmentOptions Frequency =
        new() { FrequencyMasks = 1, TimeMasks = 0, FrequencyWidth = 12, Value = MaskValue.Zero };

    [Fact]
    public void Apply_masks_frequencies_evenly_within_the_width()
    {
        var masker = new SpecAugment(Frequency, 1);
        var widths = new int[13];
        var starts = new int[40];

        for (var epoch = 0; epoch < 13000; epoch++)
        {
            var masked = Masked(masker, epoch, 3, 40);
            var columns = Enumerable.Range(0, 40).Where(d => masked[1, d] == 0).ToArray();
            widths[columns.Length]++;
            if (columns.Length == 12)
                starts[columns[0]]++;
            Assert.True(columns.Length == 0 || columns[^1] - columns[0] == columns.Length - 1);
            Assert.All(columns, d => Assert.True(masked[0, d] == 0 && masked[2, d] == 0));
        }

        Assert.All(widths, count => Assert.InRange(count, 850, 1150));
        Assert.All(starts[..29], count => Assert.InRange(count, 12, 65));
        Assert.All(starts[29..], count => Assert.Equal(0, count));
    }

    [Theory]
    [InlineData(100, 20)]
    [InlineData(400, 30)]
    [InlineData(4, 0)]
    public void Apply_masks_times_up_to_the_width_and_the_share(int frames, int widest)
    {
        var masker = new SpecAugment(Time, 2);
        var widths = new HashSet<int>();

        for (var epoch = 0; epoch < 1000; epoch++)
        {
            var masked = Masked(masker, epoch, frames, 2);
            widths.Add(Enumerable.Range(0, frames).Count(t => masked[t, 0] == 0 && masked[t, 1] == 0));
        }

        Assert.Equal(Enumerable.Range(0, widest + 1), widths.Order());
    }

    [Fact]
    public void Apply_depends_on_seed_epoch_and_utterance_alone()
    {
        var masker = new SpecAugment(new SpecAugmentOptions(), 3);

        float[] Of(SpecAugment by, string utterance, int epoch)
        {
            var features = Features(300, 40);
            by.Apply(utterance, epoch, features);
            return features.Data;
        }

        var first = Of(masker, "a", 1);
        _ = Of(masker, "b", 1);
        Assert.Equal(first, Of(masker, "a", 1));
        Assert.NotEqual(first, Of(masker, "a", 2));
        Assert.NotEqual(first, Of(masker, "b", 1));
        Assert.NotEqual(first, Of(new SpecAugment(new SpecAugmentOptions(), 4), "a", 1));
    }

    [Fact]
    public void Apply_fills_with_the_mean_of_the_utterance()
    {
        var options = Time with { TimeShare = 1, TimeWidth = 5, Value = MaskValue.Mean };
        var features = new FloatMatrix(10, 1, [.. Enumerable.Range(0, 10).Select(t => (float)t)]);

        for (var epoch = 0; epoch < 20; epoch++)
        {
            features = new FloatMatrix(10, 1, [.. Enumerable.Range(0, 10).Select(t => (float)t)]);
            new SpecAugment(options, 5).Apply("a", epoch, features);
        }

        Assert.All(features.Data.Select((value, t) => (value, t)), pair => Assert.True(pair.value == pair.t || pair.value == 4.5f));
        Assert.Throws<InputException>(() => new SpecAugment(options with { TimeShare = 2 }, 5));
    }

    private static FloatMatrix Masked(SpecAugment masker, int epoch, int rows, int columns)
    {
        var features = Features(rows, columns);
        masker.Apply("utterance", epoch, features);
        return features;
    }

    private static FloatMatrix Features(int rows, int columns) =>
        new(rows, columns, [.. Enumerable.Range(1, rows * columns).Select(i => (float)i)]);
}
