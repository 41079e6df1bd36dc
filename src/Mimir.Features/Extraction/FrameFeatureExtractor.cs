using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Mimir.Features.Matrices;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>
/// The common course of extraction: blocks of frames, one frame a lane, each turned into values by the kind of
/// feature.
/// </summary>
public abstract class FrameFeatureExtractor : IFeatureExtractor
{
    // Kaldi's floor under logarithms, FLT_EPSILON.
    private protected static readonly Vector<float> LogFloor = new(1.1920929e-7f);

    // What Kaldi puts under some of PLP's logarithms instead, FLT_MIN.
    private protected static readonly Vector<float> SmallestNormal = new(1.17549435e-38f);

    private readonly float[] _window;
    private readonly float _logEnergyFloor;
    private readonly ConcurrentDictionary<float, MelBanks> _banks = new();

    private protected FrameFeatureExtractor(FeatureOptions options)
    {
        options.Frame.Validate();
        if (!(options.EnergyFloor >= 0))
            throw new ArgumentException($"energy-floor: expected 0 or more, got {options.EnergyFloor}.");

        Options = options;
        var frame = options.Frame;
        _window = WindowFunction.Create(frame.WindowType, frame.WindowSize, frame.BlackmanCoefficient);
        _logEnergyFloor = options.EnergyFloor > 0 ? MathF.Log(options.EnergyFloor) : float.NegativeInfinity;
        Fft = new RealFft(frame.PaddedWindowSize);
        _ = Banks(1);
    }

    /// <inheritdoc/>
    public FeatureOptions Options { get; }

    /// <inheritdoc/>
    public abstract int Dimension { get; }

    private protected RealFft Fft { get; }

    /// <inheritdoc/>
    public FloatMatrix Compute(ReadOnlySpan<float> wave, float vtlnWarp = 1, ulong ditherSeed = 0)
    {
        var features = new FloatMatrix(Options.Frame.FrameCount(wave.Length), Dimension);
        if (features.Rows == 0)
            return features;

        var block = new FrameBlock(Options.Frame, _window, ditherSeed);
        var scratch = new FrameScratch(block, Fft.Length, Banks(vtlnWarp), Dimension);
        for (var first = 0; first < features.Rows; first += FrameBlock.Lanes)
        {
            var count = Math.Min(FrameBlock.Lanes, features.Rows - first);
            block.Load(wave, first, count);
            ComputeBlock(scratch);
            for (var lane = 0; lane < count; lane++)
                TakeLane(scratch.Values, lane, features.Row(first + lane));
        }

        if (!float.IsFinite(TensorPrimitives.Sum<float>(features.Data)))
            throw new ArgumentException(
                "The wave gives a feature that is not a finite number; its samples are NaN or too large.");

        if (Options.SubtractMean)
            ColumnMeans.Subtract(features);

        return features;
    }

    /// <summary>Computes the values of the frames in a block into <see cref="FrameScratch.Values"/>.</summary>
    private protected abstract void ComputeBlock(FrameScratch scratch);

    /// <summary>The floored logarithm of the energy that the options ask for.</summary>
    private protected Vector<float> LogEnergy(Vector<float> energy) => LogEnergy(energy, LogFloor);

    /// <summary>The same with another floor under the logarithm.</summary>
    private protected Vector<float> LogEnergy(Vector<float> energy, Vector<float> floor) =>
        Vector.Max(Vector.Log(Vector.Max(energy, floor)), new Vector<float>(_logEnergyFloor));

    private MelBanks? Banks(float vtlnWarp) => Options is MelFeatureOptions mel
        ? _banks.GetOrAdd(vtlnWarp, static (warp, o) => new MelBanks(o.Mel, o.Frame, warp), mel)
        : null;

    private static void TakeLane(ReadOnlySpan<Vector<float>> values, int lane, Span<float> row)
    {
        var lanes = MemoryMarshal.Cast<Vector<float>, float>(values);
        for (int i = 0, at = lane; i < row.Length; i++, at += FrameBlock.Lanes)
            row[i] = lanes[at];
    }
}
