using Mimir.Base;
using Mimir.Features.Segmentation;

namespace Mimir.Features.Tests.Segmentation;

public sealed class EnergySegmenterTests
{
    private const int Rate = 8000;

    [Fact]
    public void Cut_finds_speech_between_silences_with_padding()
    {
        var wave = Wave((2, 10), (3, 3000), (2, 10), (1.5, 3000), (1, 10));

        var segments = Cut(wave);

        Assert.Equal(2, segments.Count);
        AssertNear(segments[0], 2 - 0.25, 5 + 0.25);
        AssertNear(segments[1], 7 - 0.25, 8.5 + 0.25);
    }

    [Fact]
    public void Cut_bridges_short_silences_and_leaves_clicks_out()
    {
        var wave = Wave((1, 10), (1, 3000), (0.3, 10), (1, 3000), (2, 10), (0.02, 3000), (2, 10));

        var segment = Assert.Single(Cut(wave, new() { MinSpeech = 0.2 }));

        AssertNear(segment, 1 - 0.25, 3.3 + 0.25);
    }

    [Fact]
    public void Cut_parts_long_speech_at_its_quietest_place()
    {
        var wave = Wave((8, 3000), (0.3, 500), (8, 3000), (0.3, 500), (5, 3000));

        var segments = Cut(wave, new() { MaxSegment = 10 });

        Assert.Equal(3, segments.Count);
        AssertNear(segments[0], 0, 8.15);
        AssertNear(segments[1], 8.15, 16.45);
        AssertNear(segments[2], 16.45, 21.6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Cut_gives_ordered_segments_inside_the_recording_for_any_noise(int seed)
    {
        var random = new Random(seed);
        var wave = Wave([.. Enumerable.Range(0, 40).Select(_ => (random.NextDouble() * 3, Math.Pow(10, random.NextDouble() * 4)))]);
        var options = new EnergySegmenterOptions { MaxSegment = 4, MinSilence = 0.2, Padding = random.NextDouble() };

        var segments = Cut(wave, options);

        Assert.NotEmpty(segments);
        var end = 0L;
        foreach (var segment in segments)
        {
            Assert.True(segment.First >= end && segment.Count > 0, $"{segment} after {end}");
            Assert.InRange(segment.Count, 1, (4 * Rate) + (Rate / 40));
            end = segment.First + segment.Count;
        }

        Assert.InRange(end, 1, wave.Length);
    }

    [Fact]
    public void Cut_of_blocks_is_that_of_the_whole()
    {
        var wave = Wave((2, 10), (3, 3000), (2, 10), (1.5, 3000), (1, 10));
        var blocks = new FrameEnergies(Rate);
        for (var first = 0; first < wave.Length; first += 777)
            blocks.Append(wave.AsSpan(first, Math.Min(777, wave.Length - first)));

        Assert.Equal(Cut(wave), EnergySegmenter.Cut(blocks, wave.Length, new()));
    }

    [Fact]
    public void Cut_of_digital_silence_and_of_nothing_is_empty()
    {
        Assert.Empty(Cut(new float[10 * Rate]));
        Assert.Empty(Cut([]));
    }

    [Fact]
    public void Cut_refuses_an_option_out_of_range()
    {
        var error = Assert.Throws<InputException>(() => Cut(Wave((1, 100)), new() { MaxSegment = 0 }));

        Assert.Contains("max-segment", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<SampleRange> Cut(float[] wave, EnergySegmenterOptions? options = null)
    {
        var energies = new FrameEnergies(Rate);
        energies.Append(wave);
        return EnergySegmenter.Cut(energies, wave.Length, options ?? new());
    }

    // Noise of the given loudness for the given seconds, part after part.
    private static float[] Wave(params (double Seconds, double Loudness)[] parts)
    {
        var random = new Random(1);
        return [.. parts.SelectMany(part => Enumerable.Range(0, (int)(part.Seconds * Rate))
            .Select(_ => (float)(part.Loudness * ((2 * random.NextDouble()) - 1))))];
    }

    private static void AssertNear(SampleRange range, double from, double to)
    {
        Assert.Equal(from, (double)range.First / Rate, 0.08);
        Assert.Equal(to, (double)(range.First + range.Count) / Rate, 0.08);
    }
}
