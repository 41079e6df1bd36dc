using System.Numerics.Tensors;
using Mimir.Base;

namespace Mimir.Features.Audio;

/// <summary>Reads and writes audio files through libsndfile: WAV, FLAC, OGG, SPHERE and its other formats.</summary>
public static class SoundFile
{
    private const int BlockFrames = 1 << 15;

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is not audio that libsndfile reads.</exception>
    public static AudioInfo Info(string path)
    {
        using var stream = Open(path);
        using var sound = SoundStream.Read(stream, path);
        return new AudioInfo(sound.Info.Frames, sound.Info.Channels, sound.Info.SampleRate);
    }

    /// <summary>Reads a file, or a range of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The first frame (sample of each channel) to read.</param>
    /// <param name="count">The number of frames, or null for all up to the end.</param>
    /// <returns>The samples at the scale of 16-bit integers.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The audio is damaged or truncated, or shorter than the range.</exception>
    public static AudioClip Read(string path, long start = 0, long? count = null)
    {
        using var stream = Open(path);
        return Read(stream, path, start, count);
    }

    /// <summary>Reads audio from a stream, or a range of it.</summary>
    /// <param name="stream">A stream of one whole audio file; it is copied to memory first when it cannot seek.</param>
    /// <param name="name">The name in error messages.</param>
    /// <param name="start">The first frame to read.</param>
    /// <param name="count">The number of frames, or null for all up to the end.</param>
    /// <returns>The samples at the scale of 16-bit integers.</returns>
    /// <exception cref="InputException">The audio is damaged or truncated, or shorter than the range.</exception>
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
            throw new InputException(
                $"{name}: frames {start} to {start + frames} were asked for, the file has {info.Frames}; check the segment's times.");
        }

        if (start > 0)
            sound.Seek(start);

        return new AudioClip(ReadChannels(sound, name, frames, stream.Length), info.SampleRate);
    }

    /// <summary>Writes a 16-bit FLAC file atomically.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="IOException">The file cannot be written; an older file is unchanged.</exception>
    public static void WriteFlac(string path, ReadOnlySpan<short> samples, int sampleRate, int channels = 1) =>
        Write(path, samples.ToArray(), sampleRate, channels, SndFile.Flac);

    /// <summary>Writes 16-bit FLAC to a seekable stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">The name in error messages.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void WriteFlac(
        Stream stream, string name, ReadOnlySpan<short> samples, int sampleRate, int channels = 1) =>
        Write(stream, name, samples, sampleRate, channels, SndFile.Flac);

    /// <summary>Writes a 16-bit WAV file atomically.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="IOException">The file cannot be written; an older file is unchanged.</exception>
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

    // Buffers start at the size that the file can hold at a byte a sample and grow with the decoded data: a wrong length in a
    // header costs no memory.
    private static float[][] ReadChannels(SoundStream sound, string name, long frames, long bytes)
    {
        if (frames > Array.MaxLength)
            throw new InputException($"{name}: {frames} frames are more than fit into memory; read it by segments.");

        var count = sound.Info.Channels;
        var room = (int)Math.Min(frames, Math.Max(BlockFrames, bytes / count));
        var channels = Enumerable.Range(0, count).Select(_ => new float[room]).ToArray();
        var interleaved = new float[count == 1 ? 0 : Math.Min(room, BlockFrames) * count];
        for (var done = 0; done < frames;)
        {
            if (done == channels[0].Length)
                Grow(channels, (int)Math.Min(frames, 2L * done));

            var wanted = Math.Min(BlockFrames, channels[0].Length - done);
            var block = count == 1 ? channels[0].AsSpan(done, wanted) : interleaved.AsSpan(0, wanted * count);
            var got = (int)sound.ReadFrames(block, wanted);
            if (got <= 0)
                throw new InputException(
                    $"{name}: expected {frames} frames, got {done}: the file is cut off; copy it again.");

            block = block[..(got * count)];
            if (!float.IsFinite(TensorPrimitives.Sum<float>(block)))
                throw new InputException(
                    $"{name}: a sample near frame {done} is not a finite number; make the file again.");

            TensorPrimitives.Multiply(block, 32768f, block);
            if (count > 1)
                Separate(block, channels, done);

            done += got;
        }

        return channels;
    }

    private static void Grow(float[][] channels, int room)
    {
        foreach (ref var channel in channels.AsSpan())
            Array.Resize(ref channel, room);
    }

    private static void Separate(ReadOnlySpan<float> interleaved, float[][] channels, int start)
    {
        for (var i = 0; i < interleaved.Length; i++)
            channels[i % channels.Length][start + (i / channels.Length)] = interleaved[i];
    }
}
