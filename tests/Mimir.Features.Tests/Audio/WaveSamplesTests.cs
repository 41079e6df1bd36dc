using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Features.Audio;

namespace Mimir.Features.Tests.Audio;

/// <summary>The samples of all encodings: literal ones, and libsndfile's where it is installed.</summary>
public sealed class WaveSamplesTests
{
    private const int Rf64 = 0x220000;
    private const int Wav = 0x010000;
    private const int Extensible = 0x130000;
    private const int BigEndian = 0x20000000;

    public static TheoryData<string, int, int, int> Formats
    {
        get
        {
            (string Encoding, int Format)[] encodings =
                [("Pcm8", 5), ("Pcm16", 2), ("Pcm24", 3), ("Pcm32", 4), ("Float32", 6), ("Float64", 7), ("ALaw", 0x11), ("MuLaw", 0x10)];
            var formats = new TheoryData<string, int, int, int>();
            foreach (var container in (int[])[Wav, Extensible, Wav | BigEndian, Rf64])
            {
                foreach (var (encoding, format) in encodings)
                {
                    for (var channels = 1; channels <= 3; channels++)
                        formats.Add(encoding, container, format, channels);
                }
            }

            return formats;
        }
    }

    [Fact]
    public void Integers_of_all_widths_have_the_scale_of_16_bits()
    {
        Assert.Equal([-32768, -256, 0, 256, 32512], Mono(WaveBytes.Pcm, 8, [0, 127, 128, 129, 255]));
        Assert.Equal([0, 1, -1, 32767, -32768], Mono(WaveBytes.Pcm, 16, [0, 0, 1, 0, 255, 255, 255, 127, 0, 128]));
        Assert.Equal([1f / 256, -1f / 256, 32767 + (255f / 256), -32768],
            Mono(WaveBytes.Pcm, 24, [1, 0, 0, 255, 255, 255, 255, 255, 127, 0, 0, 128]));
        Assert.Equal([1f / 65536, -1f / 65536, 32768, -32768, 1],
            Mono(WaveBytes.Pcm, 32, Bytes(1, -1, int.MaxValue, int.MinValue, 65536)));
    }

    [Fact]
    public void Fractions_have_the_scale_of_16_bits()
    {
        Assert.Equal([32768, -16384, 49152], Mono(WaveBytes.Float, 32, Bytes(1f, -0.5f, 1.5f)));
        Assert.Equal([32768, -16384, 0.1f * 32768], Mono(WaveBytes.Float, 64, Bytes(1.0, -0.5, 0.1)));
    }

    [Fact]
    public void Logarithmic_samples_are_those_of_G_711()
    {
        Assert.Equal([8, -8, 32256, -32256, 5504, -5504], Mono(WaveBytes.ALaw, 8, [0xD5, 0x55, 0xAA, 0x2A, 0x80, 0x00]));
        Assert.Equal([0, 0, 8, -8, 32124, -32124], Mono(WaveBytes.MuLaw, 8, [0xFF, 0x7F, 0xFE, 0x7E, 0x80, 0x00]));
    }

    [Fact]
    public void Channels_are_parted()
    {
        var clip = SoundFile.Read(new MemoryStream(WaveBytes.Of(WaveBytes.Pcm, 8, 3, [128, 129, 130, 131, 132, 133])), "a");

        Assert.Equal((3, 2, 8000), (clip.Channels, clip.Length, clip.SampleRate));
        Assert.Equal([0, 768], clip.Channel(0).ToArray());
        Assert.Equal([256, 1024], clip.Channel(1).ToArray());
        Assert.Equal([512, 1280], clip.Channel(2).ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void More_than_a_block_is_read_whole(bool seeks)
    {
        var samples = Enumerable.Range(0, 3_000_000).Select(i => (short)(i * 7919)).ToArray();
        var bytes = WaveBytes.Of(WaveBytes.Pcm, 16, 1, Bytes(samples));

        var clip = SoundFile.Read(seeks ? new MemoryStream(bytes) : new Pipe(bytes), "a");

        Assert.Equal(samples.Select(s => (float)s), clip.Channel(0).ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_range_is_read_alone(bool seeks)
    {
        var bytes = WaveBytes.Of(WaveBytes.Pcm, 8, 2, [128, 129, 130, 131, 132, 133, 134, 135]);
        Stream Open() => seeks ? new MemoryStream(bytes) : new Pipe(bytes);

        var clip = SoundFile.Read(Open(), "a", start: 1, count: 2);
        var outside = Assert.Throws<InputException>(() => SoundFile.Read(Open(), "a", start: 3, count: 2));

        Assert.Equal([512, 1024], clip.Channel(0).ToArray());
        Assert.Equal("a: frames 3 to 5 were asked for, the file has 4; check the segment's times.", outside.Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_sample_that_is_no_number_is_refused(float bad)
    {
        var error = Assert.Throws<InputException>(() => Mono(WaveBytes.Float, 32, Bytes(0f, bad, 0f)));

        Assert.Contains("not a finite number", error.Message, StringComparison.Ordinal);
    }

    [SndFileTheory]
    [MemberData(nameof(Formats))]
    public void Samples_are_libsndfiles_to_the_bit(string encoding, int container, int format, int channels)
    {
        var bytes = Written(container | format, channels);

        var header = WaveHeader.TryRead(new WaveInput.OfStream(new MemoryStream(bytes), "a"), copy: null);
        var own = SoundFile.Read(new MemoryStream(bytes), "a");
        var piped = SoundFile.Read(new Pipe(bytes), "a");

        using var sound = SoundStream.Read(new MemoryStream(bytes), "a");
        var expected = new float[sound.Info.Frames * channels];
        Assert.Equal(sound.Info.Frames, sound.ReadFrames(expected, sound.Info.Frames));
        Assert.Equal(encoding, header?.Encoding.ToString());
        Assert.Equal((16000, channels, 1001), (own.SampleRate, own.Channels, own.Length));
        for (var c = 0; c < channels; c++)
        {
            var channel = Enumerable.Range(0, own.Length).Select(i => Bits(expected[(i * channels) + c] * 32768f)).ToArray();
            Assert.Equal(channel, own.Channel(c).ToArray().Select(Bits));
            Assert.Equal(channel, piped.Channel(c).ToArray().Select(Bits));
        }
    }

    [SndFileTheory]
    [InlineData(0x12)]
    [InlineData(0x13)]
    public void Other_encodings_are_libsndfiles(int adpcm)
    {
        using var file = new MemoryStream();
        using (var sound = SoundStream.Write(file, "a", Wav | adpcm, 1, 16000))
            sound.WriteFrames([.. Enumerable.Range(0, 2000).Select(i => (short)(8000 * Math.Sin(0.1 * i)))]);
        var bytes = file.ToArray();

        var own = SoundFile.Read(new MemoryStream(bytes), "a");
        using var reader = new Kaldi.Tables.KaldiReader(new Pipe(bytes), "a");
        var archived = WaveObject.Read(reader);

        Assert.InRange(own.Channel(0)[..2000].ToArray().Max(), 7000, 9000);
        Assert.Equal(own.Channel(0).ToArray(), archived.Channel(0).ToArray());
    }

    // libsndfile writes the header, with 1001 frames; every code of 8 bits and any of the others follows.
    private static byte[] Written(int format, int channels)
    {
        using var file = new MemoryStream();
        using (var sound = SoundStream.Write(file, "a", format, channels, 16000))
        {
            sound.WriteFrames(new short[1001 * channels]);
            sound.Finish();
        }

        var bytes = file.ToArray();
        var width = (format & 0xFFFF) switch { 2 => 2, 3 => 3, 4 or 6 => 4, 7 => 8, _ => 1 };
        var data = bytes.AsSpan(bytes.AsSpan().LastIndexOf("data"u8) + 8, 1001 * channels * width);
        new Random(1).NextBytes(data);
        var isBig = (format & BigEndian) != 0;
        for (var i = 0; width == 1 && i < data.Length; i++)
            data[i] = (byte)i;
        for (var i = 0; (format & 0xFFFF) is 6 or 7 && i < data.Length; i += width)
        {
            // Exponents of numbers up to about 2.
            data[i + (isBig ? 0 : width - 1)] = (byte)((data[i + (isBig ? 0 : width - 1)] & 0x80) | 0x3F);
        }

        return bytes;
    }

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    private static float[] Mono(ushort tag, int bits, byte[] data) =>
        SoundFile.Read(new MemoryStream(WaveBytes.Of(tag, bits, 1, data)), "a").Channel(0).ToArray();

    private static byte[] Bytes<T>(params T[] values)
        where T : struct => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}

/// <summary>A stream that cannot seek and gives a few bytes at a time.</summary>
internal sealed class Pipe(byte[] bytes) : MemoryStream(bytes)
{
    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1021)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1021));
}

/// <summary>Runs where libsndfile is installed.</summary>
internal sealed class SndFileTheoryAttribute : TheoryAttribute
{
    public SndFileTheoryAttribute()
    {
        try
        {
            _ = SndFile.Message();
        }
        catch (InputException missing)
        {
            Skip = missing.Message;
        }
    }
}
