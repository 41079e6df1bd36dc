using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Pitch;

/// <summary>Options of <see cref="PitchPostProcessor"/>; names and defaults are those of Kaldi's process-kaldi-pitch-feats.</summary>
public sealed record PitchPostOptions
{
    /// <summary>Factor of the normalised log pitch.</summary>
    [Option("pitch-scale")]
    public float PitchScale { get; init; } = 2;

    /// <summary>Factor of the voicing feature, the warped correlation.</summary>
    [Option("pov-scale")]
    public float PovScale { get; init; } = 2;

    /// <summary>Offset that is added to the voicing feature after its factor.</summary>
    [Option("pov-offset")]
    public float PovOffset { get; init; }

    /// <summary>Factor of the derivative of the log pitch.</summary>
    [Option("delta-pitch-scale")]
    public float DeltaPitchScale { get; init; } = 10;

    /// <summary>Standard deviation of the noise on the derivative before its factor; 0 makes features repeatable by any
    /// program.</summary>
    [Option("delta-pitch-noise-stddev", Min = 0)]
    public float DeltaPitchNoiseStddev { get; init; } = 0.005f;

    /// <summary>Frames before each frame in its moving mean.</summary>
    [Option("normalization-left-context", Min = 0, Max = 1 << 30)]
    public int NormalizationLeftContext { get; init; } = 75;

    /// <summary>Frames after each frame in its moving mean.</summary>
    [Option("normalization-right-context", Min = 0, Max = 1 << 30)]
    public int NormalizationRightContext { get; init; } = 75;

    /// <summary>Frames on each side in the regression of the derivative.</summary>
    [Option("delta-window", Min = 1, Max = 999)]
    public int DeltaWindow { get; init; } = 2;

    /// <summary>Delay of the features, in frames; the first frame is repeated as often.</summary>
    [Option("delay", Min = 0, Max = 1_000_000)]
    public int Delay { get; init; }

    /// <summary>Output the voicing feature.</summary>
    [Option("add-pov-feature")]
    public bool AddPovFeature { get; init; } = true;

    /// <summary>Output the log pitch less its moving mean, which is weighted by voicing.</summary>
    [Option("add-normalized-log-pitch")]
    public bool AddNormalizedLogPitch { get; init; } = true;

    /// <summary>Output the derivative of the log pitch.</summary>
    [Option("add-delta-pitch")]
    public bool AddDeltaPitch { get; init; } = true;

    /// <summary>Output the log pitch itself.</summary>
    [Option("add-raw-log-pitch")]
    public bool AddRawLogPitch { get; init; }

    /// <summary>Gets the number of values in a frame.</summary>
    public int Dimension =>
        (AddPovFeature ? 1 : 0) + (AddNormalizedLogPitch ? 1 : 0) + (AddDeltaPitch ? 1 : 0) + (AddRawLogPitch ? 1 : 0);

    /// <summary>Checks the options.</summary>
    /// <exception cref="InputException">An option is out of range, or no feature is asked for.</exception>
    public void Validate()
    {
        Option.CheckRanges(this);
        if (Dimension == 0)
        {
            throw new InputException(
                "expected at least one of add-pov-feature, add-normalized-log-pitch, add-delta-pitch and add-raw-log-pitch");
        }
    }
}

/// <summary>Computes features from a tracked pitch, as Kaldi's process-kaldi-pitch-feats does.</summary>
public sealed class PitchPostProcessor
{
    private readonly PitchPostOptions _options;
    private readonly float[] _regression;

    /// <summary>Creates a processor.</summary>
    /// <param name="options">The features and their scales.</param>
    /// <exception cref="InputException">An option is out of range, or no feature is asked for.</exception>
    public PitchPostProcessor(PitchPostOptions options)
    {
        options.Validate();
        _options = options;
        var window = options.DeltaWindow;
        var norm = 0f;
        for (var j = -window; j <= window; j++)
            norm += j * j;

        _regression = [.. Enumerable.Range(-window, (2 * window) + 1).Select(j => j * (1 / norm))];
    }

    /// <summary>Gets the options.</summary>
    public PitchPostOptions Options => _options;

    /// <summary>Computes the features of a whole utterance.</summary>
    /// <param name="pitch"><c>[T, 2]</c>: correlation and pitch in hertz.</param>
    /// <param name="seed">The seed of the noise of the derivative: the same seed gives the same features.</param>
    /// <returns><c>[T + delay, D]</c>, in Kaldi's order: voicing, normalised log pitch, its derivative, log pitch; no rows
    /// where the input has none.</returns>
    /// <exception cref="InputException">The matrix has not two columns, or a pitch is not above 0.</exception>
    public FloatMatrix Process(FloatMatrix pitch, ulong seed = 0)
    {
        if (pitch.Rows == 0)
            return new FloatMatrix(0, _options.Dimension);

        var result = new FloatMatrix(checked(pitch.Rows + _options.Delay), _options.Dimension);
        Fill(pitch, Noise(pitch.Rows, seed), 0, result);
        return result;
    }

    /// <summary>
    /// The noise of the derivative, one value a frame, by the transform of Box and Muller (Kaldi: --delta-pitch-noise-stddev).
    /// </summary>
    internal float[] Noise(int frames, ulong seed)
    {
        var noise = new float[_options.AddDeltaPitch ? frames : 0];
        if (_options.DeltaPitchNoiseStddev == 0)
            return noise;

        var random = new SeededRandom(seed);
        for (var t = 0; t < noise.Length; t += 2)
        {
            var radius = _options.DeltaPitchNoiseStddev * Math.Sqrt(-2 * Math.Log(1 - random.NextUniform()));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextUniform());
            noise[t] = (float)(radius * cosine);
            if (t + 1 < noise.Length)
                noise[t + 1] = (float)(radius * sine);
        }

        return noise;
    }

    /// <summary>Computes frames from the pitch that is known so far.</summary>
    /// <param name="pitch">The frames so far; the windows of means and derivatives end with them.</param>
    /// <param name="noise">The noise of the derivative, at least as many frames.</param>
    /// <param name="from">The first frame to compute, delay included.</param>
    /// <param name="result">Receives the frames from <paramref name="from"/> on.</param>
    internal void Fill(FloatMatrix pitch, ReadOnlySpan<float> noise, int from, FloatMatrix result)
    {
        var logs = Logarithms(pitch);
        var mean = _options.AddNormalizedLogPitch
            ? new WeightedMean(pitch, logs, _options.NormalizationLeftContext, _options.NormalizationRightContext)
            : null;
        for (var t = from; t < result.Rows; t++)
        {
            var frame = Math.Max(0, t - _options.Delay);
            var row = result.Row(t);
            var at = 0;

            // Kaldi: --add-pov-feature, --add-normalized-log-pitch, --add-delta-pitch and --add-raw-log-pitch, in this order.
            if (_options.AddPovFeature)
                row[at++] = (_options.PovScale * Voicing.Feature(pitch[frame, 0])) + _options.PovOffset;
            if (mean is not null)
                row[at++] = (float)(logs[frame] - mean.At(frame)) * _options.PitchScale;
            if (_options.AddDeltaPitch)
                row[at++] = (Slope(logs, frame) + noise[frame]) * _options.DeltaPitchScale;
            if (_options.AddRawLogPitch)
                row[at] = logs[frame];
        }
    }

    private static float[] Logarithms(FloatMatrix pitch)
    {
        if (pitch.Columns != 2)
            throw new InputException($"expected 2 values a frame, correlation and pitch, got {pitch.Columns}.");

        var logs = new float[pitch.Rows];
        for (var t = 0; t < logs.Length; t++)
        {
            if (!(pitch[t, 1] > 0) || !float.IsFinite(pitch[t, 1]) || !float.IsFinite(pitch[t, 0]))
                throw new InputException($"frame {t}: expected a pitch above 0 Hz, got {pitch[t, 1]} (correlation {pitch[t, 0]}).");

            logs[t] = (float)Math.Log(pitch[t, 1]);
        }

        return logs;
    }

    private float Slope(float[] logs, int frame)
    {
        var sum = 0f;
        for (var j = 0; j < _regression.Length; j++)
            sum += _regression[j] * logs[Math.Clamp(frame + j - _options.DeltaWindow, 0, logs.Length - 1)];

        return sum;
    }
}
