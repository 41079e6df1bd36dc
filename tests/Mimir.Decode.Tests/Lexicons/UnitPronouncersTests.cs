using Mimir.Base.Text;
using Mimir.Decode.Lexicons;

namespace Mimir.Decode.Tests.Lexicons;

/// <summary>Pronunciations by the spelling of words.</summary>
public sealed class UnitPronouncersTests
{
    [Theory]
    [InlineData("中文A", false, "中 文 A")]
    [InlineData("Don't", true, "d o n t")]
    [InlineData("É1𠀀", true, "é 1 𠀀")]
    [InlineData("…!", false, null)]
    public void Characters_are_phones(string word, bool ignoresCase, string? phones) =>
        Assert.Equal(phones, new CharacterUnits(ignoresCase).Pronounce(word) is [var only] ? string.Join(' ', only.Phones) : null);

    [Theory]
    [InlineData("zhōng", "zh ong1")]
    [InlineData("zhong1", "zh ong1")]
    [InlineData("yù", "v4")]
    [InlineData("jué", "j ve2")]
    [InlineData("lǜ", "l v4")]
    [InlineData("shì", "sh ix4")]
    [InlineData("sī", "s iy1")]
    [InlineData("jī", "j i1")]
    [InlineData("de", "d e5")]
    [InlineData("ér", "er2")]
    [InlineData("ān", "an1")]
    [InlineData("wèi", "ui4")]
    [InlineData("ḿ", "m2")]
    [InlineData("xún", "x vn2")]
    public void Syllables_of_pinyin_are_split(string syllable, string phones) =>
        Assert.Equal(phones, string.Join(' ', PinyinSyllable.Split(syllable)));

    [Fact]
    public void Pinyin_of_characters_and_letters()
    {
        if (!IcuTransliterator.IsInstalled)
            return;

        using var units = new PinyinUnits(zeroInitials: false);

        Assert.Equal("zh ong1 g uo2 w i 4", string.Join(' ', units.Pronounce("中国Wi4")[0].Phones));
        Assert.Empty(units.Pronounce("。"));
    }

    [Fact]
    public void Syllables_that_begin_with_a_vowel_get_an_initial()
    {
        if (!IcuTransliterator.IsInstalled)
            return;

        using var units = new PinyinUnits(zeroInitials: true);

        Assert.Equal("ii i1 uu u3 ee er4 vv v4 b a1 ii iao1 aa an1", string.Join(' ', units.Pronounce("一五二玉八幺安")[0].Phones));
    }

    [Theory]
    [InlineData("wu uu u3", true)]
    [InlineData("wu u3", false)]
    [InlineData("uu u u", false)]
    public void A_lexicon_has_zero_initials_or_not(string line, bool has)
    {
        var fields = line.Split(' ');

        Assert.Equal(has, PinyinUnits.HasZeroInitials(new Lexicon([new(fields[0], fields[1..])])));
    }

    // The characters of aishell with their readings in running text.
    [SharedDataFact]
    public void Pinyin_agrees_with_the_lexicon_of_aishell()
    {
        var lexicon = Lexicon.Read(SharedData.At("corpora/aishell-sample/dict/lexicon.txt"));
        var text = TextLineReader.ReadLines(SharedData.At("corpora/aishell-sample/train/text")).SelectMany(line => line.Split(' ')[1..])
            .Where(word => lexicon.Has(word) && word.EnumerateRunes().All(rune => rune.Value >= 0x4e00)).ToArray();
        using var units = new PinyinUnits(zeroInitials: PinyinUnits.HasZeroInitials(lexicon));

        var same = text.Count(word => lexicon.Of(word).Any(entry => entry.Phones.SequenceEqual(units.Pronounce(word)[0].Phones)));

        Assert.InRange(same / (double)text.Length, 0.9, 1);
    }

    [Fact]
    public void Completion_keeps_the_words_of_the_lexicon_and_names_what_cannot_be_spoken()
    {
        var (lexicon, unspoken) = LexiconCompletion.Complete(
            new([new("b", ["X"])]), ["c", "b", "?", "a", "c"], new CharacterUnits(true));

        Assert.Equal(["b X", "a a", "c c"], lexicon.Entries.Select(entry => $"{entry.Word} {string.Join(' ', entry.Phones)}"));
        Assert.Equal(["?"], unspoken);
    }
}
