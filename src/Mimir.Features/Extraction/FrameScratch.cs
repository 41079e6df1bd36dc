using System.Numerics;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>The buffers of one run of an extractor, so that nothing is allocated for a frame.</summary>
/// <typeparam name="T">The precision of the run.</typeparam>
internal sealed class FrameScratch<T>(FrameBlock<T> block, RealFft<T> fft, MelBanks? banks, int dimension)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T>[] _power = new Vector<T>[(fft.Length / 2) + 1];
    private readonly Vector<T>[] _mel = new Vector<T>[banks?.Count ?? 0];
    private readonly Vector<T>[] _values = new Vector<T>[dimension];

    /// <summary>Gets the prepared frames.</summary>
    public FrameBlock<T> Block => block;

    /// <summary>Gets the transform.</summary>
    public RealFft<T> Fft => fft;

    /// <summary>Gets room for power spectra, N / 2 + 1 bins.</summary>
    public Span<Vector<T>> Power => _power;

    /// <summary>Gets room for the energies of the mel filters.</summary>
    public Span<Vector<T>> Mel => _mel;

    /// <summary>Gets the weight of equal loudness of each mel filter.</summary>
    public ReadOnlySpan<float> EqualLoudness => banks is null ? [] : banks.EqualLoudness;

    /// <summary>Gets room for the features of the block.</summary>
    public Span<Vector<T>> Values => _values;

    /// <summary>Fills <see cref="Power"/> from the frames, which are overwritten.</summary>
    public void Transform() => fft.Power(block.Samples, _power);

    /// <summary>Fills <see cref="Mel"/> from <see cref="Power"/>.</summary>
    public void ApplyMelFilters() => banks?.Apply(_power, _mel);
}
