namespace Mimir.Features.Audio;

/// <summary>What the header of an audio file says.</summary>
/// <param name="Frames">The number of samples in each channel.</param>
/// <param name="Channels">The number of channels.</param>
/// <param name="SampleRate">In hertz.</param>
public sealed record AudioInfo(long Frames, int Channels, int SampleRate)
{
    /// <summary>Gets the length in seconds.</summary>
    public double Duration => (double)Frames / SampleRate;
}
