using System.Numerics.Tensors;
using Mimir.Common;

namespace Mimir.Features.Signal;

/// <summary>
/// Gaussian noise by a seed: <see cref="Xoshiro256"/> and the transform of Box and Muller.
/// </summary>
internal sealed class GaussianNoise
{
    private readonly float[] _radius = new float[128];
    private readonly float[] _angle = new float[128];
    private readonly float[] _values = new float[256];
    private Xoshiro256 _bits;
    private int _used;

    /// <summary>Starts a sequence; equal seeds give equal sequences.</summary>
    public GaussianNoise(ulong seed)
    {
        _bits = new Xoshiro256(seed);
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
            var bits = _bits.Next();
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
}
