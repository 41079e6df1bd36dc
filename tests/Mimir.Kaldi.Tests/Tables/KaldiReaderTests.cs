using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

public sealed class KaldiReaderTests
{
    // Below, at and above the size of the reader's buffer.
    [Theory]
    [InlineData(10)]
    [InlineData(1 << 16)]
    [InlineData(200_000)]
    public void ReadAtMost_fills_the_target_or_stops_at_the_end(int target)
    {
        var bytes = Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7)).ToArray();
        using var reader = new KaldiReader(new MemoryStream(bytes), "a");
        var read = new List<byte>();
        var block = new byte[target];

        int got;
        do
        {
            Assert.Equal(read.Count, reader.Position);
            got = reader.ReadAtMost(block);
            read.AddRange(block.AsSpan(0, got));
        }
        while (got == block.Length);

        Assert.Equal(bytes, read);
        Assert.Equal(0, reader.ReadAtMost(block));
    }

    [Fact]
    public void ReadBytes_beyond_the_end_says_how_many_are_missing()
    {
        using var reader = new KaldiReader(new MemoryStream(new byte[10]), "a");

        var error = Assert.Throws<InputException>(() => reader.ReadBytes(new byte[12]));

        Assert.Equal("a: byte 10: expected 2 more bytes, the file ends here.", error.Message);
    }
}
