using System.Text;

namespace Mimir.Decode.Lexicons;

/// <summary>Splits syllables of pinyin into initial and final.</summary>
public static class PinyinSyllable
{
    private const int NeutralTone = 5;

    // Four tones of each vowel, and of the consonants that are syllables of their own.
    private const string Marked = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ";
    private const string Vowels = "aeiouv";
    private const string Marks = "\u0304\u0301\u030C\u0300";

    private static readonly string[] Initials =
        ["zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s"];

    // Finals that are spelt otherwise where no initial stands before them.
    private static readonly Dictionary<string, string> Alone = new(StringComparer.Ordinal)
    {
        ["yi"] = "i",
        ["ya"] = "ia",
        ["yo"] = "io",
        ["ye"] = "ie",
        ["yao"] = "iao",
        ["you"] = "iu",
        ["yan"] = "ian",
        ["yin"] = "in",
        ["yang"] = "iang",
        ["ying"] = "ing",
        ["yong"] = "iong",
        ["yu"] = "v",
        ["yue"] = "ve",
        ["yuan"] = "van",
        ["yun"] = "vn",
        ["wu"] = "u",
        ["wa"] = "ua",
        ["wo"] = "uo",
        ["wai"] = "uai",
        ["wei"] = "ui",
        ["wan"] = "uan",
        ["wen"] = "un",
        ["wang"] = "uang",
        ["weng"] = "ueng",
    };

    /// <summary>Splits a syllable.</summary>
    /// <param name="syllable">With a mark for the tone (<c>zhōng</c>) or a digit (<c>zhong1</c>); without one the tone is 5.</param>
    /// <returns>
    /// The initial, where there is one, and the final with its tone: <c>zh ong1</c>, <c>v4</c> (yù), <c>j ve2</c> (jué). The vowels of
    /// si and shi are the finals iy and ix, since they are no i.
    /// </returns>
    public static string[] Split(string syllable)
    {
        var (plain, tone) = WithoutTone(syllable);
        if (Alone.TryGetValue(plain, out var alone))
            return [$"{alone}{tone}"];

        var initial = Initials.FirstOrDefault(start => plain.StartsWith(start, StringComparison.Ordinal)) ?? "";
        var final = plain[initial.Length..];
        if (initial.Length == 0 || final.IndexOfAny([.. Vowels]) < 0)
            return [$"{plain}{tone}"];

        final = (initial, final) switch
        {
            ("zh" or "ch" or "sh" or "r", "i") => "ix",
            ("z" or "c" or "s", "i") => "iy",
            ("j" or "q" or "x", ['u', .. var rest]) => $"v{rest}",
            _ => final,
        };
        return [initial, $"{final}{tone}"];
    }

    /// <summary>The zero initial of a syllable that begins with its vowel, as the lexicon of AISHELL-1 writes it: aa, ee, ii, oo, uu
    /// or vv.</summary>
    /// <param name="syllable">The units of a syllable.</param>
    /// <returns>The initial that stands before the final; null for a syllable with an initial or without a vowel.</returns>
    public static string? ZeroInitial(IReadOnlyList<string> syllable) =>
        syllable is [[var vowel, ..]] && Vowels.Contains(vowel) ? $"{vowel}{vowel}" : null;

    private static (string Plain, int Tone) WithoutTone(string syllable)
    {
        var plain = new StringBuilder();
        var tone = NeutralTone;
        foreach (var letter in syllable)
        {
            if (Marked.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var vowel)
            {
                plain.Append(Vowels[vowel / 4]);
                tone = (vowel % 4) + 1;
            }
            else if (Marks.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var mark)
            {
                tone = mark + 1;
            }
            else if (letter is >= '1' and <= '5')
            {
                tone = letter - '0';
            }
            else
            {
                var (base_, own) = Consonant(letter);
                plain.Append(base_);
                tone = own == 0 ? tone : own;
            }
        }

        return (plain.ToString(), tone);
    }

    private static (char Letter, int Tone) Consonant(char letter) => letter switch
    {
        'ü' => ('v', 0),
        'ê' => ('e', 0),
        'ế' => ('e', 2),
        'ề' => ('e', 4),
        'ń' => ('n', 2),
        'ň' => ('n', 3),
        'ǹ' => ('n', 4),
        'ḿ' => ('m', 2),
        _ => (letter, 0),
    };
}
