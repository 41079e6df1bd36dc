using Mimir.Base;
using Mimir.Features.Audio;

namespace Mimir.Features.Tests.Audio;

public sealed class SoundFileTests : IDisposable
{
    private static readonly short[] Samples = [0, 1, -1, 32767, -32768, 12345, -321, 7];

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-sound").FullName;

    [Theory]
    [InlineData("flac")]
    [InlineData("wav")]
    public void Read_of_what_was_written_gives_the_integers_back(string format)
    {
        var path = Written(format, Samples, 16000, 1);

        var clip = SoundFile.Read(path);

        Assert.Equal(16000, clip.SampleRate);
        Assert.Equal(Samples.Select(s => (float)s), clip.Channel(0).ToArray());
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("flac")]
    [InlineData("wav")]
    public void Read_parts_the_channels(string format)
    {
        var path = Written(format, Samples, 8000, 2);

        var clip = SoundFile.Read(path);

        Assert.Equal(2, clip.Channels);
        Assert.Equal([0, -1, -32768, -321], clip.Channel(0).ToArray());
        Assert.Equal([1, 32767, 12345, 7], clip.Channel(1).ToArray());
    }

    [Theory]
    [InlineData("flac")]
    [InlineData("wav")]
    public void Read_of_a_range_gives_that_range(string format)
    {
        var path = Written(format, Samples, 8000, 1);

        var clip = SoundFile.Read(path, start: 3, count: 2);

        Assert.Equal([32767, -32768], clip.Channel(0).ToArray());
    }

    [Fact]
    public void Read_beyond_the_end_says_how_long_the_file_is()
    {
        var path = Written("wav", Samples, 8000, 1);

        var error = Assert.Throws<InputException>(() => SoundFile.Read(path, start: 6, count: 4));

        Assert.Contains($"{path}: frames 6 to 10 were asked for, the file has 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_from_a_stream_that_cannot_seek_works()
    {
        var path = Written("wav", Samples, 8000, 1);
        using var compressed = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionMode.Compress, true))
            zip.Write(File.ReadAllBytes(path));
        compressed.Position = 0;
        using var stream = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionMode.Decompress);

        var clip = SoundFile.Read(stream, "zipped.wav");

        Assert.Equal(Samples.Length, clip.Length);
    }

    [Fact]
    public void Info_reads_the_header()
    {
        var path = Written("flac", Samples, 44100, 2);

        Assert.Equal(new AudioInfo(4, 2, 44100), SoundFile.Info(path));
    }

    [Fact]
    public void Read_of_a_missing_file_names_it()
    {
        var error = Assert.Throws<FileNotFoundException>(() => SoundFile.Read(Path.Combine(_folder, "none.wav")));

        Assert.Contains("none.wav: no such audio file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_what_is_not_audio_names_the_file_and_the_remedy()
    {
        var path = Path.Combine(_folder, "text.wav");
        File.WriteAllText(path, "this is no audio at all, only some text that is long enough");

        var error = Assert.Throws<InputException>(() => SoundFile.Read(path));

        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected audio that libsndfile reads", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_flac_that_is_cut_off_reports_it()
    {
        var noise = Enumerable.Range(0, 50_000).Select(i => (short)((i * 7919) ^ (i << 3))).ToArray();
        var path = Written("flac", noise, 16000, 1);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..30_000]);

        var error = Assert.Throws<InputException>(() => SoundFile.Read(path));

        Assert.Contains("the file is cut off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteFlac_into_a_missing_folder_leaves_nothing()
    {
        var path = Path.Combine(_folder, "no", "such.flac");

        Assert.ThrowsAny<IOException>(() => SoundFile.WriteFlac(path, Samples, 16000));

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void WriteFlac_of_an_impossible_rate_says_so_and_leaves_nothing()
    {
        var path = Path.Combine(_folder, "a.flac");

        Assert.Throws<InputException>(() => SoundFile.WriteFlac(path, Samples, 100_000_000));

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [SharedDataFact]
    public void Read_of_corpus_flac_gives_integers_at_16_bit_scale()
    {
        var file = Directory
            .EnumerateFiles(SharedData.At("corpora/aishell-sample/test/flac"), "*.flac", SearchOption.AllDirectories).First();

        var clip = SoundFile.Read(file);

        Assert.Equal(16000, clip.SampleRate);
        Assert.All(clip.Channel(0).ToArray(), s => Assert.Equal(MathF.Round(s), s));
        Assert.True(clip.Channel(0).ToArray().Max() > 500);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Written(string format, short[] samples, int rate, int channels)
    {
        var path = Path.Combine(_folder, $"a.{format}");
        if (format == "flac")
            SoundFile.WriteFlac(path, samples, rate, channels);
        else
            SoundFile.WriteWav(path, samples, rate, channels);
        return path;
    }
}
