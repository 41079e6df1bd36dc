using Mimir.Train.Transcription;

namespace Mimir.Train.Tests.Transcription;

public sealed class TranscriptFormatsTests
{
    [Fact]
    public void ToText_and_ToCtm_are_lines_of_Kaldi_and_NIST()
    {
        var transcript = Of(("two", 0.5, 0.81), ("three", 61.25, 61.5));

        Assert.Equal("a two three\n", TranscriptFormats.ToText(transcript));
        Assert.Equal("a 1 0.50 0.31 two 0.90\na 1 61.25 0.25 three 0.90\n", TranscriptFormats.ToCtm(transcript));
        Assert.Equal(("a\n", ""), (TranscriptFormats.ToText(Of()), TranscriptFormats.ToCtm(Of())));
    }

    [Theory]
    [InlineData("two three", "two three")]
    [InlineData("二 四 WIFI 幺", "二四 WIFI 幺")]
    [InlineData("你好 ， 世界 𠮷", "你好，世界𠮷")]
    [InlineData("안녕 하세요", "안녕 하세요")]
    [InlineData("", "")]
    public void Join_writes_words_as_readers_expect_them(string words, string text)
    {
        var split = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(text, TranscriptFormats.Join(split.Select(word => new TranscribedWord(word, 0, 1, 1))));
    }

    [Fact]
    public void ToSrt_parts_at_pauses_and_before_lines_are_too_long()
    {
        var words = Enumerable.Range(0, 30).Select(i => ($"word{i:00}", 3600 + (0.2 * i), 3600.2 + (0.2 * i)))
            .Append(("late", 3700.0, 3700.5)).ToArray();

        var subtitles = Subtitles.ToSrt(Of(words));

        var cues = subtitles.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, cues.Length);
        Assert.StartsWith("1\n01:00:00,000 --> 01:00:02,200\nword00 word01", cues[0], StringComparison.Ordinal);
        Assert.Equal("4\n01:01:40,000 --> 01:01:40,500\nlate", cues[3]);
        Assert.All(cues, cue => Assert.InRange(cue.Split('\n')[2].Length, 1, 80));
        Assert.Equal("", Subtitles.ToSrt(Of()));
    }

    [Fact]
    public void ToSrt_ends_a_subtitle_with_its_segment()
    {
        var (first, second) = (new TranscribedWord("a", 0, 1, 1), new TranscribedWord("b", 1, 2, 1));
        var transcript = new Transcript("x", "x.wav") { Segments = [new(0, 1, [first], false), new(1, 2, [second], false)] };

        Assert.Equal("1\n00:00:00,000 --> 00:00:01,000\na\n\n2\n00:00:01,000 --> 00:00:02,000\nb\n\n", Subtitles.ToSrt(transcript));
    }

    private static Transcript Of(params (string Text, double Start, double End)[] words) => new("a", "a.wav")
    {
        Segments = [new(0, 4000, [.. words.Select(word => new TranscribedWord(word.Text, word.Start, word.End, 0.9))], false)],
    };
}
