using Mimir.Base;
using Mimir.Decode.Alignment;
using Mimir.Decode.Lexicons;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Tests.Lexicons;

public sealed class AlignLexiconTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_gives_words_with_silence_between_words()
    {
        var words = WordSegmenter.Of(AlignLexicon.Read(_folder.Write("align_lexicon.int", "0 0 1\n5 5 2 3\n6 6 2\n6 6 4 4\n")));

        var segments = words.Split([new(1, 10), new(2, 3), new(3, 4), new(1, 6), new(4, 2), new(4, 1), new(1, 7)], [5, 6]);

        Assert.Equal(
            [(0, 0, 10), (5, 10, 7), (0, 17, 6), (6, 23, 3), (0, 26, 7)],
            segments?.Select(segment => (segment.Word, segment.FirstFrame, segment.Frames)));
        Assert.Null(words.Split([new(3, 3)], [5]));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("0 5")]
    [InlineData("5 5 a")]
    [InlineData("5 5 0")]
    [InlineData("-1 5 2")]
    public void Read_refuses_a_line_of_another_form(string line)
    {
        var file = _folder.Write("align_lexicon.int", $"0 0 1\n{line}\n");

        var error = Assert.Throws<InputException>(() => WordSegmenter.Of(AlignLexicon.Read(file)));

        Assert.StartsWith($"{file}:2: expected", error.Message, StringComparison.Ordinal);
    }

    [SharedDataFact]
    public void Read_finds_the_words_of_Kaldis_digits()
    {
        var words = WordSegmenter.Of(AlignLexicon.Read(SharedData.At("goldens/kaldi/exp/lang/align_lexicon.int")));

        // The first pronunciation of the table that has phones, twice, with nothing between.
        var line = File.ReadLines(SharedData.At("goldens/kaldi/exp/lang/align_lexicon.int"))
            .Select(text => text.Split(' ').Select(int.Parse).ToArray()).First(numbers => numbers[0] != 0);
        PhoneSegment[] phones = [.. line.Skip(2).Concat(line.Skip(2)).Select(phone => new PhoneSegment(phone, 5))];

        var segments = words.Split(phones, [line[0], line[0]]);

        Assert.Equal([line[0], line[0]], segments?.Select(segment => segment.Word));
    }
}
