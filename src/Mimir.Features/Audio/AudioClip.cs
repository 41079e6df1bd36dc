namespace Mimir.Features.Audio;

/// <summary>Decoded audio: one array of samples for each channel, at the scale of 16-bit integers.</summary>
public sealed class AudioClip
{
    private readonly float[][] _channels;

    /// <summary>Wraps channels without copying them.</summary>
    /// <param name="channels">One array for each channel, all of one length; a full-scale sample is 32768.</param>
    /// <param name="sampleRate">In hertz, above 0.</param>
    /// <exception cref="ArgumentException">There is no channel, or their lengths differ.</exception>
    public AudioClip(float[][] channels, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        if (channels.Length == 0 || channels.Any(c => c.Length != channels[0].Length))
            throw new ArgumentException("Audio has one channel or more, all of one length.", nameof(channels));

        _channels = channels;
        SampleRate = sampleRate;
    }

    /// <summary>Gets the sample rate, in hertz.</summary>
    public int SampleRate { get; }

    /// <summary>Gets the number of channels, 1 or more.</summary>
    public int Channels => _channels.Length;

    /// <summary>Gets the number of samples in each channel.</summary>
    public int Length => _channels[0].Length;

    /// <summary>Gets the length in seconds.</summary>
    public double Duration => (double)Length / SampleRate;

    /// <summary>Gets what a header says of it.</summary>
    public AudioInfo Info => new(Length, Channels, SampleRate) { Warning = Warning };

    /// <summary>Gets what is doubtful about the audio: it is shorter than its file says; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>The same samples with a warning.</summary>
    /// <param name="warning">What is doubtful; it replaces another warning.</param>
    public AudioClip WithWarning(string warning) => new(_channels, SampleRate) { Warning = warning };

    /// <summary>Gets the samples of one channel; 16-bit sources give exact integers.</summary>
    /// <param name="channel">From 0.</param>
    public ReadOnlySpan<float> Channel(int channel) => _channels[channel];
}

/// <summary>The header of an audio file.</summary>
/// <param name="Frames">The number of samples in each channel.</param>
/// <param name="Channels">The number of channels.</param>
/// <param name="SampleRate">In hertz.</param>
public sealed record AudioInfo(long Frames, int Channels, int SampleRate)
{
    /// <summary>Gets the length in seconds.</summary>
    public double Duration => (double)Frames / SampleRate;

    /// <inheritdoc cref="AudioClip.Warning"/>
    public string? Warning { get; init; }
}
