using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mimir.Features.Pitch;

/// <summary>Normalised cross-correlation (NCCF) of a frame with the wave at each measured lag.</summary>
internal sealed class LagCorrelator
{
    private const int Lanes = 8;
    private const int AtOnce = 5;

    // Rounding may lift a correlation slightly above 1; only an underflow of energies lifts it further.
    private static readonly Vector256<float> Limit = Vector256.Create(1.01f);

    private readonly int _first;
    private readonly int _basic;
    private readonly int _lags;
    private readonly float[] _products;
    private readonly float[] _energies;
    private readonly float[] _squares;

    /// <summary>Creates the buffers.</summary>
    /// <param name="grid">The measured lags.</param>
    /// <param name="basic">The samples of a frame, without the longest lag.</param>
    public LagCorrelator(LagGrid grid, int basic)
    {
        _first = grid.First;
        _basic = basic;
        _lags = grid.Measured;
        PaddedLags = (_lags + (Lanes * AtOnce) - 1) / (Lanes * AtOnce) * (Lanes * AtOnce);
        _products = new float[PaddedLags];
        _energies = new float[PaddedLags];
        _squares = new float[grid.Last + basic];
    }

    /// <summary>Gets the number of measured lags, rounded up: the length of a row of correlation.</summary>
    public int PaddedLags { get; }

    /// <summary>Gets the number of samples that <see cref="Load"/> reads.</summary>
    public int WindowLength => _first + PaddedLags + _basic;

    /// <summary>Gets the mean over the lags of the product of both energies.</summary>
    public float MeanEnergy => TensorPrimitives.Sum<float>(_energies) / _lags;

    /// <summary>Computes the products of a frame.</summary>
    /// <param name="window">The frame without its mean, and the wave behind it; <see cref="WindowLength"/> samples.</param>
    public void Load(ReadOnlySpan<float> window)
    {
        Multiply(window);
        TensorPrimitives.Multiply(window[.._squares.Length], window[.._squares.Length], _squares);
        var own = (float)Sum(_squares.AsSpan(0, _basic));
        var energy = Sum(_squares.AsSpan(_first, _basic));
        for (var lag = 0; lag < _lags; lag++)
        {
            // The running sum may fall slightly below 0 where a loud passage ends.
            _energies[lag] = own * (float)Math.Max(energy, 0);
            var at = _first + lag;
            if (at + _basic < _squares.Length)
                energy += (double)_squares[at + _basic] - _squares[at];
        }
    }

    /// <summary>Correlation at each measured lag.</summary>
    /// <param name="ballast">The term that is added to the energies and lowers the correlation of quiet frames (Kaldi:
    /// --nccf-ballast).</param>
    /// <param name="correlation">Receives <see cref="PaddedLags"/> values.</param>
    public void Normalise(float ballast, Span<float> correlation)
    {
        var products = MemoryMarshal.Cast<float, Vector256<float>>(_products);
        var energies = MemoryMarshal.Cast<float, Vector256<float>>(_energies);
        var results = MemoryMarshal.Cast<float, Vector256<float>>(correlation);
        var added = Vector256.Create(ballast);
        for (var i = 0; i < products.Length; i++)
        {
            var root = Vector256.Sqrt(energies[i] + added);
            var value = Vector256.Clamp(products[i] / root, -Limit, Limit);
            results[i] = Vector256.ConditionalSelect(Vector256.GreaterThan(root, Vector256<float>.Zero), value, Vector256<float>.Zero);
        }
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;

        return sum;
    }

    // Five vectors of lags stay in registers during a pass over the frame.
    private void Multiply(ReadOnlySpan<float> window)
    {
        ref var samples = ref MemoryMarshal.GetReference(window[..WindowLength]);
        for (var lag = 0; lag < PaddedLags; lag += Lanes * AtOnce)
        {
            var (a, b, c, d, e) = (
                Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero, Vector256<float>.Zero);
            for (var i = 0; i < _basic; i++)
            {
                var sample = Vector256.Create(window[i]);
                var at = (nuint)(uint)(_first + lag + i);
                a = Vector256.FusedMultiplyAdd(sample, Vector256.LoadUnsafe(ref samples, at), a);
                b = Vector256.FusedMultiplyAdd(sample, Vector256.LoadUnsafe(ref samples, at + Lanes), b);
                c = Vector256.FusedMultiplyAdd(sample, Vector256.LoadUnsafe(ref samples, at + (2 * Lanes)), c);
                d = Vector256.FusedMultiplyAdd(sample, Vector256.LoadUnsafe(ref samples, at + (3 * Lanes)), d);
                e = Vector256.FusedMultiplyAdd(sample, Vector256.LoadUnsafe(ref samples, at + (4 * Lanes)), e);
            }

            a.CopyTo(_products, lag);
            b.CopyTo(_products, lag + Lanes);
            c.CopyTo(_products, lag + (2 * Lanes));
            d.CopyTo(_products, lag + (3 * Lanes));
            e.CopyTo(_products, lag + (4 * Lanes));
        }
    }
}
