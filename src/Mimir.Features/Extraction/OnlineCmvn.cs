using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>Options of normalising features while they arrive (Kaldi: <c>OnlineCmvnOptions</c>).</summary>
public sealed record OnlineCmvnOptions
{
    /// <summary>Number of frames before the current one whose mean counts.</summary>
    [Option("cmn-window", Min = 1)]
    public int Window { get; init; } = 600;

    /// <summary>Number of frames of the speaker's earlier utterances that fill the window at most.</summary>
    [Option("speaker-frames", Min = 0)]
    public int SpeakerFrames { get; init; } = 600;

    /// <summary>Number of frames of the global statistics that fill what is missing at most.</summary>
    [Option("global-frames", Min = 0)]
    public int GlobalFrames { get; init; } = 200;

    /// <summary>Divide by standard deviations.</summary>
    [Option("norm-vars")]
    public bool NormVars { get; init; }

    /// <summary>Subtract means; false copies the features.</summary>
    [Option("norm-means")]
    public bool NormMeans { get; init; } = true;
}

/// <summary>
/// Normalises the frames of an utterance one after the other by the mean of the frames before, of the speaker's earlier utterances and
/// of all data (Kaldi: <c>OnlineCmvn</c>). Memory holds the window alone.
/// </summary>
public sealed class OnlineCmvn
{
    private readonly OnlineCmvnOptions _options;
    private readonly double[,] _global;
    private readonly double[,]? _speaker;
    private readonly HashSet<int> _skipped;
    private readonly Queue<float[]> _window = [];
    private readonly double[] _sums;
    private readonly double[] _squares;

    /// <summary>Begins an utterance.</summary>
    /// <param name="options">The normalisation.</param>
    /// <param name="global">The statistics of all data.</param>
    /// <param name="speaker">The statistics of the speaker's earlier utterances; null for none.</param>
    /// <param name="skippedDimensions">The dimensions that are left alone.</param>
    /// <exception cref="InputException">The options do not fit each other, or there are no global frames.</exception>
    public OnlineCmvn(
        OnlineCmvnOptions options, CmvnStatistics global, CmvnStatistics? speaker = null, IEnumerable<int>? skippedDimensions = null)
    {
        if (options.SpeakerFrames > options.Window || options.GlobalFrames > options.SpeakerFrames)
        {
            throw new InputException(
                $"--global-frames={options.GlobalFrames}, --speaker-frames={options.SpeakerFrames}, --cmn-window={options.Window}: "
                + "expected "
                + "none to be larger than the next.");
        }

        if (options is { NormVars: true, NormMeans: false })
            throw new InputException("--norm-vars=true needs --norm-means=true.");
        if (global.Count <= 0)
            throw new InputException("the global normalisation statistics have no frames; compute them again.");

        _options = options;
        _global = global.ToMatrix();
        _speaker = speaker is { Count: > 0 } ? speaker.ToMatrix() : null;
        _skipped = [.. skippedDimensions ?? []];
        _sums = new double[global.Dimension];
        _squares = new double[global.Dimension];
    }

    /// <summary>Normalises all frames of an utterance.</summary>
    /// <param name="features"><c>[T, D]</c>; it is not changed.</param>
    /// <exception cref="InputException">The dimension is not that of the statistics.</exception>
    public FloatMatrix Apply(FloatMatrix features)
    {
        var normalised = new FloatMatrix(features.Rows, features.Columns, [.. features.Data]);
        for (var frame = 0; frame < features.Rows; frame++)
            ApplyNext(normalised.Row(frame));

        return normalised;
    }

    /// <summary>Normalises the next frame in place.</summary>
    /// <param name="frame">Its D values.</param>
    /// <exception cref="InputException">The dimension is not that of the statistics.</exception>
    public void ApplyNext(Span<float> frame)
    {
        if (frame.Length != _sums.Length)
            throw new InputException($"expected features of {_sums.Length} values, as the statistics are, got {frame.Length}.");
        if (!_options.NormMeans)
            return;

        Take(frame);
        var (ofSpeaker, ofAll) = Shares();
        var count = _window.Count + (ofSpeaker * (_speaker?[0, frame.Length] ?? 0)) + (ofAll * _global[0, frame.Length]);
        for (var d = 0; d < frame.Length; d++)
        {
            if (_skipped.Contains(d))
                continue;

            var mean = (_sums[d] + (ofSpeaker * (_speaker?[0, d] ?? 0)) + (ofAll * _global[0, d])) / count;
            var deviation = 1.0;
            if (_options.NormVars)
            {
                var square = (_squares[d] + (ofSpeaker * (_speaker?[1, d] ?? 0)) + (ofAll * _global[1, d])) / count;
                deviation = Math.Sqrt(Math.Max(square - (mean * mean), 1e-20));
            }

            frame[d] = (float)((frame[d] - mean) / deviation);
        }
    }

    private void Take(ReadOnlySpan<float> frame)
    {
        Add(frame, 1);
        _window.Enqueue(frame.ToArray());
        if (_window.Count > _options.Window)
            Add(_window.Dequeue(), -1);
    }

    private void Add(ReadOnlySpan<float> frame, int sign)
    {
        for (var d = 0; d < frame.Length; d++)
        {
            _sums[d] += sign * (double)frame[d];
            _squares[d] += sign * (double)frame[d] * frame[d];
        }
    }

    // What is missing in the window comes from the speaker first, then from all data.
    private (double Speaker, double Global) Shares()
    {
        var missing = (double)_options.Window - _window.Count;
        var speakerCount = _speaker?[0, _sums.Length] ?? 0;
        var ofSpeaker = Math.Min(Math.Min(missing, _options.SpeakerFrames), speakerCount);
        var ofAll = Math.Min(missing - ofSpeaker, _options.GlobalFrames);
        return (speakerCount > 0 ? ofSpeaker / speakerCount : 0, ofAll / _global[0, _sums.Length]);
    }
}
