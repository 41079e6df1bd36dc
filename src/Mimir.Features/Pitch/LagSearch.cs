using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Mimir.Features.Pitch;

/// <summary>
/// A step of the Viterbi search for pitch: for each lag i the lag j of the frame before with the least cost f(j) + c (i - j)^2,
/// eq. 6 of Ghahremani et al., 2014.
/// </summary>
/// <remarks>
/// The minimum of shifted parabolas is found by their lower envelope (Felzenszwalb and Huttenlocher, Distance transforms of
/// sampled functions, 2012), which is exact and takes time linear in S. A parabola that lies above the mean of two others at
/// equal distances on both sides cannot touch the envelope; that is seen for eight lags at once and leaves few to build it
/// from.
/// </remarks>
internal sealed class LagSearch
{
    private const int Lanes = 8;
    private const int Margin = 32;

    private static readonly int[] Distances = [1, 2, 4, 8, 16, 32];
    private static readonly Vector256<float> Steps = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);

    private readonly int _lags;
    private readonly float _factor;
    private readonly double[] _slopes;
    private readonly double[] _begins;
    private readonly int[] _tops;
    private float[] _costs;
    private float[] _next;
    private float _least;

    /// <summary>Creates the buffers; all lags cost the same at first.</summary>
    /// <param name="lags">S.</param>
    /// <param name="factor">c, 0 or more.</param>
    public LagSearch(int lags, float factor)
    {
        _lags = lags;
        _factor = factor;
        _slopes = new double[lags + 1];
        for (var d = 1; d < _slopes.Length; d++)
            _slopes[d] = 1 / (2.0 * factor * d);

        _begins = new double[lags + 1];
        _tops = new int[lags];
        _costs = new float[lags + (2 * Margin) + Lanes];
        _next = new float[_costs.Length];
        Clear();
    }

    /// <summary>Gets the lag of least cost; the shortest of several.</summary>
    public int Best
    {
        get
        {
            var best = 0;
            for (var lag = 1; lag < _lags; lag++)
            {
                if (_costs[Margin + lag] < _costs[Margin + best])
                    best = lag;
            }

            return best;
        }
    }

    /// <summary>Starts a wave: all lags cost the same.</summary>
    public void Clear()
    {
        _costs.AsSpan().Fill(float.PositiveInfinity);
        _next.AsSpan().Fill(float.PositiveInfinity);
        _costs.AsSpan(Margin, _lags).Clear();
        _least = 0;
    }

    /// <summary>Processes a frame.</summary>
    /// <param name="local">The local cost of each lag, followed by 8 times infinity.</param>
    /// <param name="back">Receives for each lag its best predecessor; S + 8 values.</param>
    public void Step(ReadOnlySpan<float> local, Span<ushort> back)
    {
        var count = Envelope();
        Follow(count, local, back);
        (_costs, _next) = (_next, _costs);
    }

    // The lags whose parabolas make up the envelope, each with the place from which it is the lowest.
    private int Envelope()
    {
        if (_factor == 0)
        {
            (_tops[0], _begins[0]) = (Best, double.NegativeInfinity);
            return 1;
        }

        var top = -1;
        ref var costs = ref _costs[Margin];
        for (var block = 0; block < _lags; block += Lanes)
        {
            for (var bits = Candidates(block); bits != 0; bits &= bits - 1)
            {
                var lag = block + BitOperations.TrailingZeroCount(bits);
                var cost = Unsafe.Add(ref costs, lag);
                var begin = double.NegativeInfinity;
                for (; top >= 0; top--)
                {
                    var other = _tops[top];
                    begin = (((double)cost - Unsafe.Add(ref costs, other)) * _slopes[lag - other]) + (0.5 * (lag + other));
                    if (begin > _begins[top])
                        break;
                }

                top++;
                (_tops[top], _begins[top]) = (lag, top == 0 ? double.NegativeInfinity : begin);
            }
        }

        return top + 1;
    }

    private uint Candidates(int block)
    {
        ref var costs = ref MemoryMarshal.GetArrayDataReference(_costs);
        var at = (nuint)(uint)(Margin + block);
        var twice = Vector256.LoadUnsafe(ref costs, at) * 2f;
        var kept = Vector256<float>.AllBitsSet;
        foreach (var distance in Distances)
        {
            var sum = Vector256.LoadUnsafe(ref costs, at - (nuint)distance) + Vector256.LoadUnsafe(ref costs, at + (nuint)distance);
            var bound = sum + Vector256.Create(2f * distance * distance * _factor);
            kept &= Vector256.GreaterThanOrEqual(bound, twice);
        }

        var bits = kept.ExtractMostSignificantBits();
        return block + Lanes <= _lags ? bits : bits & ((1u << (_lags - block)) - 1);
    }

    // Whole vectors are written; the next parabola overwrites the excess.
    private void Follow(int count, ReadOnlySpan<float> local, Span<ushort> back)
    {
        ref var next = ref _next[Margin];
        ref var added = ref MemoryMarshal.GetReference(local[..(_lags + Lanes)]);
        ref var pointer = ref MemoryMarshal.GetReference(back[..(_lags + Lanes)]);
        var least = Vector256.Create(float.PositiveInfinity);
        var factor = Vector256.Create(_factor);
        var lag = 0;
        for (var k = 0; k < count; k++)
        {
            var end = k + 1 == count ? _lags : (int)Math.Clamp(Math.Floor(_begins[k + 1]) + 1, 0, _lags);
            var top = _tops[k];
            var height = Vector256.Create(_costs[Margin + top] - _least);
            var pointers = Vector128.Create((ushort)top);
            for (; lag < end; lag += Lanes)
            {
                var distance = Steps + Vector256.Create((float)(lag - top));
                var cost = (distance * distance * factor) + height + Vector256.LoadUnsafe(ref added, (nuint)lag);
                least = Vector256.MinNative(least, cost);
                cost.StoreUnsafe(ref next, (nuint)lag);
                pointers.StoreUnsafe(ref pointer, (nuint)lag);
            }

            lag = Math.Max(end, 0);
        }

        var smallest = float.PositiveInfinity;
        for (var lane = 0; lane < Lanes; lane++)
            smallest = Math.Min(smallest, least[lane]);

        _least = smallest;
    }
}
