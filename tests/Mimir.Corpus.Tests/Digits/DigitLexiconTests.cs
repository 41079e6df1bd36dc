using Mimir.Corpus.Digits;

namespace Mimir.Corpus.Tests.Digits;

public class DigitLexiconTests
{
    [Fact]
    public void Words_are_eleven_characters_of_one_or_two_phones()
    {
        Assert.Equal("零一二三四五六七八九幺", string.Concat(DigitLexicon.Words.Select(word => word.Character)));
        Assert.All(DigitLexicon.Words, word => Assert.InRange(word.Phones.Count, 1, 2));
        Assert.All(DigitLexicon.Words, word => Assert.Equal(word.Phones.Count, word.Spoken.Count));
    }

    [Fact]
    public void Phones_are_numbered_from_one_with_silence_first()
    {
        Assert.Equal(18, DigitLexicon.Phones.Count);
        Assert.Equal(1, DigitLexicon.PhoneId("SIL"));
        Assert.Throws<ArgumentException>(() => DigitLexicon.PhoneId("x"));
    }

    [Fact]
    public void Variants_serve_one_part_each()
    {
        string[] names = [.. new[] { Variant.Train, Variant.Dev, Variant.Test, Variant.Babble }
            .SelectMany(part => part).Select(one => one.Name)];

        Assert.Equal(names.Length, names.Distinct().Count());
    }
}
