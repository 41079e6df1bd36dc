using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class StreamResamplerTests
{
    [Theory]
    [InlineData(16000, 8000, 700)]
    [InlineData(8000, 16000, 1)]
    [InlineData(44100, 16000, 12_345)]
    [InlineData(48000, 16000, 1 << 20)]
    public void The_pieces_together_are_the_wave_resampled_at_once(int from, int to, int piece)
    {
        var count = piece == 1 ? 3000 : (5 * from) + 17;
        var wave = Enumerable.Range(0, count).Select(i => (float)(1000 * Math.Sin(i * 0.05) + (i % 13))).ToArray();
        var stream = new StreamResampler(from, to);

        var output = new List<float>();
        foreach (var samples in wave.Chunk(piece))
            output.AddRange(stream.Accept(samples));
        output.AddRange(stream.Finish());

        Assert.Equal(new Resampler(from, to).Apply(wave), output);
    }
}
