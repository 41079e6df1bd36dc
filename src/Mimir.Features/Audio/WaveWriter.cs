using System.Runtime.InteropServices;
using Mimir.Base;
using NAudio.Wave;

namespace Mimir.Features.Audio;

/// <summary>Writes WAVs of 16-bit integers with the shortest header, which is also Kaldi's.</summary>
internal static class WaveWriter
{
    private const int HeaderBytes = 44;

    /// <summary>Writes a WAV to a seekable stream, which stays open.</summary>
    /// <param name="stream">The stream, at its begin.</param>
    /// <param name="name">The name in error messages.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="InputException">There are more samples than the format can have.</exception>
    public static void Write(Stream stream, string name, ReadOnlySpan<short> samples, int sampleRate, int channels)
    {
        Check(samples, sampleRate, channels);
        CheckLength(name, samples.Length);
        if (channels > WaveHeader.MaxChannels)
            throw new InputException($"{name}: expected 1 to {WaveHeader.MaxChannels} channels, got {channels}.");

        using var writer = new WaveFileWriter(stream, new WaveFormat(sampleRate, 8 * sizeof(short), channels));
        writer.Write(MemoryMarshal.AsBytes(samples));
    }

    /// <summary>Returns a whole WAV; samples are truncated to integers and clipped.</summary>
    /// <param name="name">The name in error messages.</param>
    /// <param name="clip">The samples, at the scale of 16-bit integers.</param>
    /// <exception cref="InputException">There are more samples than the format can have.</exception>
    public static ReadOnlySpan<byte> Write(string name, AudioClip clip)
    {
        CheckLength(name, (long)clip.Length * clip.Channels);
        var samples = new short[clip.Length * clip.Channels];
        for (var c = 0; c < clip.Channels; c++)
        {
            var channel = clip.Channel(c);
            for (var i = 0; i < channel.Length; i++)
                samples[(i * clip.Channels) + c] = (short)Math.Clamp(channel[i], short.MinValue, short.MaxValue);
        }

        var wave = new MemoryStream(HeaderBytes + (sizeof(short) * samples.Length));
        Write(wave, name, samples, clip.SampleRate, clip.Channels);
        return wave.GetBuffer().AsSpan(0, (int)wave.Length);
    }

    /// <summary>Checks the arguments of a call that writes samples.</summary>
    public static void Check(ReadOnlySpan<short> samples, int sampleRate, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (samples.Length % channels != 0)
            throw new ArgumentException($"{samples.Length} samples do not fill {channels} channels.", nameof(samples));
    }

    // What fits into memory is shorter than what a header can say.
    private static void CheckLength(string name, long samples)
    {
        if (samples > (Array.MaxLength - HeaderBytes) / sizeof(short))
            throw new InputException($"{name}: {samples} samples are more than a WAV can have; cut it into segments.");
    }
}
