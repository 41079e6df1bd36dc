using System.Globalization;
using Mimir.Decode.Lexicons;
using Mimir.Decode.Scoring;

namespace Mimir.Decode.Language.Graphones;

/// <summary>The errors of found pronunciations; each word's nearest pronunciation of the lexicon counts.</summary>
/// <param name="Words">The words.</param>
/// <param name="WrongWords">Those whose first pronunciation is not in the lexicon, or that have none.</param>
/// <param name="Phones">The phones of the lexicon.</param>
/// <param name="WrongPhones">The insertions, deletions and substitutions.</param>
public sealed record G2PErrors(int Words, int WrongWords, long Phones, long WrongPhones)
{
    /// <summary>Counts the errors of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="lexicon">The right pronunciations.</param>
    public static G2PErrors Count(IPronouncer model, Lexicon lexicon)
    {
        var errors = new G2PErrors(0, 0, 0, 0);
        foreach (var word in lexicon.Words)
        {
            var found = model.Pronounce(word) is [var best, ..] ? best.Phones : [];
            var (wrong, length) = lexicon.Of(word)
                .Select(entry => (Errors(entry.Phones, found), entry.Phones.Count))
                .Min();
            errors = new G2PErrors(
                errors.Words + 1, errors.WrongWords + (wrong > 0 ? 1 : 0), errors.Phones + length, errors.WrongPhones + wrong);
        }

        return errors;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Percent(WrongPhones, Phones):0.00}% of {Phones} phones wrong, {Percent(WrongWords, Words):0.00}% of {Words} words");

    private static double Percent(long part, long whole) => 100.0 * part / Math.Max(1, whole);

    private static long Errors(IReadOnlyList<string> reference, IReadOnlyList<string> found) =>
        EditDistance.Count(reference.Count, found.Count, (r, h) => reference[r] == found[h]).Errors;
}
