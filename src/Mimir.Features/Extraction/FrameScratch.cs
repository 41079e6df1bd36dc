using System.Numerics;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>The buffers of one run of an extractor, so that nothing is allocated for a frame.</summary>
internal sealed class FrameScratch(FrameBlock block, int fftLength, MelBanks? banks, int dimension)
{
    private readonly Vector<float>[] _power = new Vector<float>[(fftLength / 2) + 1];
    private readonly Vector<float>[] _mel = new Vector<float>[banks?.Count ?? 0];
    private readonly Vector<float>[] _values = new Vector<float>[dimension];

    /// <summary>Gets the prepared frames.</summary>
    public FrameBlock Block => block;

    /// <summary>Gets room for power spectra, N / 2 + 1 bins.</summary>
    public Span<Vector<float>> Power => _power;

    /// <summary>Gets room for the energies of the mel filters.</summary>
    public Span<Vector<float>> Mel => _mel;

    /// <summary>Gets the weight of equal loudness of each mel filter.</summary>
    public ReadOnlySpan<float> EqualLoudness => banks is null ? [] : banks.EqualLoudness;

    /// <summary>Gets room for the features of the block.</summary>
    public Span<Vector<float>> Values => _values;

    /// <summary>Fills <see cref="Mel"/> from <see cref="Power"/>.</summary>
    public void ApplyMelFilters() => banks?.Apply(_power, _mel);
}
