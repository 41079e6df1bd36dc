using System.Text;
using Mimir.Base;
using Mimir.Features.Audio;

namespace Mimir.Features.Tests.Audio;

public sealed class AudioFeedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public void Read_gives_a_channel_of_a_wav_whatever_the_pieces(int piece)
    {
        SoundFile.WriteWav(_folder.At("stereo.wav"), Samples(20_001 * 2), 8000, channels: 2);
        var bytes = File.ReadAllBytes(_folder.At("stereo.wav"));

        var feed = AudioFeed.OpenWave(new PieceStream(bytes, piece), "stereo.wav", channel: 1);

        Assert.Equal((8000, 2), (feed.SampleRate, feed.Channels));
        Assert.Equal(SoundFile.Read(_folder.At("stereo.wav")).Channel(1).ToArray(), All(feed));
        Assert.Empty(feed.Read());
    }

    [Fact]
    public void Read_ends_where_the_header_says_or_the_stream_ends()
    {
        SoundFile.WriteWav(_folder.At("mono.wav"), Samples(100), 16000);
        var bytes = File.ReadAllBytes(_folder.At("mono.wav"));

        Assert.Equal(100, All(AudioFeed.OpenWave(new PieceStream([.. bytes, 1, 2, 3, 4], 7), "longer")).Length);
        Assert.Equal(98, All(AudioFeed.OpenWave(new PieceStream(bytes[..^3], 7), "shorter")).Length);
    }

    [Fact]
    public void Raw_samples_need_no_header()
    {
        var samples = Samples(1000);
        var bytes = samples.SelectMany(sample => new[] { (byte)sample, (byte)(sample >> 8) }).ToArray();

        var feed = AudioFeed.OpenRaw(new PieceStream(bytes, 33), "raw", 16000);

        Assert.Equal(samples.Select(sample => (float)sample), All(feed));
    }

    [Fact]
    public void What_is_no_wav_or_lacks_the_channel_is_refused()
    {
        SoundFile.WriteWav(_folder.At("mono.wav"), Samples(10), 16000);
        var bytes = File.ReadAllBytes(_folder.At("mono.wav"));

        Assert.Contains("expected a WAV", Refused(Encoding.ASCII.GetBytes("fLaC and more of it"), 0), StringComparison.Ordinal);
        Assert.Contains("expected a WAV", Refused([], 0), StringComparison.Ordinal);
        Assert.Contains("expected channel 1, the audio has 1", Refused(bytes, 1), StringComparison.Ordinal);

        static string Refused(byte[] content, int channel) =>
            Assert.Throws<InputException>(() => AudioFeed.OpenWave(new PieceStream(content, 5), "in", channel)).Message;
    }

    [Fact]
    public void Read_of_mutated_streams_gives_values_or_a_message()
    {
        SoundFile.WriteWav(_folder.At("mono.wav"), Samples(200), 16000);
        Fuzzer.Run("wav stream", File.ReadAllBytes(_folder.At("mono.wav")), file =>
        {
            using var stream = File.OpenRead(file);
            All(AudioFeed.OpenWave(stream, file));
        }, needsPlace: false);
    }

    private static short[] Samples(int count) => [.. Enumerable.Range(0, count).Select(i => (short)((i * 7919) % 65536 - 32768))];

    private static float[] All(AudioFeed feed)
    {
        var all = new List<float>();
        while (feed.Read() is { Length: > 0 } samples)
            all.AddRange(samples);

        return [.. all];
    }
}
