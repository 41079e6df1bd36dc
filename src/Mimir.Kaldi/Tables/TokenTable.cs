using Mimir.Base;
namespace Mimir.Kaldi.Tables;

/// <summary>Reads tables of words in text, as <c>ark:utt2spk</c> and <c>ark:spk2utt</c> are.</summary>
public static class TokenTable
{
    /// <summary>Reads a table in its own order; a value is the words after the key.</summary>
    /// <param name="rspecifier"><c>ark:FILE</c>; with <c>scp:</c> each object is a file of its own.</param>
    /// <param name="options">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">The specifier or the data is malformed; the message names the file and place.</exception>
    public static IEnumerable<KeyValuePair<string, string[]>> Read(string rspecifier, KaldiIoOptions? options = null) =>
        TableReader.Read(rspecifier, options, static (reader, _) => reader.ReadWordLine());

    /// <summary>Opens a table to ask it for keys in any order, as far as the specifier's options allow.</summary>
    /// <param name="rspecifier">For example <c>ark:FILE</c>, <c>scp,p:FILE</c>, <c>ark,s,cs:-</c>; see <see cref="Rspecifier"/>.</param>
    /// <param name="options">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">The archive or script is missing.</exception>
    /// <exception cref="InputException">The specifier or the script is malformed; the message names the place.</exception>
    public static RandomAccessTable<string[]> OpenRandom(string rspecifier, KaldiIoOptions? options = null) =>
        TableReader.OpenRandom(rspecifier, options, static (reader, _) => reader.ReadWordLine());
}
