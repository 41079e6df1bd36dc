using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Pitch;

/// <summary>Makes features of a tracked pitch, as Kaldi's process-kaldi-pitch-feats does.</summary>
public sealed class PitchPostProcessor
{
    private readonly PitchPostOptions _options;
    private readonly float[] _regression;

    /// <summary>Creates a processor.</summary>
    /// <param name="options">Which features, and their scales.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
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

    /// <summary>Makes the features of a whole utterance.</summary>
    /// <param name="pitch"><c>[T, 2]</c>: correlation and pitch in hertz.</param>
    /// <param name="seed">Where the noise of the derivative begins: the same seed gives the same features.</param>
    /// <returns><c>[T + delay, D]</c>, in Kaldi's order: voicing, normalised log pitch, its derivative, log pitch; no rows
    /// when there are none to begin with.</returns>
    /// <exception cref="InputException">The matrix has not two columns, or a pitch is not above 0.</exception>
    public FloatMatrix Process(FloatMatrix pitch, ulong seed = 0)
    {
        if (pitch.Rows == 0)
            return new FloatMatrix(0, _options.Dimension);

        var result = new FloatMatrix(checked(pitch.Rows + _options.Delay), _options.Dimension);
        Fill(pitch, Noise(pitch.Rows, seed), 0, result);
        return result;
    }

    /// <summary>The noise of the derivative, frame by frame: xoshiro256** and the transform of Box and Muller.</summary>
    internal float[] Noise(int frames, ulong seed)
    {
        var noise = new float[_options.AddDeltaPitch ? frames : 0];
        if (_options.DeltaPitchNoiseStddev == 0)
            return noise;

        var random = new Xoshiro256(seed);
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

    /// <summary>Makes frames from the pitch that is known by now.</summary>
    /// <param name="pitch">The frames so far; the windows of means and derivatives end with them.</param>
    /// <param name="noise">The noise of the derivative, at least as many frames.</param>
    /// <param name="from">The first frame to make, with the delay counted in.</param>
    /// <param name="result">Is filled from <paramref name="from"/> to its end.</param>
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
