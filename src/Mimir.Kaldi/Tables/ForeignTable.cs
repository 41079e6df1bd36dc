using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>Reads tables whose values are features in the formats of other toolkits.</summary>
public static class ForeignTable
{
    /// <summary>Reads a table of HTK feature files in its own order.</summary>
    /// <param name="rspecifier">Mostly <c>scp:FILE</c>; see <see cref="Rspecifier"/>.</param>
    /// <param name="options">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">The data is malformed, compressed or no features; the message names the place.</exception>
    public static IEnumerable<KeyValuePair<string, FloatMatrix>> ReadHtk(string rspecifier, KaldiIoOptions? options = null) =>
        TableReader.Read(rspecifier, options, static (reader, _) => HtkFormat.Read(reader).Features, marked: false);

    /// <summary>Reads a single HTK feature file.</summary>
    /// <inheritdoc cref="ReadHtk"/>
    /// <param name="rxfilename">The extended file name.</param>
    /// <param name="options">What may be opened.</param>
    public static FloatMatrix ReadOneHtk(string rxfilename, KaldiIoOptions? options = null) =>
        TableReader.ReadOne(rxfilename, options, static (reader, _) => HtkFormat.Read(reader).Features, marked: false);

    /// <summary>Reads a table of Sphinx feature files of 13 values a frame in its own order.</summary>
    /// <inheritdoc cref="ReadHtk"/>
    public static IEnumerable<KeyValuePair<string, FloatMatrix>> ReadSphinx(string rspecifier, KaldiIoOptions? options = null) =>
        TableReader.Read(rspecifier, options, static (reader, _) => SphinxFormat.Read(reader), marked: false);
}
