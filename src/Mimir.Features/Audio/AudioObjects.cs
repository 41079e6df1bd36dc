using System.Diagnostics.CodeAnalysis;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Audio;

/// <summary>Decodes the recordings that a script names, with the last one at hand: segments of one follow each other.</summary>
internal sealed class AudioObjects(Rspecifier table, KaldiIoOptions? io) : IScriptObjects<AudioClip>
{
    private (int Line, AudioClip Clip)? _last;

    /// <inheritdoc/>
    public bool TryRead(ScriptEntry entry, [MaybeNullWhen(false)] out AudioClip value)
    {
        if (_last is { } last && last.Line == entry.Line)
        {
            value = last.Clip;
            return true;
        }

        try
        {
            value = AudioInput.Read(entry.Rxfilename, io: io);
            _last = (entry.Line, value);
            return true;
        }
        catch (Exception e) when (table.Permissive && e is InputException or IOException)
        {
            value = null;
            return false;
        }
        catch (Exception e) when (e is InputException or FileNotFoundException)
        {
            throw ScriptFile.At(table.Target, entry, e);
        }
    }

    public void Dispose() => _last = null;
}
