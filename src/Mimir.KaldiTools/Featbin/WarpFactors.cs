using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>The warp factor of each utterance, by itself or by its speaker.</summary>
internal sealed class WarpFactors : IDisposable
{
    private readonly RandomAccessTable<float>? _factors;
    private readonly float _common;

    private WarpFactors(RandomAccessTable<float>? factors, float common) => (_factors, _common) = (factors, common);

    /// <summary>Opens the maps.</summary>
    /// <param name="map">A table of factors, or nothing.</param>
    /// <param name="utt2spk">A table of speakers whose names the map has, or nothing.</param>
    /// <param name="common">The factor where there is no map.</param>
    /// <param name="io">What may be opened.</param>
    public static WarpFactors Open(string map, string utt2spk, float common, KaldiIoOptions io) => new(
        map.Length == 0 ? null : KaldiTables.FloatScalar.OpenMapped(map, utt2spk, io), common);

    /// <summary>Finds the factor of an utterance.</summary>
    public bool TryGet(string utterance, out float factor)
    {
        factor = _common;
        return _factors is null || _factors.TryGet(utterance, out factor);
    }

    /// <inheritdoc/>
    public void Dispose() => _factors?.Dispose();
}
