using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>Tables of one kind: keys with objects, in an archive or in the files that a script names.</summary>
/// <typeparam name="T">The type of an object.</typeparam>
/// <param name="holder">The reader and writer of the objects.</param>
public sealed class Table<T>(Holder<T> holder)
{
    /// <summary>Gets the reader and writer of the objects.</summary>
    public Holder<T> Holder { get; } = holder;

    /// <summary>Reads a table in its own order, one object at a time.</summary>
    /// <param name="rspecifier">For example <c>ark:FILE</c>, <c>scp:FILE</c>, <c>ark,t:-</c>; see <see cref="Rspecifier"/>.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">The specifier or the data is malformed; the message names the file and place.</exception>
    public IEnumerable<KeyValuePair<string, T>> Read(string rspecifier, KaldiIoOptions? io = null)
    {
        var specifier = Rspecifier.Parse(rspecifier);
        io ??= KaldiIoOptions.Default;
        var entries = specifier.IsScript ? ReadScript(specifier, io) : ReadArchive(specifier, io);
        return specifier.Background ? ReadAhead.Of(entries, 1) : entries;
    }

    /// <summary>Opens a table to ask it for keys in any order, as far as the specifier's options allow.</summary>
    /// <param name="rspecifier">For example <c>ark:FILE</c>, <c>scp,p:FILE</c>, <c>ark,s,cs:-</c>; see <see cref="Rspecifier"/>.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">The archive or script is missing.</exception>
    /// <exception cref="InputException">The specifier or the script is malformed; the message names the place.</exception>
    public RandomAccessTable<T> Open(string rspecifier, KaldiIoOptions? io = null)
    {
        var specifier = Rspecifier.Parse(rspecifier);
        io ??= KaldiIoOptions.Default;
        return new RandomAccessTable<T>(specifier.IsScript
            ? new ScriptSource<T>(specifier, Holder, io)
            : new ArchiveSource<T>(specifier, Holder, io));
    }

    /// <summary>Opens a table of speakers to ask it for utterances.</summary>
    /// <param name="rspecifier">The table, as for <see cref="Open"/>.</param>
    /// <param name="utteranceToSpeaker">A table of one speaker for each utterance, such as <c>ark:utt2spk</c>; empty when the
    /// table's own keys are utterances.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">A specifier or script is malformed; the message names the place. Asking for an utterance
    /// that has not exactly one speaker fails in the same way.</exception>
    public RandomAccessTable<T> OpenMapped(string rspecifier, string utteranceToSpeaker, KaldiIoOptions? io = null)
    {
        var values = Open(rspecifier, io);
        if (utteranceToSpeaker.Length == 0)
            return values;

        try
        {
            return new RandomAccessTable<T>(
                new MappedSource<T>(values, KaldiTables.TokenVector.Open(utteranceToSpeaker, io), utteranceToSpeaker));
        }
        catch (Exception)
        {
            values.Dispose();
            throw;
        }
    }

    /// <summary>Reads a single object from its own file, or from <c>archive:offset</c>.</summary>
    /// <param name="rxfilename">The extended file name.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The data is malformed; the message names the file and place.</exception>
    public T ReadOne(string rxfilename, KaldiIoOptions? io = null)
    {
        var place = Rxfilename.Parse(rxfilename);
        var value = ReadWhole(place, io ?? KaldiIoOptions.Default);
        return place.Range is { } range ? Holder.Extract(value, range, rxfilename) : value;
    }

    /// <summary>Opens a table to write.</summary>
    /// <param name="wspecifier">For example <c>ark:FILE</c>, <c>ark,t:-</c>, <c>ark,scp:FILE,FILE</c>; see
    /// <see cref="Wspecifier"/>.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="InputException">The specifier is malformed, or asks for text that these objects do not have.</exception>
    /// <exception cref="IOException">A file cannot be made.</exception>
    public TableWriter<T> Create(string wspecifier, KaldiIoOptions? io = null)
    {
        var specifier = Wspecifier.Parse(wspecifier);
        if (!specifier.Binary && !Holder.HasText)
            throw new InputException($"'{wspecifier}': the values of this table are binary; leave the option t out.");

        return new TableWriter<T>(Holder, specifier is { Archive: null, Script: { } script }
            ? new ScriptTarget(specifier, script, io)
            : new ArchiveTarget(specifier, io));
    }

    /// <summary>Writes a single object to a file of its own.</summary>
    /// <param name="wxfilename">The extended file name.</param>
    /// <param name="value">The object.</param>
    /// <param name="binary">Binary or text.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    /// <exception cref="IOException">It cannot be written; an older file is untouched.</exception>
    public void WriteOne(string wxfilename, T value, bool binary = true, KaldiIoOptions? io = null) =>
        KaldiOutput.Write(wxfilename, binary, writer => Holder.WriteMarked(writer, value), io);

    private T ReadWhole(Rxfilename place, KaldiIoOptions io)
    {
        if (place.IsWholeFile && Holder.TryReadFile(place.Target, out var value))
            return value;

        using var reader = new KaldiReader(KaldiInput.Open(place, io), place.Target);
        var whole = Holder.ReadMarked(reader);
        reader.CheckRest();
        return whole;
    }

    private IEnumerable<KeyValuePair<string, T>> ReadArchive(Rspecifier specifier, KaldiIoOptions io)
    {
        using var archive = new ArchiveReader<T>(specifier, Holder, io);
        while (archive.TryRead(out var entry))
            yield return entry;
    }

    private IEnumerable<KeyValuePair<string, T>> ReadScript(Rspecifier specifier, KaldiIoOptions io)
    {
        using var objects = new ScriptReader<T>(specifier, Holder, io);
        foreach (var entry in ScriptFile.Read(specifier.Target, io))
        {
            if (objects.TryRead(entry, out var value))
                yield return new KeyValuePair<string, T>(entry.Key, value);
        }
    }
}
