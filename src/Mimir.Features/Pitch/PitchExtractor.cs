using System.Collections.Concurrent;
using Mimir.Base;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Pitch;

/// <summary>
/// Kaldi's pitch tracker: a correlation for each frame, high where speech is voiced, and a pitch, which continues through
/// unvoiced speech. Thread-safe.
/// </summary>
/// <remarks>
/// P. Ghahremani, B. BabaAli, D. Povey, K. Riedhammer, J. Trmal and S. Khudanpur, A pitch extraction algorithm tuned for
/// automatic speech recognition, ICASSP 2014.
/// </remarks>
public sealed class PitchExtractor
{
    private readonly PitchTables _tables;
    private readonly ConcurrentBag<PitchTracker> _idle = [];

    /// <summary>Computes the filters.</summary>
    /// <param name="options">The options of the tracker.</param>
    /// <exception cref="InputException">An option is out of range, or two options contradict each other.</exception>
    public PitchExtractor(PitchOptions options) => _tables = new PitchTables(options);

    /// <summary>Gets the options.</summary>
    public PitchOptions Options => _tables.Options;

    /// <summary>Tracks the pitch of a wave.</summary>
    /// <param name="wave">Samples at the scale of 16-bit integers and at the rate of the options'
    /// sample-frequency.</param>
    /// <returns><c>[T, 2]</c>: correlation, about -1 to 1, and pitch in hertz; no rows when the wave is too short.</returns>
    /// <exception cref="InputException">Samples are not finite numbers, or too large.</exception>
    public FloatMatrix Compute(ReadOnlySpan<float> wave)
    {
        var rows = new List<(float, float)>();
        Run(wave, (tracker, end) =>
        {
            // Kaldi: --simulate-first-pass-online keeps frames as they are first output; otherwise all are read at the end.
            if (!Options.SimulateFirstPassOnline && !end)
                return;

            for (var frame = rows.Count; frame < tracker.FramesReady; frame++)
                rows.Add(tracker.Frame(frame));
        });

        var result = new FloatMatrix(rows.Count, 2);
        for (var t = 0; t < rows.Count; t++)
            (result[t, 0], result[t, 1]) = rows[t];

        return result;
    }

    /// <summary>Runs a tracker over a wave.</summary>
    /// <param name="wave">The samples.</param>
    /// <param name="ready">Called after each chunk but the last with false, and at the end with true.</param>
    internal void Run(ReadOnlySpan<float> wave, Action<PitchTracker, bool> ready)
    {
        var tracker = _idle.TryTake(out var idle) ? idle : new PitchTracker(_tables);
        tracker.Start(wave);
        var chunk = Options.FramesPerChunk > 0 ? Options.ChunkSize : wave.Length;
        for (var samples = 0; samples < wave.Length;)
        {
            samples = (int)Math.Min((long)samples + chunk, wave.Length);
            tracker.Accept(samples);
            if (samples < wave.Length)
                ready(tracker, false);
        }

        tracker.Finish();
        ready(tracker, true);
        _idle.Add(tracker);
    }
}
