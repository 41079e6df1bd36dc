using Mimir.Base;
using NAudio.Wave;

namespace Mimir.Features.Audio;

/// <summary>One channel of audio as it comes through a pipe: a WAV, or samples without a header.</summary>
public sealed class AudioFeed
{
    private const int BlockBytes = 1 << 14;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly WaveHeader _header;
    private readonly int _channel;
    private readonly byte[] _block;
    private int _held;
    private long _left;

    private AudioFeed(Stream stream, string name, WaveHeader header, int channel)
    {
        if (channel >= header.Format.Channels)
            throw new InputException($"{name}: expected channel {channel}, the audio has {header.Format.Channels}, counted from 0.");

        (_stream, _name, _header, _channel) = (stream, name, header, channel);
        _block = new byte[Math.Max(1, BlockBytes / header.Format.BlockAlign) * header.Format.BlockAlign];
        _left = header.IsStreamed ? long.MaxValue : header.DataBytes;
    }

    /// <summary>Gets the sample rate, in hertz.</summary>
    public int SampleRate => _header.Format.SampleRate;

    /// <summary>Gets the number of channels.</summary>
    public int Channels => _header.Format.Channels;

    /// <summary>Opens a WAV and reads its header.</summary>
    /// <param name="stream">The bytes; it stays open.</param>
    /// <param name="name">The name in error messages.</param>
    /// <param name="channel">The channel to read, from 0.</param>
    /// <exception cref="InputException">It is no WAV, of an encoding of libsndfile's, damaged, or lacks the channel.</exception>
    public static AudioFeed OpenWave(Stream stream, string name, int channel = 0) =>
        WaveHeader.TryRead(new WaveInput.OfStream(stream, name), copy: null) is { Encoding: not WaveEncoding.Foreign } header
            ? new(stream, name, header, channel)
            : throw new InputException(
                $"{name}: expected a WAV of integers, floats, A-law or mu-law, which can be read as it comes; make one with ffmpeg -f wav");

    /// <summary>Opens samples without a header: 16-bit integers of one channel, the lower byte first.</summary>
    /// <param name="stream">The bytes; it stays open.</param>
    /// <param name="name">The name in error messages.</param>
    /// <param name="sampleRate">In hertz.</param>
    public static AudioFeed OpenRaw(Stream stream, string name, int sampleRate) => new(
        stream, name, new(new WaveFormat(sampleRate, 16, 1), WaveEncoding.Pcm16, BigEndian: false, long.MaxValue, IsStreamed: true), 0);

    /// <summary>Waits for samples.</summary>
    /// <returns>Those that have come, at the scale of 16-bit integers; none at the end of the stream.</returns>
    /// <exception cref="InputException">A sample is not a finite number.</exception>
    public float[] Read()
    {
        var frameBytes = _header.Format.BlockAlign;
        while (_held < frameBytes)
        {
            var got = _stream.Read(_block.AsSpan(_held, (int)Math.Min(_block.Length - _held, _left)));
            if (got == 0)
                return [];

            _held += got;
            _left -= got;
        }

        var whole = _held / frameBytes * frameBytes;
        var interleaved = new float[whole / frameBytes * Channels];
        if (!WaveSamples.TryConvert(_header, _block.AsSpan(0, whole), interleaved))
            throw new InputException($"{_name}: a sample is not a finite number.");

        // Big-endian samples are turned in place; what is left of a frame is not.
        _block.AsSpan(whole, _held - whole).CopyTo(_block);
        _held -= whole;
        if (Channels == 1)
            return interleaved;

        var samples = new float[interleaved.Length / Channels];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = interleaved[(i * Channels) + _channel];

        return samples;
    }
}
