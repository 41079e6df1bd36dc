using Mimir.Base;
using Mimir.Features.Audio;

namespace Mimir.Features.Tests.Audio;

public sealed class WaveWriterTests
{
    [Fact]
    public void A_file_has_the_shortest_header()
    {
        using var stream = new MemoryStream();

        WaveWriter.Write(stream, "a", [1, -2, 3, -4], 16000, 2);

        Assert.Equal(WaveBytes.Of(WaveBytes.Pcm, 16, 2, [1, 0, 0xFE, 0xFF, 3, 0, 0xFC, 0xFF], rate: 16000), stream.ToArray());
    }

    [SndFileTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_file_has_the_bytes_of_libsndfiles(int channels)
    {
        short[] samples = [.. Enumerable.Range(0, 1000).Select(i => (short)(i * 7919))];
        using var own = new MemoryStream();
        using var theirs = new MemoryStream();

        WaveWriter.Write(own, "a", samples, 16000, channels);
        using (var sound = SoundStream.Write(theirs, "a", 0x010002, channels, 16000))
        {
            sound.WriteFrames(samples);
            sound.Finish();
        }

        Assert.Equal(theirs.ToArray(), own.ToArray());
    }

    [Fact]
    public void A_clip_is_truncated_to_integers_and_clipped()
    {
        var bytes = WaveWriter.Write("a", new AudioClip([[1.9f, -1.9f, 40000, -40000]], 8000)).ToArray();

        Assert.Equal([1, -1, 32767, -32768], SoundFile.Read(new MemoryStream(bytes), "a").Channel(0).ToArray());
    }

    [Fact]
    public void More_channels_than_a_file_can_have_are_refused()
    {
        using var stream = new MemoryStream();

        Assert.Throws<InputException>(() => WaveWriter.Write(stream, "a", new short[2000], 8000, 2000));
        Assert.Throws<ArgumentException>(() => WaveWriter.Write(stream, "a", new short[3], 8000, 2));
    }
}
