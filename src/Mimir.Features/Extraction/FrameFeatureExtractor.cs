using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Signal;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>
/// Computes features in blocks of frames, one frame in each lane of a vector; a derived class turns a block into values. The
/// precision is single, or double where rounding would be visible in the values.
/// </summary>
public abstract class FrameFeatureExtractor : IFeatureExtractor
{
    // Kaldi's floor under logarithms, FLT_EPSILON.
    private protected const float LogFloor = 1.1920929e-7f;

    // Kaldi's floor under some logarithms of PLP, FLT_MIN.
    private protected const float SmallestNormal = 1.17549435e-38f;

    // Below it no power of a spectrum overflows, in a frame of up to a million samples.
    private const float LargestSample = 1e15f;

    private readonly float[] _window;
    private readonly float _logEnergyFloor;
    private readonly RealFft<float>? _single;
    private readonly RealFft<double>? _double;
    private readonly ConcurrentDictionary<float, MelBanks> _banks = new();

    private protected FrameFeatureExtractor(FeatureOptions options, bool precise = false)
    {
        Option.CheckRanges(options);
        options.Frame.Validate();

        Options = options;
        var frame = options.Frame;
        _window = WindowFunction.Create(frame.WindowType, frame.WindowSize, frame.BlackmanCoefficient);
        _logEnergyFloor = options.EnergyFloor > 0 ? MathF.Log(options.EnergyFloor) : float.NegativeInfinity;
        if (precise)
            _double = new RealFft<double>(frame.PaddedWindowSize);
        else
            _single = new RealFft<float>(frame.PaddedWindowSize);

        _ = Banks(1);
    }

    /// <inheritdoc/>
    public FeatureOptions Options { get; }

    /// <inheritdoc/>
    public abstract int Dimension { get; }

    /// <inheritdoc/>
    public FloatMatrix Compute(ReadOnlySpan<float> wave, float vtlnWarp = 1, ulong ditherSeed = 0)
    {
        var rows = Options.Frame.FrameCount(wave.Length);
        if (rows == 0)
            return new FloatMatrix(0, Dimension);
        if (!(TensorPrimitives.MaxMagnitude(wave) <= LargestSample))
            throw new InputException("The wave holds a sample that is not a finite number, or is above 1e15.");

        var features = new FloatMatrix(rows, Dimension);
        if (_single is not null)
        {
            Compute(wave, vtlnWarp, ditherSeed, _single, features.Data);
        }
        else if (_double is not null)
        {
            var precise = new double[features.Data.Length];
            Compute(wave, vtlnWarp, ditherSeed, _double, precise);
            TensorPrimitives.ConvertTruncating<double, float>(precise, features.Data);
        }

        if (!float.IsFinite(TensorPrimitives.Sum<float>(features.Data)))
            throw new InputException("The wave gives a feature that is not a finite number; its samples are too large.");

        return features;
    }

    private void Compute<T>(ReadOnlySpan<float> wave, float vtlnWarp, ulong ditherSeed, RealFft<T> fft, Span<T> features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var block = new FrameBlock<T>(Options.Frame, _window, Options.RawEnergy, ditherSeed);
        var scratch = new FrameScratch<T>(block, fft, Banks(vtlnWarp), Dimension);
        var rows = features.Length / Dimension;
        for (var first = 0; first < rows; first += FrameBlock<T>.Lanes)
        {
            var count = Math.Min(FrameBlock<T>.Lanes, rows - first);
            block.Load(wave, first, count);
            ComputeBlock(scratch);
            LaneTranspose.ToRows<T>(scratch.Values, features.Slice(first * Dimension, count * Dimension));
        }

        // Kaldi: --subtract-mean.
        if (Options.SubtractMean)
            SubtractMeans(features, Dimension);
    }

    // Subtracts the mean of each column, in double precision.
    private static void SubtractMeans<T>(Span<T> features, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var means = new double[columns];
        for (var at = 0; at < features.Length; at += columns)
        {
            for (var d = 0; d < columns; d++)
                means[d] += double.CreateTruncating(features[at + d]) / (features.Length / columns);
        }

        for (var at = 0; at < features.Length; at += columns)
        {
            for (var d = 0; d < columns; d++)
                features[at + d] = T.CreateTruncating(double.CreateTruncating(features[at + d]) - means[d]);
        }
    }

    /// <summary>Computes the values of the frames in a block into <see cref="FrameScratch{T}.Values"/>.</summary>
    private protected abstract void ComputeBlock<T>(FrameScratch<T> scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>The logarithm of the energy, floored (Kaldi: --energy-floor).</summary>
    /// <param name="energy">The energy.</param>
    /// <param name="floor">The floor under the logarithm, before that of the options.</param>
    private protected Vector<T> LogEnergy<T>(Vector<T> energy, float floor = LogFloor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vector.Max(LaneMath.Log(Vector.Max(energy, Constant<T>(floor))), Constant<T>(_logEnergyFloor));

    /// <summary>A number in every lane.</summary>
    private protected static Vector<T> Constant<T>(float value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(T.CreateTruncating(value));

    private MelBanks? Banks(float vtlnWarp) => Options is MelFeatureOptions mel
        ? _banks.GetOrAdd(vtlnWarp, static (warp, o) => new MelBanks(o.Mel, o.Frame, warp), mel)
        : null;
}

/// <summary>The buffers of one run of an extractor; no frame allocates memory.</summary>
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

    /// <summary>Gets the buffer of power spectra, N / 2 + 1 bins.</summary>
    public Span<Vector<T>> Power => _power;

    /// <summary>Gets the buffer of mel filter energies.</summary>
    public Span<Vector<T>> Mel => _mel;

    /// <summary>Gets the equal-loudness weight of each mel filter.</summary>
    public ReadOnlySpan<float> EqualLoudness => banks is null ? [] : banks.EqualLoudness;

    /// <summary>Gets the buffer of the features of the block.</summary>
    public Span<Vector<T>> Values => _values;

    /// <summary>Fills <see cref="Power"/> from the frames, which are overwritten.</summary>
    public void Transform() => fft.Power(block.Samples, _power);

    /// <summary>Fills <see cref="Mel"/> from <see cref="Power"/>.</summary>
    public void ApplyMelFilters() => banks?.Apply(_power, _mel);
}
