using System.Diagnostics.CodeAnalysis;

namespace Mimir.Features.Tables;

/// <summary>Reads the objects that a script's lines name, with the last one at hand.</summary>
internal sealed class ScriptObjects<T>(
    Rspecifier table, KaldiIoOptions options, Func<KaldiReader, bool, T> parse, Func<T, ObjectRange, T>? cut) : IDisposable
{
    private readonly OpenArchives _archives = new(options);

    // Neighbouring lines often name parts of one object, or one object for many keys.
    private (Rxfilename Place, T Value)? _last;

    /// <summary>Reads an object, or the part of it that the line names.</summary>
    /// <returns>False where the specifier lets damage and missing files pass.</returns>
    public bool TryRead(ScriptEntry entry, [MaybeNullWhen(false)] out T value)
    {
        var place = $"{table.Target}:{entry.Line}: ";
        try
        {
            value = Read(Rxfilename.Parse(entry.Rxfilename), entry.Rxfilename);
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

    public void Dispose() => _archives.Dispose();

    private T Read(Rxfilename name, string text)
    {
        if (name.Range is not { } range)
            return ReadWhole(name);
        if (cut is null)
            throw new FormatException($"'{text}' names a part of an object that has no parts.");

        var place = name with { Range = null };
        var whole = _last is { } last && last.Place == place ? last.Value : ReadWhole(place);
        _last = place.Kind == RxKind.File ? (place, whole) : null;
        return cut(whole, range);
    }

    private T ReadWhole(Rxfilename place) => _archives.Use(place, reader => parse(reader, reader.ReadBinaryMarker()));
}
