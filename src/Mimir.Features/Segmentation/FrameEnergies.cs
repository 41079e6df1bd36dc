using System.Numerics.Tensors;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Segmentation;

/// <summary>The log energy of each frame of a recording that arrives in blocks: 25 ms every 10 ms, without its mean.</summary>
/// <remarks>Four bytes a frame are kept, so that hours of audio need a few megabytes.</remarks>
public sealed class FrameEnergies
{
    private readonly int _window;
    private readonly List<float> _energies = [];
    private float[] _rest = [];

    /// <summary>Begins a recording.</summary>
    /// <param name="sampleRate">In hertz, at least 100.</param>
    public FrameEnergies(int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 100);
        SampleRate = sampleRate;
        (Shift, _window) = (sampleRate / 100, sampleRate / 40);
    }

    /// <summary>Gets the sample rate, in hertz.</summary>
    public int SampleRate { get; }

    /// <summary>Gets the distance of two frames, in samples.</summary>
    public int Shift { get; }

    /// <summary>Gets the number of whole frames so far.</summary>
    public int Count => _energies.Count;

    /// <summary>Adds the next block.</summary>
    /// <param name="samples">Samples at the scale of 16-bit integers, any number of them.</param>
    public void Append(ReadOnlySpan<float> samples)
    {
        float[] wave = [.. _rest, .. samples];
        var first = 0;
        for (; first + _window <= wave.Length; first += Shift)
            _energies.Add(LogEnergy(wave.AsSpan(first, _window)));

        _rest = wave[first..];
    }

    /// <summary>The energies as the features that <see cref="Extraction.EnergyVad"/> takes.</summary>
    /// <returns><c>[T, 1]</c>.</returns>
    public FloatMatrix ToMatrix() => new(Count, 1, [.. _energies]);

    // The floor is a deviation of one unit of 16 bits: digital silence is not endlessly more silent than a quiet room.
    private static float LogEnergy(ReadOnlySpan<float> frame)
    {
        var mean = TensorPrimitives.Sum(frame) / frame.Length;
        return MathF.Log(MathF.Max(TensorPrimitives.SumOfSquares(frame) - (frame.Length * mean * mean), frame.Length));
    }
}
