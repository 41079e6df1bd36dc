using System.Text;

namespace Mimir.Decode.Language.Graphones;

/// <summary>Some letters and the phones that they are spoken as: a unit of spelling and pronunciation together.</summary>
/// <param name="Letters">One or two letters.</param>
/// <param name="Phones">Up to two phones; none for mute letters.</param>
internal sealed record Graphone(string Letters, IReadOnlyList<string> Phones)
{
    private const char Between = '}';
    private const char Joint = '|';
    private const string None = "_";

    /// <summary>
    /// The word that stands for it in an n-gram model, in the form of Phonetisaurus: <c>t|h}TH</c>, <c>e}_</c>. Characters that have a
    /// meaning there are written as <c>%7D</c>.
    /// </summary>
    public string Token =>
        $"{string.Join(Joint, Letters.EnumerateRunes().Select(rune => Escaped(rune.ToString())))}{Between}"
        + (Phones.Count == 0 ? None : string.Join(Joint, Phones.Select(Escaped)));

    /// <summary>Reads what <see cref="Token"/> wrote; null where it is none.</summary>
    public static Graphone? Parse(string token)
    {
        var parts = token.Split(Between);
        if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0)
            return null;

        return new Graphone(
            string.Concat(parts[0].Split(Joint).Select(Uri.UnescapeDataString)),
            parts[1] == None ? [] : [.. parts[1].Split(Joint).Select(Uri.UnescapeDataString)]);
    }

    private static string Escaped(string text)
    {
        var result = new StringBuilder();
        foreach (var letter in text)
            result.Append(letter is '%' or Between or Joint or '_' or '<' or '>' or '#' ? $"%{(int)letter:X2}" : letter);

        return result.ToString();
    }
}
