namespace Mimir.Corpus.Hmm;

/// <summary>The frames of Kaldi's default features: 25 ms every 10 ms, only those that fit (<c>--snip-edges=true</c>).</summary>
/// <param name="SampleRate">In hertz.</param>
internal readonly record struct FrameClock(int SampleRate)
{
    private int Shift => SampleRate / 100;

    private int Length => SampleRate * 25 / 1000;

    /// <summary>The number of frames of a recording.</summary>
    public int Frames(int samples) => samples < Length ? 0 : 1 + ((samples - Length) / Shift);

    /// <summary>The first frame whose middle is not before a sample.</summary>
    public int FrameAt(double sample) => (int)Math.Ceiling((sample - (Length / 2.0)) / Shift);
}
