using Mimir.Features.Tables;

namespace Mimir.Features.KaldiTools.Featbin;

/// <summary>The warp factor of each utterance, by itself or by its speaker.</summary>
internal sealed class WarpFactors
{
    private readonly Dictionary<string, float>? _factors;
    private readonly Dictionary<string, string>? _speakers;
    private readonly float _common;

    private WarpFactors(Dictionary<string, float>? factors, Dictionary<string, string>? speakers, float common)
    {
        _factors = factors;
        _speakers = speakers;
        _common = common;
    }

    /// <summary>Reads the maps.</summary>
    /// <param name="map">A table of factors, or nothing.</param>
    /// <param name="utt2spk">A table of speakers whose names the map has, or nothing.</param>
    /// <param name="common">The factor where there is no map.</param>
    /// <param name="io">What may be opened.</param>
    public static WarpFactors Read(string map, string utt2spk, float common, KaldiIoOptions io)
    {
        if (map.Length == 0)
            return new WarpFactors(factors: null, speakers: null, common);

        return new WarpFactors(
            FloatTable.Read(map, io).ToDictionary(), SpeakerMap.Read(utt2spk, io), common);
    }

    /// <summary>Finds the factor of an utterance.</summary>
    public bool TryGet(string utterance, out float factor)
    {
        factor = _common;
        if (_factors is null)
            return true;

        return SpeakerMap.TryGet(_speakers, utterance, out var key) && _factors.TryGetValue(key, out factor);
    }
}
