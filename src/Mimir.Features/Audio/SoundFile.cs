using System.Numerics.Tensors;
using Mimir.Common;
using Mimir.Features.Audio.Native;

namespace Mimir.Features.Audio;

/// <summary>
/// Reads and writes audio files through libsndfile: WAV, FLAC, OGG, SPHERE and whatever else it knows.
/// </summary>
public static class SoundFile
{
    private const int BlockFrames = 1 << 15;

    /// <summary>Gets libsndfile's own name and version.</summary>
    /// <exception cref="IOException">libsndfile is not installed.</exception>
    public static string LibraryVersion
    {
        get
        {
            try
            {
                return System.Runtime.InteropServices.Marshal.PtrToStringUTF8(SndFile.sf_version_string()) ?? "libsndfile";
            }
            catch (Exception failure) when (failure is DllNotFoundException or TypeInitializationException)
            {
                throw new IOException(
                    "libsndfile was not found; install it (Debian: apt-get install libsndfile1).", failure);
            }
        }
    }

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is not audio that libsndfile knows.</exception>
    public static AudioInfo Info(string path)
    {
        using var stream = Open(path);
        using var sound = SoundStream.Read(stream, path);
        return new AudioInfo(sound.Info.Frames, sound.Info.Channels, sound.Info.SampleRate);
    }

    /// <summary>Reads a file, or a range of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The first frame (sample of each channel) to read.</param>
    /// <param name="count">How many frames, or null for all up to the end.</param>
    /// <returns>The samples at the scale of 16-bit integers.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is not audio, is cut off, or does not reach as far as the
    /// range.</exception>
    public static AudioClip Read(string path, long start = 0, long? count = null)
    {
        using var stream = Open(path);
        return Read(stream, path, start, count);
    }

    /// <summary>Reads audio from a stream, or a range of it.</summary>
    /// <param name="stream">Holds the whole of one audio file; it is copied to memory first when it cannot
    /// seek.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="start">The first frame to read.</param>
    /// <param name="count">How many frames, or null for all up to the end.</param>
    /// <returns>The samples at the scale of 16-bit integers.</returns>
    /// <exception cref="FormatException">It is not audio, is cut off, or does not reach as far as the
    /// range.</exception>
    public static AudioClip Read(Stream stream, string name, long start = 0, long? count = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count ?? 0, nameof(count));
        if (!stream.CanSeek)
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            return Read(copy, name, start, count);
        }

        using var sound = SoundStream.Read(stream, name);
        var info = sound.Info;
        var frames = count ?? info.Frames - start;
        if (frames < 0 || start + frames > info.Frames)
        {
            throw new FormatException(
                $"{name}: frames {start} to {start + frames} were asked for, the file has {info.Frames}; check the segment's times.");
        }

        if (start > 0)
            sound.Seek(start);

        return new AudioClip(ReadChannels(sound, name, frames), info.SampleRate);
    }

    /// <summary>Writes 16-bit FLAC, all of it or nothing.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="IOException">It cannot be written; an older file is untouched.</exception>
    public static void WriteFlac(string path, ReadOnlySpan<short> samples, int sampleRate, int channels = 1) =>
        Write(path, samples.ToArray(), sampleRate, channels, SndFile.Flac);

    /// <summary>Writes 16-bit FLAC to a seekable stream, which stays open: for the many files of a folder that counts as a whole.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteFlac(
        Stream stream, string name, ReadOnlySpan<short> samples, int sampleRate, int channels = 1) =>
        Write(stream, name, samples, sampleRate, channels, SndFile.Flac);

    /// <summary>Writes 16-bit WAV, all of it or nothing.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="IOException">It cannot be written; an older file is untouched.</exception>
    public static void WriteWav(string path, ReadOnlySpan<short> samples, int sampleRate, int channels = 1) =>
        Write(path, samples.ToArray(), sampleRate, channels, SndFile.Wav);

    private static void Write(string path, short[] samples, int sampleRate, int channels, int format) =>
        AtomicFile.Write(path, stream => Write(stream, path, samples, sampleRate, channels, format));

    private static void Write(
        Stream stream, string name, ReadOnlySpan<short> samples, int sampleRate, int channels, int format)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (samples.Length % channels != 0)
            throw new ArgumentException($"{samples.Length} samples do not fill {channels} channels.", nameof(samples));

        using var sound = SoundStream.Write(stream, name, format, channels, sampleRate);
        sound.WriteFrames(samples);
        sound.Finish();
    }

    private static FileStream Open(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: no such audio file; check the path in wav.scp.", path);

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
    }

    // Buffers grow with what is really decoded, so a header that lies about its length costs no memory.
    private static float[][] ReadChannels(SoundStream sound, string name, long frames)
    {
        var channelCount = sound.Info.Channels;
        var interleaved = new float[(int)Math.Min(frames, BlockFrames) * channelCount];
        var channels = Enumerable.Range(0, channelCount).Select(_ => new List<float>()).ToArray();
        for (long done = 0; done < frames;)
        {
            var got = (int)sound.ReadFrames(interleaved, Math.Min(frames - done, BlockFrames));
            if (got <= 0)
                throw new FormatException(
                    $"{name}: expected {frames} frames, got {done}: the file is cut off; copy it again.");

            var block = interleaved.AsSpan(0, got * channelCount);
            if (!float.IsFinite(TensorPrimitives.Sum<float>(block)))
                throw new FormatException(
                    $"{name}: a sample near frame {done} is not a finite number; make the file again.");

            TensorPrimitives.Multiply(block, 32768f, block);
            Append(channels, block);
            done += got;
        }

        return [.. channels.Select(c => c.ToArray())];
    }

    private static void Append(List<float>[] channels, ReadOnlySpan<float> interleaved)
    {
        if (channels.Length == 1)
        {
            channels[0].AddRange(interleaved);
            return;
        }

        for (var i = 0; i < interleaved.Length; i++)
            channels[i % channels.Length].Add(interleaved[i]);
    }
}
