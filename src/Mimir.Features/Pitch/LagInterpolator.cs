using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mimir.Features.Pitch;

/// <summary>
/// Interpolates the correlation between measured lags with a Hann-windowed sinc filter, as Kaldi's ArbitraryResample (Kaldi:
/// --upsample-filter-width).
/// </summary>
/// <remarks>
/// Eight neighbouring lags share one stretch of measured ones, and their weights are a dense block over it: each value of the
/// stretch is multiplied into all eight sums at once, which takes a fifth more products than needed and no gather.
/// </remarks>
internal sealed class LagInterpolator
{
    private const int Lanes = 8;

    private readonly int[] _first;
    private readonly float[][] _weights;
    private readonly Block[] _blocks;
    private readonly float[] _blockWeights;
    private readonly float[] _lags;
    private readonly float _softMinF0;
    private readonly int _count;

    /// <summary>Computes the filters of a grid.</summary>
    public LagInterpolator(PitchOptions options, LagGrid grid)
    {
        _count = grid.Count;
        _softMinF0 = options.SoftMinF0;
        _first = new int[_count];
        _weights = new float[_count][];
        var rate = options.ResampleFrequency;
        var cutoff = rate * 0.5f;
        var offset = -grid.First / rate;
        for (var i = 0; i < _count; i++)
            (_first[i], _weights[i]) = Filter(grid.Seconds[i] + offset, rate, cutoff, options.UpsampleFilterWidth, grid.Measured);

        _blocks = new Block[(_count + Lanes - 1) / Lanes];
        var weights = new List<float>();
        for (var b = 0; b < _blocks.Length; b++)
        {
            var members = Enumerable.Range(b * Lanes, Math.Min(Lanes, _count - (b * Lanes))).ToArray();
            var first = members.Min(i => _first[i]);
            var length = members.Max(i => _first[i] + _weights[i].Length) - first;
            _blocks[b] = new Block(first, length, weights.Count / Lanes);
            for (var k = 0; k < length; k++)
            {
                for (var lane = 0; lane < Lanes; lane++)
                    weights.Add(lane < members.Length ? WeightOf(members[lane], first + k) : 0);
            }
        }

        _blockWeights = [.. weights];
        _lags = new float[PaddedCount];
        grid.Seconds.CopyTo(_lags, 0);
    }

    /// <summary>Gets the length of the output of <see cref="Costs"/>, S rounded up.</summary>
    public int PaddedCount => _blocks.Length * Lanes;

    /// <summary>The local cost of every candidate lag, 1 - n + soft-min-f0 lag n with the correlation n at that lag.</summary>
    /// <param name="measured">Correlation at the measured lags.</param>
    /// <param name="costs">Receives <see cref="PaddedCount"/> values; those beyond S are infinite.</param>
    public void Costs(ReadOnlySpan<float> measured, Span<float> costs)
    {
        var weights = MemoryMarshal.Cast<float, Vector256<float>>(_blockWeights);
        var lags = MemoryMarshal.Cast<float, Vector256<float>>(_lags);
        var results = MemoryMarshal.Cast<float, Vector256<float>>(costs);
        for (var b = 0; b < _blocks.Length; b++)
        {
            var block = _blocks[b];
            var values = measured.Slice(block.First, block.Length);
            var row = weights.Slice(block.Row, values.Length);
            var (even, odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
            var k = 0;
            for (; k + 1 < values.Length; k += 2)
            {
                even = Vector256.FusedMultiplyAdd(Vector256.Create(values[k]), row[k], even);
                odd = Vector256.FusedMultiplyAdd(Vector256.Create(values[k + 1]), row[k + 1], odd);
            }

            if (k < values.Length)
                even = Vector256.FusedMultiplyAdd(Vector256.Create(values[k]), row[k], even);

            // Kaldi's order: the sum with 1 rounds the cost to 2^-23, which decides between neighbouring lags.
            var correlation = even + odd;
            results[b] = Vector256<float>.One - correlation + (correlation * _softMinF0 * lags[b]);
        }

        costs[_count..PaddedCount].Fill(float.PositiveInfinity);
    }

    /// <summary>Correlation at one lag.</summary>
    public float At(int lag, ReadOnlySpan<float> measured) =>
        TensorPrimitives.Dot(_weights[lag], measured.Slice(_first[lag], _weights[lag].Length));

    private static (int First, float[] Weights) Filter(float time, float rate, float cutoff, int zeros, int measured)
    {
        var width = (float)(zeros / (2.0 * cutoff));
        var first = Math.Max(0, (int)MathF.Ceiling(rate * (time - width)));
        var last = Math.Min(measured - 1, (int)MathF.Floor(rate * (time + width)));
        var weights = new float[Math.Max(0, last - first + 1)];
        for (var j = 0; j < weights.Length; j++)
        {
            var distance = time - ((first + j) / rate);
            weights[j] = Weight(distance, cutoff, zeros) / rate;
        }

        return (Math.Min(first, measured - 1), weights);
    }

    private static float Weight(float time, float cutoff, int zeros)
    {
        if (Math.Abs(time) >= zeros / (2.0 * cutoff))
            return 0;

        var window = (float)(0.5 * (1 + Math.Cos(2 * Math.PI * cutoff / zeros * time)));
        return window * (time == 0 ? 2 * cutoff : (float)(Math.Sin(2 * Math.PI * cutoff * time) / (Math.PI * time)));
    }

    private float WeightOf(int lag, int measured)
    {
        var at = measured - _first[lag];
        return at >= 0 && at < _weights[lag].Length ? _weights[lag][at] : 0;
    }

    private readonly record struct Block(int First, int Length, int Row);
}
