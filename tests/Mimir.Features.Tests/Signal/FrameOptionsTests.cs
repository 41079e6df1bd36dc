using Mimir.Base;
using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class FrameOptionsTests
{
    [Theory]
    [InlineData(16000, 25, 10, 400, 160, 512)]
    [InlineData(44100, 25, 10, 1102, 441, 2048)]
    [InlineData(8000, 32, 12.5, 256, 100, 256)]
    [InlineData(16000, 1.0625, 0.6875, 17, 11, 32)]
    public void Sizes_are_cut_to_integers(float rate, float length, float shift, int size, int step, int padded)
    {
        var options = new FrameOptions { SampleFrequency = rate, FrameLength = length, FrameShift = shift };

        Assert.Equal((size, step, padded), (options.WindowSize, options.WindowShift, options.PaddedWindowSize));
    }

    [Theory]
    [InlineData(true, 399, 0)]
    [InlineData(true, 400, 1)]
    [InlineData(true, 559, 1)]
    [InlineData(true, 560, 2)]
    [InlineData(false, 79, 0)]
    [InlineData(false, 80, 1)]
    [InlineData(false, 240, 2)]
    public void FrameCount_is_Kaldis(bool snipEdges, int samples, int count) =>
        Assert.Equal(count, new FrameOptions { SnipEdges = snipEdges }.FrameCount(samples));

    [Theory]
    [InlineData(0, 25, 10, "sample-frequency")]
    [InlineData(float.NaN, 25, 10, "sample-frequency")]
    [InlineData(16000, 0.1, 10, "frame-length")]
    [InlineData(16000, 25, 0.01, "frame-shift")]
    [InlineData(16000, 1e9, 10, "frame-length")]
    public void Validate_names_the_option(float rate, float length, float shift, string option)
    {
        var options = new FrameOptions { SampleFrequency = rate, FrameLength = length, FrameShift = shift };

        Assert.StartsWith(option, Assert.Throws<InputException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_refuses_an_odd_transform()
    {
        var options = new FrameOptions { FrameLength = 1.0625f, RoundToPowerOfTwo = false };

        Assert.Contains("17 samples is odd", Assert.Throws<InputException>(options.Validate).Message, StringComparison.Ordinal);
    }
}
