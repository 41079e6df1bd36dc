using System.Text;
using Mimir.Base.Text;

namespace Mimir.Base.Tests.Text;

public sealed class TextLineReaderTests
{
    private const string Chinese = "u1 今天天气很好 我们去公园\nu2 他说这是一个问题\n";

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\nb\n", new[] { "a", "b" })]
    [InlineData("a\r\nb\rc\n\nd", new[] { "a", "b", "c", "", "d" })]
    [InlineData("\uFEFF你 é\n", new[] { "你 é" })]
    [InlineData("a\r", new[] { "a" })]
    public void ReadLine_gives_lines_without_their_ends(string text, string[] lines) =>
        Assert.Equal(lines, Lines(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void ReadLine_takes_lines_longer_than_a_buffer_and_streams_that_give_little()
    {
        var lines = new[] { new string('x', 200_000), "好", new string('好', 50_000) };

        Assert.Equal(lines, Lines(Encoding.UTF8.GetBytes(string.Join("\r\n", lines)), few: 7));
    }

    [Theory]
    [InlineData("gbk", Chinese, ":1:", "GBK")]
    [InlineData("gb18030", Chinese, ":1:", "GBK")]
    [InlineData("big5", "u1 今天天氣很好 我們去公園\nu2 他說這是一個問題\n", ":1:", "Big5")]
    [InlineData("latin1", "u0 ok\nu1 café noir\nu2 über die Straße\n", ":2:", "Latin1")]
    [InlineData("cp1252", "u0 ok\nu1 niño año señor\n", ":2:", "Latin1")]
    [InlineData("shift_jis", "u1 今日は 天気が いい\nu2 ありがとう\n", ":1:", "Shift_JIS")]
    [InlineData("euc-jp", "u1 今日は 天気が いい\nu2 ありがとう\n", ":1:", "EUC-JP")]
    [InlineData("euc-kr", "u1 오늘 날씨가 정말 좋습니다\nu2 감사합니다\n", ":1:", "EUC-KR")]
    [InlineData("utf-16", "u1 今天\nu2 ok\n", ":1:", "UTF-16")]
    [InlineData("utf-16be", "u1 今天\nu2 ok\n", ":1:", "UTF-16")]
    public void ReadLine_names_the_line_and_the_likely_encoding(string encoding, string text, string line, string likely)
    {
        var bytes = TextEncodings.Find(encoding).GetBytes(text);

        var error = Assert.Throws<InputException>(() => Lines(bytes));

        Assert.StartsWith("name" + line, error.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
        Assert.Contains(likely, error.Message, StringComparison.Ordinal);
        Assert.Equal(text, string.Join('\n', Lines(bytes, encoding)) + "\n");
    }

    [Fact]
    public void ReadLine_tells_damaged_utf8_from_other_encodings()
    {
        var bytes = Encoding.UTF8.GetBytes(Chinese);
        bytes[^3] = 0xFF;

        var error = Assert.Throws<InputException>(() => Lines(bytes));

        Assert.StartsWith("name:2:", error.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("gzip", Assert.Throws<InputException>(() => Lines([0x1F, 0x8B, 8, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("binary", Assert.Throws<InputException>(() => Lines([0, 1, 2, 3, 0, 0, 0, 7])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadLine_in_a_named_encoding_names_the_line_that_is_not_of_it()
    {
        byte[] bytes = [.. "u1 a\nu2 "u8, 0xC4, 0xE3, .. "\nu3 "u8, 0x81, 0x20, .. "\n"u8];

        var error = Assert.Throws<InputException>(() => Lines(bytes, "gbk"));

        Assert.StartsWith("name:3: expected text in gb", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadLine_in_a_named_encoding_still_takes_a_file_of_utf8_as_such() =>
        Assert.Equal(Chinese.TrimEnd().Split('\n'), Lines(Encoding.UTF8.GetBytes(Chinese), "gbk"));

    [Theory]
    [InlineData("latin1", "u1 café\n")]
    [InlineData("gbk", "u1 café à Zürich über\n")]
    public void ReadLine_in_a_named_encoding_takes_european_utf8_as_such(string encoding, string text) =>
        Assert.Equal([text.TrimEnd()], Lines(Encoding.UTF8.GetBytes(text), encoding));

    [Theory]
    [InlineData("GB2312")]
    [InlineData("cp936")]
    [InlineData("Latin-1")]
    [InlineData("utf8")]
    public void Find_knows_the_names_that_people_use(string name) => Assert.NotNull(TextEncodings.Find(name));

    [Fact]
    public void Find_refuses_other_names_with_those_it_has() =>
        Assert.Contains("gbk", Assert.Throws<InputException>(() => TextEncodings.Find("klingon")).Message, StringComparison.Ordinal);

    private static List<string> Lines(byte[] bytes, string? encoding = null, int few = int.MaxValue)
    {
        using var reader = new TextLineReader(new Trickle(bytes, few), "name", encoding is null ? null : TextEncodings.Find(encoding));
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
            lines.Add(line);

        return lines;
    }

    private sealed class Trickle(byte[] bytes, int few) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, few)]);
    }
}
