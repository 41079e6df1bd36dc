using System.IO.Compression;

namespace Mimir.Base.Tests;

public sealed class GunzipStreamTests
{
    public static TheoryData<CompressionLevel, int> Sizes { get; } = new()
    {
        { CompressionLevel.Optimal, 1 },
        { CompressionLevel.Optimal, 3000 },
        { CompressionLevel.NoCompression, 3000 },
        { CompressionLevel.Fastest, 20_000 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Data_that_is_cut_at_any_byte_is_never_a_shorter_file(CompressionLevel level, int size)
    {
        var content = Noise(size);
        var packed = Pack(content, level);

        Assert.Equal(content, Unpack(packed));
        for (var length = 0; length < packed.Length; length++)
            Assert.Throws<InputException>(() => Unpack(packed[..length]));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_second_member_is_read_and_its_cut_is_noticed(CompressionLevel level, int size)
    {
        var (first, second) = (Pack("before "u8.ToArray(), level), Pack(Noise(size), level));

        Assert.Equal([.. "before "u8, .. Noise(size)], Unpack([.. first, .. second]));
        for (var length = 1; length < second.Length; length++)
            Assert.Throws<InputException>(() => Unpack([.. first, .. second[..length]]));
    }

    [Fact]
    public void A_cut_is_called_a_cut_and_a_wrong_checksum_damage()
    {
        var packed = Pack(Noise(3000), CompressionLevel.Optimal);
        var wrong = (byte[])packed.Clone();
        wrong[^6] ^= 1;

        Assert.Contains("is cut", Assert.Throws<InputException>(() => Unpack(packed[..^4])).Message, StringComparison.Ordinal);
        Assert.Contains("is cut", Assert.Throws<InputException>(() => Unpack(packed[..1000])).Message, StringComparison.Ordinal);
        Assert.Contains("checksum", Assert.Throws<InputException>(() => Unpack(wrong)).Message, StringComparison.Ordinal);
        var plain = Assert.Throws<InputException>(() => Unpack([.. "plain text"u8]));
        Assert.Contains("got other data", plain.Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<InputException>(() => Unpack([])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(100_000)]
    public void Other_bytes_behind_the_end_are_passed_over(int count)
    {
        var content = Noise(3000);

        Assert.Equal(content, Unpack([.. Pack(content, CompressionLevel.Optimal), .. new byte[count]]));
        Assert.Equal(content, Unpack([.. Pack(content, CompressionLevel.Optimal), .. Enumerable.Repeat((byte)'x', count)]));
    }

    [Fact]
    public void Data_that_is_as_long_as_the_readers_buffers_ends_where_it_ends()
    {
        for (var size = 8100; size < 8300; size++)
        {
            var content = Noise(size);
            Assert.Equal(content, Unpack(Pack(content, CompressionLevel.NoCompression)));
        }
    }

    private static byte[] Noise(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        for (var i = 0; i < size; i += 3)
            bytes[i] = 0;

        return bytes;
    }

    private static byte[] Pack(byte[] content, CompressionLevel level)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, level))
            zip.Write(content);

        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var input = new GunzipStream(new MemoryStream(packed), "x.gz");
        var content = new MemoryStream();
        input.CopyTo(content);
        return content.ToArray();
    }
}
