using System.Numerics;
using System.Numerics.Tensors;

namespace Mimir.Features.Signal;

/// <summary>
/// Gaussian noise by a seed: xoshiro256** (Blackman and Vigna, 2018) and the transform of Box and Muller.
/// </summary>
internal sealed class GaussianNoise
{
    private readonly float[] _radius = new float[128];
    private readonly float[] _angle = new float[128];
    private readonly float[] _values = new float[256];
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private int _used;

    /// <summary>Starts a sequence; equal seeds give equal sequences.</summary>
    public GaussianNoise(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
        _used = _values.Length;
    }

    /// <summary>Adds noise to samples.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="deviation">The standard deviation of the noise.</param>
    public void AddTo(Span<float> samples, float deviation)
    {
        while (!samples.IsEmpty)
        {
            if (_used == _values.Length)
                Refill();

            var count = Math.Min(samples.Length, _values.Length - _used);
            var part = samples[..count];
            TensorPrimitives.MultiplyAdd<float>(_values.AsSpan(_used, count), deviation, part, part);
            samples = samples[count..];
            _used += count;
        }
    }

    private void Refill()
    {
        for (var i = 0; i < _radius.Length; i++)
        {
            var bits = Next();
            _radius[i] = ((bits >> 40) + 1) * (1f / (1 << 24));
            _angle[i] = (bits & 0xFFFFFF) * (2 * MathF.PI / (1 << 24));
        }

        TensorPrimitives.Log<float>(_radius, _radius);
        TensorPrimitives.Multiply<float>(_radius, -2, _radius);
        TensorPrimitives.Sqrt<float>(_radius, _radius);
        TensorPrimitives.Sin<float>(_angle, _values.AsSpan(0, 128));
        TensorPrimitives.Cos<float>(_angle, _values.AsSpan(128));
        TensorPrimitives.Multiply<float>(_radius, _values.AsSpan(0, 128), _values);
        TensorPrimitives.Multiply<float>(_radius, _values.AsSpan(128), _values.AsSpan(128));
        _used = 0;
    }

    private ulong Next()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
