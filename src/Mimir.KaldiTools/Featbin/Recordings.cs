using System.Diagnostics.CodeAnalysis;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>Reads the recordings of a table one by one and warns of those that are doubtful.</summary>
internal static class Recordings
{
    /// <summary>Reads what a program needs of each recording.</summary>
    /// <param name="rspecifier">The table; with the option p, recordings that cannot be read are left out with a warning.</param>
    /// <param name="load">Reads a recording or its header, and returns what is doubtful about it, or null.</param>
    /// <param name="log">Receives the warnings.</param>
    /// <param name="io">What may be opened.</param>
    public static IEnumerable<KeyValuePair<string, T>> Read<T>(
        string rspecifier, Func<AudioEntry, (T Value, string? Warning)> load, KaldiLog log, KaldiIoOptions io)
    {
        var permissive = Rspecifier.Parse(rspecifier).Permissive;
        foreach (var entry in AudioTable.Read(rspecifier, io))
        {
            if (TryLoad(entry, load, permissive, log, out var value))
                yield return KeyValuePair.Create(entry.Key, value);
        }
    }

    private static bool TryLoad<T>(
        AudioEntry entry,
        Func<AudioEntry, (T Value, string? Warning)> load,
        bool permissive,
        KaldiLog log,
        [MaybeNullWhen(false)] out T value)
    {
        try
        {
            (value, var warning) = load(entry);
            if (warning is not null)
                log.Warning(warning);

            return true;
        }
        catch (Exception failure) when (permissive && failure is InputException or IOException)
        {
            log.Warning($"{failure.Message} '{entry.Key}' is passed over.");
            value = default;
            return false;
        }
    }
}
