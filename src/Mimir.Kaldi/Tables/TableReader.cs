using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>Walks through archives and scripts; what a value is, is the caller's.</summary>
internal static class TableReader
{
    /// <summary>Reads a table in its own order.</summary>
    /// <param name="rspecifier">The table.</param>
    /// <param name="options">What may be opened.</param>
    /// <param name="parse">Reads a value; its second argument says whether it is binary.</param>
    /// <param name="cut">Takes the part of a value that a script's range names; null where ranges make no sense.</param>
    /// <param name="marked">Whether binary values begin with Kaldi's mark; foreign formats do not.</param>
    public static IEnumerable<KeyValuePair<string, T>> Read<T>(
        string rspecifier,
        KaldiIoOptions? options,
        Func<KaldiReader, bool, T> parse,
        Func<T, ObjectRange, T>? cut = null,
        bool marked = true)
    {
        var table = Rspecifier.Parse(rspecifier);
        options ??= KaldiIoOptions.Default;
        var entries = table.IsScript
            ? ReadScript(table, new ScriptObjects<T>(table, options, Object(parse, marked), cut), options)
            : ReadArchive(table, options, Object(parse, marked));
        return table.Background ? ReadAhead.Of(entries, 1) : entries;
    }

    /// <summary>Opens a table to ask it for keys.</summary>
    /// <inheritdoc cref="Read"/>
    public static RandomAccessTable<T> OpenRandom<T>(
        string rspecifier,
        KaldiIoOptions? options,
        Func<KaldiReader, bool, T> parse,
        Func<T, ObjectRange, T>? cut = null,
        bool marked = true)
    {
        var table = Rspecifier.Parse(rspecifier);
        options ??= KaldiIoOptions.Default;
        return new RandomAccessTable<T>(table.IsScript
            ? new ScriptSource<T>(table, new ScriptObjects<T>(table, options, Object(parse, marked), cut), options)
            : new ArchiveSource<T>(table, options, Object(parse, marked)));
    }

    /// <summary>Reads a single object from its own file or from a place in an archive.</summary>
    public static T ReadOne<T>(
        string rxfilename,
        KaldiIoOptions? options,
        Func<KaldiReader, bool, T> parse,
        Func<T, ObjectRange, T>? cut = null,
        bool marked = true)
    {
        var place = Rxfilename.Parse(rxfilename);
        using var reader = new KaldiReader(KaldiInput.Open(place, options ?? KaldiIoOptions.Default), place.Target);
        return Cut(Object(parse, marked)(reader), place.Range, cut, rxfilename);
    }

    private static IEnumerable<KeyValuePair<string, T>> ReadArchive<T>(
        Rspecifier table, KaldiIoOptions options, Func<KaldiReader, T> parse)
    {
        using var reader = KaldiReader.Open(table.Target, options);
        while (TryReadEntry(reader, parse, table.Permissive, out var entry))
            yield return entry;
    }

    /// <summary>Reads the next key and value of an archive; false at its end, or at damage that may pass.</summary>
    internal static bool TryReadEntry<T>(
        KaldiReader reader, Func<KaldiReader, T> parse, bool permissive, out KeyValuePair<string, T> entry)
    {
        entry = default;
        try
        {
            reader.SkipWhite();
            var key = reader.ReadWord();
            if (key.Length == 0)
                return false;

            var separator = reader.Peek();
            if (separator is ' ' or '\t')
                reader.ReadByte();
            else if (separator is not ('\n' or '\r'))
                throw reader.Error($"expected a space after the key '{KaldiReader.Shown(key)}', {(separator < 0 ? "the file ends here" : $"got byte {separator}")}.");

            entry = new KeyValuePair<string, T>(key, Parse(reader, key, parse));
            return true;
        }
        catch (InputException) when (permissive)
        {
            // Option p: a damaged archive ends where the damage begins, as in Kaldi.
            return false;
        }
    }

    private static T Parse<T>(KaldiReader reader, string key, Func<KaldiReader, T> parse)
    {
        try
        {
            return parse(reader);
        }
        catch (InputException e)
        {
            throw new InputException($"{e.Message} (in the value of '{KaldiReader.Shown(key)}')", e);
        }
    }

    /// <summary>Reads the objects of a script in its own order; they are disposed with the enumeration.</summary>
    internal static IEnumerable<KeyValuePair<string, T>> ReadScript<T>(
        Rspecifier table, IScriptObjects<T> objects, KaldiIoOptions options)
    {
        using (objects)
        {
            foreach (var entry in ScriptFile.Read(table.Target, options))
            {
                if (objects.TryRead(entry, out var value))
                    yield return new KeyValuePair<string, T>(entry.Key, value);
            }
        }
    }

    private static Func<KaldiReader, T> Object<T>(Func<KaldiReader, bool, T> parse, bool marked) => marked
        ? reader => parse(reader, reader.ReadBinaryMarker())
        : reader => parse(reader, true);

    private static T Cut<T>(T value, ObjectRange? range, Func<T, ObjectRange, T>? cut, string name)
    {
        if (range is null)
            return value;
        if (cut is null)
            throw new InputException($"'{name}' names a part of an object that has no parts.");

        return cut(value, range);
    }
}
