using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Alignments;

/// <summary>Reads tables of posteriors.</summary>
public static class PosteriorTable
{
    /// <summary>Reads a table in its own order, one value at a time.</summary>
    /// <param name="rspecifier">For example <c>ark:FILE</c>, <c>scp:FILE</c>, <c>ark,t:-</c>; see <see cref="Rspecifier"/>.</param>
    /// <param name="options">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">The specifier or the data is malformed, or a weight is not finite; the message names
    /// the file and place.</exception>
    public static IEnumerable<KeyValuePair<string, Posterior>> Read(string rspecifier, KaldiIoOptions? options = null) =>
        TableReader.Read(rspecifier, options, PosteriorFormat.Read);

    /// <summary>Opens a table to ask it for keys in any order, as far as the specifier's options allow.</summary>
    /// <param name="rspecifier">For example <c>ark:FILE</c>, <c>scp,p:FILE</c>, <c>ark,s,cs:-</c>; see <see cref="Rspecifier"/>.</param>
    /// <param name="options">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">The archive or script is missing.</exception>
    /// <exception cref="InputException">The specifier or the script is malformed; the message names the place.</exception>
    public static RandomAccessTable<Posterior> OpenRandom(string rspecifier, KaldiIoOptions? options = null) =>
        TableReader.OpenRandom(rspecifier, options, PosteriorFormat.Read);

    /// <summary>Reads a single object from its own file, or from <c>archive:offset</c>.</summary>
    /// <inheritdoc cref="Read(string, KaldiIoOptions?)"/>
    /// <param name="rxfilename">The extended file name.</param>
    /// <param name="options">What may be opened.</param>
    public static Posterior ReadOne(string rxfilename, KaldiIoOptions? options = null) =>
        TableReader.ReadOne(rxfilename, options, PosteriorFormat.Read);
}
