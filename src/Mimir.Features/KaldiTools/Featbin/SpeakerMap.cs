using System.Diagnostics.CodeAnalysis;
using Mimir.Features.Tables;

namespace Mimir.Features.KaldiTools.Featbin;

/// <summary>The option <c>--utt2spk</c>: keys of one table stand for those of another.</summary>
internal static class SpeakerMap
{
    /// <summary>Reads the map; null when there is none.</summary>
    /// <exception cref="FormatException">An utterance has not exactly one speaker.</exception>
    public static Dictionary<string, string>? Read(string rspecifier, KaldiIoOptions io)
    {
        if (rspecifier.Length == 0)
            return null;

        var speakers = new Dictionary<string, string>();
        foreach (var (utterance, words) in TokenTable.Read(rspecifier, io))
        {
            if (words.Length != 1)
                throw new FormatException($"{rspecifier}: expected one speaker for '{utterance}', got {words.Length}.");

            speakers[utterance] = words[0];
        }

        return speakers;
    }

    /// <summary>The key that an utterance has in the other table: itself when there is no map.</summary>
    public static bool TryGet(Dictionary<string, string>? map, string utterance, [NotNullWhen(true)] out string? key)
    {
        key = utterance;
        return map is null || map.TryGetValue(utterance, out key);
    }
}
