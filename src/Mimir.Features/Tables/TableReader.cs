using System.Diagnostics.CodeAnalysis;

namespace Mimir.Features.Tables;

/// <summary>Walks through archives and scripts; what a value is, is the caller's.</summary>
internal static class TableReader
{
    /// <summary>Reads a table in its own order.</summary>
    /// <param name="rspecifier">The table.</param>
    /// <param name="options">What may be opened.</param>
    /// <param name="parse">Reads a value; its second argument says whether it is binary.</param>
    /// <param name="cut">Takes the part of a value that a script's range names; null where ranges make no sense.</param>
    public static IEnumerable<KeyValuePair<string, T>> Read<T>(
        string rspecifier,
        KaldiIoOptions? options,
        Func<KaldiReader, bool, T> parse,
        Func<T, ObjectRange, T>? cut = null)
    {
        var table = Rspecifier.Parse(rspecifier);
        return table.IsScript
            ? ReadScript(table, options ?? KaldiIoOptions.Default, parse, cut)
            : ReadArchive(table, options ?? KaldiIoOptions.Default, parse);
    }

    /// <summary>Reads a single object from its own file or from a place in an archive.</summary>
    public static T ReadOne<T>(
        string rxfilename, KaldiIoOptions? options, Func<KaldiReader, bool, T> parse, Func<T, ObjectRange, T>? cut = null)
    {
        var place = Rxfilename.Parse(rxfilename);
        using var reader = new KaldiReader(KaldiInput.Open(place, options ?? KaldiIoOptions.Default), place.Target);
        return Cut(parse(reader, reader.ReadBinaryMarker()), place.Range, cut, rxfilename);
    }

    private static IEnumerable<KeyValuePair<string, T>> ReadArchive<T>(
        Rspecifier table, KaldiIoOptions options, Func<KaldiReader, bool, T> parse)
    {
        using var reader = KaldiReader.Open(table.Target, options);
        while (TryReadEntry(reader, parse, table.Permissive, out var entry))
            yield return entry;
    }

    private static bool TryReadEntry<T>(
        KaldiReader reader, Func<KaldiReader, bool, T> parse, bool permissive, out KeyValuePair<string, T> entry)
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
                throw reader.Error($"expected a space after the key '{KaldiReader.Shown(key)}', the file ends here.");

            entry = new KeyValuePair<string, T>(key, Parse(reader, key, parse));
            return true;
        }
        catch (FormatException) when (permissive)
        {
            // Option p: a damaged archive ends where the damage begins, as in Kaldi.
            return false;
        }
    }

    private static T Parse<T>(KaldiReader reader, string key, Func<KaldiReader, bool, T> parse)
    {
        try
        {
            return parse(reader, reader.ReadBinaryMarker());
        }
        catch (FormatException e)
        {
            throw new FormatException($"{e.Message} (in the value of '{KaldiReader.Shown(key)}')", e);
        }
    }

    private static IEnumerable<KeyValuePair<string, T>> ReadScript<T>(
        Rspecifier table, KaldiIoOptions options, Func<KaldiReader, bool, T> parse, Func<T, ObjectRange, T>? cut)
    {
        using var archives = new OpenArchives(options);
        foreach (var entry in ScriptFile.Read(table.Target, options))
        {
            if (TryReadObject(archives, entry, table, parse, cut, out var value))
                yield return new KeyValuePair<string, T>(entry.Key, value);
        }
    }

    private static bool TryReadObject<T>(
        OpenArchives archives,
        ScriptEntry entry,
        Rspecifier table,
        Func<KaldiReader, bool, T> parse,
        Func<T, ObjectRange, T>? cut,
        [MaybeNullWhen(false)] out T value)
    {
        var place = $"{table.Target}:{entry.Line}: ";
        try
        {
            var rxfilename = Rxfilename.Parse(entry.Rxfilename);
            value = archives.Use(rxfilename, reader => parse(reader, reader.ReadBinaryMarker()));
            value = Cut(value, rxfilename.Range, cut, entry.Rxfilename);
            return true;
        }
        catch (Exception e) when (table.Permissive && e is FormatException or IOException)
        {
            value = default;
            return false;
        }
        catch (FormatException e)
        {
            throw new FormatException(place + e.Message, e);
        }
        catch (FileNotFoundException e)
        {
            throw new FileNotFoundException(place + e.Message, e.FileName, e);
        }
    }

    private static T Cut<T>(T value, ObjectRange? range, Func<T, ObjectRange, T>? cut, string name)
    {
        if (range is null)
            return value;
        if (cut is null)
            throw new FormatException($"'{name}' names a part of an object that has no parts.");

        return cut(value, range);
    }
}
