using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Options of <see cref="SlidingCmvn"/>; names and defaults are those of Kaldi's apply-cmvn-sliding.</summary>
public sealed record SlidingCmvnOptions
{
    /// <summary>Length of the window, in frames.</summary>
    [Option("cmn-window", Min = 1)]
    public int Window { get; init; } = 600;

    /// <summary>Shortest window at the beginning of an utterance, in frames; ignored when the window is centred.</summary>
    [Option("min-cmn-window")]
    public int MinWindow { get; init; } = 100;

    /// <summary>Normalise variances to 1 as well as means to 0.</summary>
    [Option("norm-vars")]
    public bool NormVars { get; init; }

    /// <summary>Centre the window on the frame; otherwise it ends there.</summary>
    [Option("center")]
    public bool Centered { get; init; }
}

/// <summary>
/// Normalises each frame by the frames around it, as Kaldi's apply-cmvn-sliding does. The sums of a window follow from those
/// of the one before, in double precision.
/// </summary>
public sealed class SlidingCmvn
{
    // Kaldi's floor of the variance.
    private const double VarianceFloor = 1e-10;

    private readonly SlidingCmvnOptions _options;

    /// <summary>Creates a normaliser.</summary>
    /// <param name="options">The window.</param>
    /// <exception cref="InputException">A window is not positive, or the least is longer than the whole.</exception>
    public SlidingCmvn(SlidingCmvnOptions options)
    {
        Option.CheckRanges(options);
        if (options.Centered && (options.MinWindow < 1 || options.MinWindow > options.Window))
            throw new InputException($"min-cmn-window: expected 1 to cmn-window ({options.Window}), got {options.MinWindow}");

        _options = options;
    }

    /// <summary>Normalises features.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <param name="floored">Called where variances are floored within a window, with their number and the frames of the
    /// window.</param>
    /// <returns><c>[T, D]</c>.</returns>
    public FloatMatrix Apply(FloatMatrix features, Action<int, int>? floored = null)
    {
        var result = new FloatMatrix(features.Rows, features.Columns);
        var sums = new double[features.Columns];
        var squares = new double[features.Columns];
        var (start, end) = (0, 0);
        for (var t = 0; t < features.Rows; t++)
        {
            var (nextStart, nextEnd) = Window(t, features.Rows);
            for (; start < nextStart; start++)
                Add(features.Row(start), -1, sums, squares);
            for (; end < nextEnd; end++)
                Add(features.Row(end), 1, sums, squares);

            var flat = Normalise(features.Row(t), result.Row(t), end - start, sums, squares);
            if (flat > 0 && features.Rows > 1)
                floored?.Invoke(flat, end - start);
        }

        return result;
    }

    /// <summary>The frames from Start up to End that normalise a frame.</summary>
    internal (int Start, int End) Window(int frame, int frames)
    {
        // Kaldi: --cmn-window frames, around the frame with --center, else before it and at least --min-cmn-window.
        var start = _options.Centered ? frame - (_options.Window / 2) : frame - _options.Window;
        var end = _options.Centered ? start + _options.Window : frame + 1;
        if (start < 0)
            (start, end) = (0, end - start);
        if (!_options.Centered && end > frame)
            end = Math.Max(frame + 1, _options.MinWindow);
        if (end > frames)
            (start, end) = (Math.Max(0, start - (end - frames)), frames);

        return (start, end);
    }

    private static void Add(ReadOnlySpan<float> frame, int sign, double[] sums, double[] squares)
    {
        for (var d = 0; d < frame.Length; d++)
        {
            sums[d] += sign * (double)frame[d];
            squares[d] += sign * ((double)frame[d] * frame[d]);
        }
    }

    private int Normalise(ReadOnlySpan<float> frame, Span<float> result, int count, double[] sums, double[] squares)
    {
        var flat = 0;
        for (var d = 0; d < frame.Length; d++)
        {
            // Kaldi's order of rounding.
            var centered = frame[d] + (-1.0 / count * sums[d]);
            if (!_options.NormVars)
            {
                result[d] = (float)centered;
                continue;
            }

            // Kaldi: --norm-vars.
            var variance = (squares[d] / count) - (sums[d] * sums[d] / ((double)count * count));
            if (count > 1 && variance < VarianceFloor)
            {
                variance = VarianceFloor;
                flat++;
            }

            result[d] = count == 1 ? 0 : (float)(centered / Math.Sqrt(variance));
        }

        return flat;
    }
}
