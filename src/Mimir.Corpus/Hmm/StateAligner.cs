namespace Mimir.Corpus.Hmm;

/// <summary>The frames of Kaldi's default features: 25 ms every 10 ms, only those that fit (<c>--snip-edges=true</c>).</summary>
/// <param name="SampleRate">In hertz.</param>
internal readonly record struct FrameClock(int SampleRate)
{
    private int Shift => SampleRate / 100;

    private int Length => SampleRate * 25 / 1000;

    /// <summary>The number of frames of a recording.</summary>
    public int Frames(int samples) => samples < Length ? 0 : 1 + ((samples - Length) / Shift);

    /// <summary>The first frame whose centre is not before a sample.</summary>
    public int FrameAt(double sample) => (int)Math.Ceiling((sample - (Length / 2.0)) / Shift);
}

/// <summary>Aligns the units of an utterance: a transition-id for each frame.</summary>
/// <param name="hmms">The units.</param>
internal sealed class StateAligner(HmmSet hmms)
{
    /// <summary>Silence begins and ends with states of at most this many frames; all between is its middle state.</summary>
    private const int SilenceEdge = 3;

    /// <summary>Aligns one utterance.</summary>
    /// <param name="spans">The units; the first begins at sample 0.</param>
    /// <param name="clock">The frames.</param>
    /// <param name="samples">The length of the recording.</param>
    /// <returns>Transition-ids, self-loops behind the forward transition (Kaldi's <c>--reorder=true</c>).</returns>
    /// <exception cref="ArgumentException">The recording has fewer frames than its units have states.</exception>
    public int[] Align(IReadOnlyList<PhoneSpan> spans, FrameClock clock, int samples)
    {
        var frames = clock.Frames(samples);
        if (frames < spans.Count * HmmSet.States)
            throw new ArgumentException($"{frames} frames are too few for {spans.Count} phones", nameof(samples));

        var starts = Boundaries(spans, clock, frames);
        var ids = new List<int>(frames);
        for (var i = 0; i < spans.Count; i++)
        {
            var unit = spans[i].Unit;
            for (var state = 0; state < HmmSet.States; state++)
            {
                ids.Add(hmms.Forward(unit, state));
                var count = FramesOf(state, starts[i + 1] - starts[i], unit == hmms.Silence);
                for (var frame = 1; frame < count; frame++)
                    ids.Add(hmms.SelfLoop(unit, state));
            }
        }

        return [.. ids];
    }

    /// <summary>
    /// The first frames of the units, moved as little as possible so that every unit has a frame for each of its states.
    /// </summary>
    private static int[] Boundaries(IReadOnlyList<PhoneSpan> spans, FrameClock clock, int frames)
    {
        var starts = new int[spans.Count + 1];
        for (var i = 1; i < spans.Count; i++)
            starts[i] = Math.Max(clock.FrameAt(spans[i].Start), starts[i - 1] + HmmSet.States);
        starts[^1] = frames;
        for (var i = spans.Count - 1; i > 0; i--)
            starts[i] = Math.Min(starts[i], starts[i + 1] - HmmSet.States);
        return starts;
    }

    private static int FramesOf(int state, int frames, bool isSilence)
    {
        if (!isSilence)
            return (frames * (state + 1) / HmmSet.States) - (frames * state / HmmSet.States);

        var edge = Math.Clamp(frames / 4, 1, SilenceEdge);
        return state == 1 ? frames - (2 * edge) : edge;
    }
}
