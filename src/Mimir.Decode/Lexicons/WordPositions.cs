namespace Mimir.Decode.Lexicons;

/// <summary>Phones that say where in its word they are: at the begin, the end, inside, or alone.</summary>
public static class WordPositions
{
    /// <summary>Marks the phones of a pronunciation with <c>_B</c>, <c>_I</c>, <c>_E</c> or <c>_S</c>.</summary>
    public static Pronunciation Mark(Pronunciation entry)
    {
        var last = entry.Phones.Count - 1;
        return entry with
        {
            Phones = [.. entry.Phones.Select((phone, i) => phone + (last == 0 ? "_S" : i == 0 ? "_B" : i == last ? "_E" : "_I"))],
        };
    }

    /// <summary>The forms of a phone.</summary>
    /// <param name="phone">The phone without a mark.</param>
    /// <param name="isSilence">True for phones that stand between words too, without a mark.</param>
    public static IEnumerable<string> FormsOf(string phone, bool isSilence) =>
        ((string[])["", "_B", "_E", "_I", "_S"]).Skip(isSilence ? 0 : 1).Select(mark => phone + mark);

    /// <summary>The word that Kaldi's word_boundary files have for a phone's position.</summary>
    public static string NameOf(string phone) => phone switch
    {
        [.., '_', 'B'] => "begin",
        [.., '_', 'E'] => "end",
        [.., '_', 'I'] => "internal",
        [.., '_', 'S'] => "singleton",
        _ => "nonword",
    };
}
