using System.Diagnostics.CodeAnalysis;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>Reads the objects that a script's lines name, with the last one at hand.</summary>
internal sealed class ScriptObjects<T>(
    Rspecifier table, KaldiIoOptions options, Func<KaldiReader, T> parse, Func<T, ObjectRange, T>? cut) : IScriptObjects<T>
{
    private readonly OpenArchives _archives = new(options);

    // Neighbouring lines often name parts of one object, or one object for many keys.
    private (Rxfilename Place, T Value)? _last;

    /// <inheritdoc/>
    public bool TryRead(ScriptEntry entry, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = Read(Rxfilename.Parse(entry.Rxfilename), entry.Rxfilename);
            return true;
        }
        catch (Exception e) when (table.Permissive && e is InputException or IOException)
        {
            value = default;
            return false;
        }
        catch (Exception e) when (e is InputException or FileNotFoundException)
        {
            throw ScriptFile.At(table.Target, entry, e);
        }
    }

    public void Dispose() => _archives.Dispose();

    private T Read(Rxfilename name, string text)
    {
        if (name.Range is not { } range)
            return ReadWhole(name);
        if (cut is null)
            throw new InputException($"'{text}' names a part of an object that has no parts.");

        var place = name with { Range = null };
        var whole = _last is { } last && last.Place == place ? last.Value : ReadWhole(place);
        _last = place.Kind == RxKind.File ? (place, whole) : null;
        return cut(whole, range);
    }

    private T ReadWhole(Rxfilename place) => _archives.Use(place, parse);
}
