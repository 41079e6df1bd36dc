using System.Text;

namespace Mimir.Decode.Lexicons;

/// <summary>Characters as phones: each letter, digit or sign of a script is one, punctuation is not spoken.</summary>
/// <param name="ignoresCase">True for letters whatever their case.</param>
public sealed class CharacterUnits(bool ignoresCase) : IPronouncer
{
    /// <inheritdoc/>
    public IReadOnlyList<Pronunciation> Pronounce(string word)
    {
        string[] phones =
            [.. word.EnumerateRunes().Where(IsSpoken).Select(rune => (ignoresCase ? Rune.ToLowerInvariant(rune) : rune).ToString())];
        return phones.Length > 0 ? [new Pronunciation(word, phones)] : [];
    }

    /// <summary>True for letters, digits and the marks that change them.</summary>
    internal static bool IsSpoken(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}

/// <summary>
/// Initials and finals with tones of Chinese characters, such as <c>zh ong1</c>, by the usual reading of each; letters and digits of
/// other scripts are units of their own.
/// </summary>
/// <remarks>The readings are those of the library ICU, one for each character: where a character is spoken in several ways, a lexicon with
/// the words in question goes before.</remarks>
/// <param name="zeroInitials">
/// True for an initial of its own before a syllable that begins with its vowel: <c>uu u3</c> for wǔ, as in the lexicon of AISHELL-1.
/// Without it nothing but its length tells such a syllable from two of them.
/// </param>
public sealed class PinyinUnits(bool zeroInitials) : IPronouncer, IDisposable
{
    private readonly IcuTransliterator _latin = new("Han-Latin");
    private readonly Dictionary<Rune, string[]> _known = [];

    /// <inheritdoc/>
    public IReadOnlyList<Pronunciation> Pronounce(string word)
    {
        var phones = new List<string>();
        foreach (var rune in word.EnumerateRunes().Where(CharacterUnits.IsSpoken))
            phones.AddRange(Of(rune));

        return phones.Count > 0 ? [new Pronunciation(word, phones)] : [];
    }

    /// <summary>True when a lexicon has zero initials.</summary>
    /// <param name="lexicon">The lexicon.</param>
    public static bool HasZeroInitials(Lexicon lexicon) => lexicon.Entries.Any(entry =>
        entry.Phones.Zip(entry.Phones.Skip(1)).Any(pair => PinyinSyllable.ZeroInitial([pair.Second]) == pair.First));

    /// <inheritdoc/>
    public void Dispose() => _latin.Dispose();

    private string[] Of(Rune rune)
    {
        if (_known.TryGetValue(rune, out var phones))
            return phones;

        var character = rune.ToString();
        var reading = _latin.Apply(character).Trim();
        phones = reading == character ? [Rune.ToLowerInvariant(rune).ToString()] : Syllable(reading);
        _known.Add(rune, phones);
        return phones;
    }

    private string[] Syllable(string reading)
    {
        var units = PinyinSyllable.Split(reading);
        return zeroInitials && PinyinSyllable.ZeroInitial(units) is { } initial ? [initial, .. units] : units;
    }
}
