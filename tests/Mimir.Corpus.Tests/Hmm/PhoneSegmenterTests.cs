using Mimir.Base;
using Mimir.Corpus.Digits;
using Mimir.Corpus.Hmm;
using Mimir.Corpus.Speech;

namespace Mimir.Corpus.Tests.Hmm;

public class PhoneSegmenterTests
{
    private static readonly HmmSet Hmms = new();
    private readonly PhoneSegmenter _segmenter = new(Hmms);

    [Fact]
    public void Segment_gives_closures_to_the_phone_and_pauses_to_silence()
    {
        var phrase = new DigitPhrase([0, 8, 8], "ling2 ba1, ba1");
        PhonemeMark[] marks =
        [
            new("l", 50), new("i", 2000), new("N", 4000), new("_|", 6000),
            new("p", 6800), new("A", 7500), new("_|", 10000), new("_:", 10000),
            new("p", 15000), new("A", 15600), new("_|", 18000), new("_", 18500),
        ];

        var spans = _segmenter.Segment(phrase, new SpokenPhrase(new short[19000], marks));

        PhoneSpan[] want =
        [
            new(Hmms.WordUnits[0][0], 50), new(Hmms.WordUnits[0][1], 2000),
            new(Hmms.WordUnits[8][0], 6000), new(Hmms.WordUnits[8][1], 7500),
            new(Hmms.Silence, 10000),
            new(Hmms.WordUnits[8][0], 15000), new(Hmms.WordUnits[8][1], 15600),
            new(Hmms.Silence, 18000),
        ];
        Assert.Equal(want, spans);
    }

    [Fact]
    public void Segment_other_phonemes_are_refused()
    {
        var spoken = new SpokenPhrase(new short[100], [new("j", 0), new("e", 50), new("_", 90)]);

        var error = Assert.Throws<InputException>(() => _segmenter.Segment(new DigitPhrase([1], "yi1"), spoken));

        Assert.Contains("expected the phonemes of 'yi1', got 'j e _'", error.Message, StringComparison.Ordinal);
    }
}
