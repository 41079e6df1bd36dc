using System.Text;
using System.Text.RegularExpressions;
using Mimir.Train.Recipes;

namespace Mimir.Train.Start;

/// <summary>The words of a text, as lexicon and language model have them.</summary>
internal static partial class StartText
{
    /// <summary>
    /// Splits a text at white space. Where characters are the units and no lexicon is there, each Chinese character is a word, since
    /// nothing says which of them are one.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="lexicon">The pronunciations of the recipe.</param>
    /// <returns>The words, with single spaces between them.</returns>
    public static string Words(string text, LexiconRecipe lexicon)
    {
        var spaced = lexicon is { File: null, Units: WordUnits.Character or WordUnits.Pinyin } ? Han().Replace(text, " $0 ") : text;
        return string.Join(' ', spaced.Normalize(NormalizationForm.FormC).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}|\p{IsCJKUnifiedIdeographsExtensionA}")]
    private static partial Regex Han();
}
