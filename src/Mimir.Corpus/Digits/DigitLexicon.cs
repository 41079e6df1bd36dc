namespace Mimir.Corpus.Digits;

/// <summary>A word of the vocabulary.</summary>
/// <param name="Character">The Chinese character.</param>
/// <param name="Pinyin">The pinyin for espeak-ng.</param>
/// <param name="Phones">Its initial and final, or its final alone, as AISHELL's lexicon names them.</param>
/// <param name="Spoken">For each phone, the mnemonics of the phonemes that espeak-ng makes of it.</param>
internal sealed record DigitWord(
    string Character, string Pinyin, IReadOnlyList<string> Phones, IReadOnlyList<IReadOnlyList<string>> Spoken);

/// <summary>The ten digits and yao1, the second word for one in telephone numbers: 11 words, 18 phones with silence.</summary>
internal static class DigitLexicon
{
    /// <summary>The name of the silence phone.</summary>
    public const string Silence = "SIL";

    /// <summary>The words; the id of a word in <c>words.txt</c> is its index here plus 1.</summary>
    public static readonly IReadOnlyList<DigitWord> Words =
    [
        new("零", "ling2", ["l", "ing2"], [["l"], ["i", "N"]]),
        new("一", "yi1", ["ii", "i1"], [["j"], ["i"]]),
        new("二", "er4", ["er4"], [["@r"]]),
        new("三", "san1", ["s", "an1"], [["s"], ["a", "n"]]),
        new("四", "si4", ["s", "ix4"], [["s"], ["i["]]),
        new("五", "wu3", ["uu", "u3"], [["w"], ["u"]]),
        new("六", "liu4", ["l", "iu4"], [["l"], ["iou"]]),
        new("七", "qi1", ["q", "i1"], [["tS;h"], ["i"]]),
        new("八", "ba1", ["b", "a1"], [["p"], ["A"]]),
        new("九", "jiu3", ["j", "iu3"], [["tS;"], ["iou"]]),
        new("幺", "yao1", ["ii", "iao1"], [["j"], ["Au"]]),
    ];

    /// <summary>The phones, silence first; the id of a phone in <c>phones.txt</c> is its index here plus 1.</summary>
    public static readonly IReadOnlyList<string> Phones =
        [Silence, .. Words.SelectMany(word => word.Phones).Distinct()];

    /// <summary>The id of a phone in <c>phones.txt</c>.</summary>
    public static int PhoneId(string phone)
    {
        for (var i = 0; i < Phones.Count; i++)
        {
            if (Phones[i] == phone)
                return i + 1;
        }

        throw new ArgumentException($"'{phone}' is none of the phones.", nameof(phone));
    }
}
