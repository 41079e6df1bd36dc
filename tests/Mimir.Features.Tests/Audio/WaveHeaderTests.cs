using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Tests.Audio;

/// <summary>Headers that programs write to pipes, headers that are wrong, and chunks around the samples.</summary>
public sealed class WaveHeaderTests : IDisposable
{
    private static readonly byte[] Samples = [1, 0, 2, 0, 3, 0, 4, 0];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(0u, 36u)]
    [InlineData(0x7FFFF000u, 0x7FFFF024u)]
    [InlineData(0x7FFFEFFFu, 0x7FFFF024u)]
    [InlineData(0x7FFFFFFFu, 0x7FFFFFFFu)]
    [InlineData(0x7FFFFFDBu, 0x7FFFFFFFu)]
    [InlineData(0xFFFFFFFFu, 0xFFFFFFFFu)]
    [InlineData(0xFFFFFFDBu, 0xFFFFFFFFu)]
    [InlineData(0xFFFFFFFFu, 44u)]
    [InlineData(2u, 0u)]
    [InlineData(2u, 0xFFFFFFFFu)]
    public void An_unknown_length_means_up_to_the_end(uint dataSize, uint riffSize)
    {
        var bytes = WaveBytes.Of(WaveBytes.Pcm, 16, 1, Samples, dataSize, riffSize);
        _folder.Write("a.wav", bytes);

        var file = SoundFile.Read(_folder.At("a.wav"));
        var piped = Archived(bytes, seeks: false);
        var archived = Archived(bytes, seeks: true);

        foreach (var clip in (AudioClip[])[file, piped, archived])
        {
            Assert.Equal([1, 2, 3, 4], clip.Channel(0).ToArray());
            Assert.Null(clip.Warning);
        }

        Assert.Equal(new AudioInfo(4, 1, 8000), SoundFile.Info(_folder.At("a.wav")));
    }

    [Fact]
    public void A_file_that_is_cut_off_gives_what_there_is_and_a_warning_with_both_sizes()
    {
        var bytes = WaveBytes.Of(WaveBytes.Pcm, 16, 1, [.. Samples, 5], dataSize: 64_000);
        _folder.Write("a.wav", bytes);

        var file = SoundFile.Read(_folder.At("a.wav"));
        var piped = SoundFile.Read(new Pipe(bytes), "p");
        var archived = Archived(bytes, seeks: true);

        foreach (var clip in (AudioClip[])[file, piped, archived])
        {
            Assert.Equal([1, 2, 3, 4], clip.Channel(0).ToArray());
            Assert.Contains(
                "expected 64000 bytes of wave data, but read only 9 bytes. Truncated file?", clip.Warning, StringComparison.Ordinal);
        }

        Assert.StartsWith($"{_folder.At("a.wav")}: ", file.Warning, StringComparison.Ordinal);
        Assert.Equal(4, SoundFile.Info(_folder.At("a.wav")).Frames);
        Assert.Equal(file.Warning, SoundFile.Info(_folder.At("a.wav")).Warning);
        Assert.Equal(file.Warning, AudioInput.Read(_folder.At("a.wav"), 0, 0.00025).Warning);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(64_000u)]
    [InlineData(0xFFFFFFFFu)]
    public void A_recording_without_samples_is_an_error(uint dataSize)
    {
        var bytes = WaveBytes.Of(WaveBytes.Pcm, 16, 1, [], dataSize);
        _folder.Write("a.wav", bytes);

        foreach (var read in (Action[])[
            () => SoundFile.Read(_folder.At("a.wav")), () => SoundFile.Info(_folder.At("a.wav")), () => Archived(bytes, seeks: false)])
        {
            var error = Assert.Throws<InputException>(read);
            Assert.Contains("the recording has no samples", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_empty_file_is_an_error()
    {
        _folder.Write("a.wav", []);

        var error = Assert.Throws<InputException>(() => SoundFile.Read(_folder.At("a.wav")));

        Assert.Equal($"{_folder.At("a.wav")}: the file is empty; copy it again or leave it out.", error.Message);
    }

    [Theory]
    [InlineData(new byte[] { 7, 8, 9 })]
    [InlineData(new byte[] { 7, 8, 9, 10 })]
    public void Chunks_in_front_of_the_samples_are_passed_over(byte[] content)
    {
        // Some programs forget the zero behind a chunk of odd length.
        byte[] tight = [.. WaveBytes.Chunk("LIST", content), .. WaveBytes.Chunk("fact", 4, 0, 0, 0)];
        byte[] padded = [.. WaveBytes.Chunk("LIST", content), .. new byte[content.Length % 2], .. WaveBytes.Chunk("fact", 4, 0, 0, 0)];

        foreach (var between in (byte[][])[tight, padded])
        {
            var bytes = WaveBytes.Of(WaveBytes.Pcm, 16, 1, Samples, between: between);
            Assert.Equal([1, 2, 3, 4], SoundFile.Read(new MemoryStream(bytes), "a").Channel(0).ToArray());
            Assert.Equal([1, 2, 3, 4], SoundFile.Read(new Pipe(bytes), "a").Channel(0).ToArray());
        }
    }

    [Fact]
    public void Chunks_behind_the_samples_are_not_samples()
    {
        byte[] bytes = [.. WaveBytes.Of(WaveBytes.Pcm, 16, 1, Samples), .. WaveBytes.Chunk("LIST", 1, 2, 3, 4)];

        Assert.Equal(4, SoundFile.Read(new MemoryStream(bytes), "a").Length);
    }

    [Fact]
    public void Waves_of_all_encodings_follow_each_other_in_an_archive()
    {
        byte[] bytes =
        [
            .. "a "u8, .. WaveBytes.Of(WaveBytes.Pcm, 16, 2, [.. Samples, 9, 9], dataSize: 10),
            .. "b "u8, .. WaveBytes.Of(WaveBytes.MuLaw, 8, 1, [0x80, 0, 0x80]),
            .. "c "u8, .. WaveBytes.Of(WaveBytes.Pcm, 24, 1, [0, 1, 0]),
        ];
        _folder.Write("a.ark", bytes);

        var clips = AudioTable.Read($"ark:{_folder.At("a.ark")}").ToDictionary(entry => entry.Key, entry => entry.Load());

        Assert.Equal([1, 3], clips["a"].Channel(0).ToArray());
        Assert.Equal([32124, -32124, 32124], clips["b"].Channel(0).ToArray());
        Assert.Equal([1], clips["c"].Channel(0).ToArray());
    }

    [Fact]
    public void Big_endian_files_are_read()
    {
        byte[] bytes =
        [
            .. "RIFX"u8, 0, 0, 0, 40, .. "WAVEfmt "u8, 0, 0, 0, 16, 0, 1, 0, 1, 0, 0, 0x1F, 0x40, 0, 0, 0x3E, 0x80, 0, 2, 0, 16,
            .. "data"u8, 0, 0, 0, 4, 0, 1, 0xFF, 0xFE,
        ];

        var clip = SoundFile.Read(new MemoryStream(bytes), "a");

        Assert.Equal(8000, clip.SampleRate);
        Assert.Equal([1, -2], clip.Channel(0).ToArray());
    }

    [Fact]
    public void The_length_of_a_long_file_is_in_a_chunk_of_its_own()
    {
        var plain = WaveBytes.Of(WaveBytes.Pcm, 16, 1, Samples, dataSize: uint.MaxValue);
        byte[] sizes = [.. new byte[8], 4, 0, 0, 0, 0, 0, 0, 0, .. new byte[12]];
        byte[] bytes = [.. "RF64"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. "WAVE"u8, .. WaveBytes.Chunk("ds64", sizes), .. plain[12..]];

        Assert.Equal([1, 2], SoundFile.Read(new MemoryStream(bytes), "a").Channel(0).ToArray());
    }

    [Fact]
    public void A_damaged_header_says_what_is_wrong()
    {
        var good = WaveBytes.Of(WaveBytes.Pcm, 16, 1, Samples);
        var noRate = WaveBytes.Of(WaveBytes.Pcm, 16, 1, Samples, rate: 0);
        var noChannel = WaveBytes.Of(WaveBytes.Pcm, 16, 0, Samples);
        byte[] noFormat = [.. good[..12], .. good[36..]];

        Fails(good[..30], "the WAV ends in front of its samples");
        Fails(good[..40], "the WAV ends in front of its samples");
        Fails(noRate, "got 1 and 0 Hz");
        Fails(noChannel, "got 0 and 8000 Hz");
        Fails(noFormat, "expected a 'fmt ' chunk");

        static void Fails(byte[] bytes, string message)
        {
            var error = Assert.Throws<InputException>(() => SoundFile.Read(new MemoryStream(bytes), "a.wav"));
            Assert.StartsWith("a.wav: ", error.Message, StringComparison.Ordinal);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    private static AudioClip Archived(byte[] bytes, bool seeks)
    {
        using var reader = new KaldiReader(seeks ? new MemoryStream(bytes) : new Pipe(bytes), "a");
        return WaveObject.Read(reader);
    }
}
