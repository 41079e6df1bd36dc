using Mimir.Decode.Alignment;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Tests.Alignment;

public sealed class WordSegmenterTests
{
    private const int Sil = 1;

    [Theory]
    [InlineData("2 3", "10", "10:2 3")]
    [InlineData("1 2 3 1 2 1", "10 11", "0:1|10:2 3|0:1|11:2|0:1")]
    [InlineData("2 3 2", "10 11", "10:2 3|11:2")]
    [InlineData("2 2 3", "11 12", "11:2|12:2 3")]
    [InlineData("1 1 2", "13 11", "13:1|0:1|11:2")]
    [InlineData("1", "", "0:1")]
    [InlineData("", "", "")]
    public void Split_gives_each_word_its_phones_and_silence_to_no_word(string phones, string words, string expected)
    {
        var segments = Segmenter().Split(Phones(phones), Numbers(words))!;

        Assert.Equal(expected, string.Join('|', segments.Select(
            segment => $"{segment.Word}:{string.Join(' ', segment.Phones.Select(phone => phone.Phone))}")));
        Assert.Equal(Numbers(phones).Sum(), segments.Sum(segment => segment.Frames));
        Assert.Equal(
            segments.Select((_, index) => segments.Take(index).Sum(before => before.Frames)),
            segments.Select(segment => segment.FirstFrame));
    }

    [Theory]
    [InlineData("2 3", "11")]
    [InlineData("2", "10")]
    [InlineData("2 3", "10 10")]
    [InlineData("2 3", "")]
    public void Split_finds_nothing_where_the_lexicon_does_not_have_the_words_with_these_phones(string phones, string words) =>
        Assert.Null(Segmenter().Split(Phones(phones), Numbers(words)));

    [Fact]
    public void Split_with_an_empty_lexicon_finds_nothing() =>
        Assert.Null(new WordSegmenter(new VectorFst(), []).Split(Phones("2"), [10]));

    // 10: 2 3; 11: 2; 12: 2 3; 13: the silence phone as a word. As Kaldi's make_lexicon_fst.py makes it, silence after each word.
    private static WordSegmenter Segmenter()
    {
        var lexicon = new VectorFst { Start = 0 };
        for (var state = 0; state < 5; state++)
            lexicon.AddState();

        lexicon.AddArc(0, new FstArc(0, 0, 0.7f, 1));
        lexicon.AddArc(0, new FstArc(0, 0, 0.7f, 2));
        lexicon.AddArc(2, new FstArc(Sil, 0, 0, 1));
        lexicon.AddArc(1, new FstArc(2, 12, 0, 3));
        lexicon.AddArc(1, new FstArc(2, 10, 0, 4));
        foreach (var (next, cost) in new[] { (1, 0.7f), (2, 0.7f) })
        {
            lexicon.AddArc(3, new FstArc(3, 0, cost, next));
            lexicon.AddArc(4, new FstArc(3, 0, cost, next));
            lexicon.AddArc(1, new FstArc(2, 11, cost, next));
            lexicon.AddArc(1, new FstArc(Sil, 13, cost, next));
        }

        lexicon.SetFinal(1);
        return new WordSegmenter(lexicon, [Sil]);
    }

    // A phone has as many frames as its number.
    private static PhoneSegment[] Phones(string phones) => [.. Numbers(phones).Select(phone => new PhoneSegment(phone, phone))];

    private static int[] Numbers(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
