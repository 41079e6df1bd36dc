using Mimir.Base;
using Mimir.Base.Text;
using Mimir.Decode.Scoring;

namespace Mimir.Decode.Tests.Scoring;

public sealed class TranscriptsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_written_transcripts_gives_them_back_with_empty_ones()
    {
        var texts = new Dictionary<string, string> { ["u2"] = "", ["u1"] = "one two" };

        Transcripts.Write(_path, texts);

        Assert.Equal("u1 one two\nu2\n", File.ReadAllText(_path));
        Assert.Equal(texts, Transcripts.Read(_path));
    }

    [Fact]
    public void Read_gbk_is_refused_with_its_line_and_read_when_it_is_named()
    {
        var gbk = TextEncodings.Find("gbk");
        File.WriteAllBytes(_path, gbk.GetBytes("u1 ok\nu2 今天 天气\n"));

        var failure = Assert.Throws<InputException>(() => Transcripts.Read(_path));

        Assert.StartsWith($"{_path}:2:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("GBK", failure.Message, StringComparison.Ordinal);
        Assert.Equal("今天 天气", Transcripts.Read(_path, gbk)["u2"]);
    }

    [Fact]
    public void Read_utterance_twice_fails_with_the_line()
    {
        File.WriteAllText(_path, "u1 a\nu2 b\nu1 c\n");

        var failure = Assert.Throws<InputException>(() => Transcripts.Read(_path));

        Assert.StartsWith($"{_path}:3:", failure.Message, StringComparison.Ordinal);
    }
}
