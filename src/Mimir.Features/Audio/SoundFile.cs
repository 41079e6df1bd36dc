using System.Numerics.Tensors;
using Mimir.Base;

namespace Mimir.Features.Audio;

/// <summary>
/// Reads and writes audio files: WAV by itself; FLAC, OGG, SPHERE, the other formats of libsndfile and rare encodings in a WAV
/// through libsndfile.
/// </summary>
public static class SoundFile
{
    private const int BlockFrames = 1 << 15;

    /// <summary>Reads the header of a file; of a pipe, all of it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is not audio, has no samples, or needs libsndfile, which is not installed.</exception>
    public static AudioInfo Info(string path)
    {
        using var stream = Open(path);
        if (!stream.CanSeek)
            return Read(stream, path).Info;

        var input = new WaveInput.OfStream(stream, path);
        if (WaveHeader.TryRead(input, copy: null) is { Encoding: not WaveEncoding.Foreign } header)
            return WaveSamples.Info(input, header);

        Rewind(stream, path);
        using var sound = SoundStream.Read(stream, path);
        RequireSamples(sound.Info, path);
        return new AudioInfo(sound.Info.Frames, sound.Info.Channels, sound.Info.SampleRate);
    }

    /// <summary>Reads a file, or a range of it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">The first frame (sample of each channel) to read.</param>
    /// <param name="count">The number of frames, or null for all up to the end.</param>
    /// <returns>The samples at the scale of 16-bit integers.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The audio is damaged, has no samples, is shorter than the range, or needs libsndfile, which
    /// is not installed.</exception>
    public static AudioClip Read(string path, long start = 0, long? count = null)
    {
        using var stream = Open(path);
        return Read(stream, path, start, count);
    }

    /// <summary>Reads audio from a stream, or a range of it.</summary>
    /// <param name="stream">A stream of one whole audio file; all but WAV is copied to memory first when it cannot seek.</param>
    /// <param name="name">The name in error messages.</param>
    /// <param name="start">The first frame to read.</param>
    /// <param name="count">The number of frames, or null for all up to the end.</param>
    /// <returns>The samples at the scale of 16-bit integers.</returns>
    /// <exception cref="InputException">The audio is damaged, has no samples, is shorter than the range, or needs libsndfile, which
    /// is not installed.</exception>
    public static AudioClip Read(Stream stream, string name, long start = 0, long? count = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count ?? 0, nameof(count));
        using var copy = stream.CanSeek ? null : new MemoryStream();
        var input = new WaveInput.OfStream(stream, name);
        if (WaveHeader.TryRead(input, copy) is { Encoding: not WaveEncoding.Foreign } header)
            return WaveSamples.Read(input, header, start, count);

        if (copy is not null)
            stream.CopyTo(copy);

        return ReadForeign(copy ?? stream, name, start, count);
    }

    /// <summary>Writes a 16-bit FLAC file atomically.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="IOException">The file cannot be written; an older file is unchanged.</exception>
    public static void WriteFlac(string path, ReadOnlySpan<short> samples, int sampleRate, int channels = 1) =>
        Write(path, samples.ToArray(), (stream, all) => WriteFlac(stream, path, all, sampleRate, channels));

    /// <summary>Writes 16-bit FLAC to a seekable stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="name">The name in error messages.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void WriteFlac(
        Stream stream, string name, ReadOnlySpan<short> samples, int sampleRate, int channels = 1)
    {
        WaveWriter.Check(samples, sampleRate, channels);
        using var sound = SoundStream.Write(stream, name, SndFile.Flac | SndFile.Pcm16, channels, sampleRate);
        sound.WriteFrames(samples);
        sound.Finish();
    }

    /// <summary>Writes a 16-bit WAV file atomically.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="samples">Interleaved samples.</param>
    /// <param name="sampleRate">In hertz.</param>
    /// <param name="channels">The number of channels.</param>
    /// <exception cref="IOException">The file cannot be written; an older file is unchanged.</exception>
    public static void WriteWav(string path, ReadOnlySpan<short> samples, int sampleRate, int channels = 1) =>
        Write(path, samples.ToArray(), (stream, all) => WaveWriter.Write(stream, path, all, sampleRate, channels));

    private static void Write(string path, short[] samples, Action<Stream, short[]> write) =>
        AtomicFile.Write(path, stream => write(stream, samples));

    private static AudioClip ReadForeign(Stream stream, string name, long start, long? count)
    {
        Rewind(stream, name);
        using var sound = SoundStream.Read(stream, name);
        var info = sound.Info;
        if (count is null)
            RequireSamples(info, name);

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

    private static void Rewind(Stream stream, string name)
    {
        if (stream.Length == 0)
            throw new InputException($"{name}: the file is empty; copy it again or leave it out.");

        stream.Position = 0;
    }

    private static void RequireSamples(SoundInfo info, string name)
    {
        if (info.Frames == 0)
            throw new InputException($"{name}: the recording has no samples; record it again or leave it out.");
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
                WaveSamples.Resize(channels, (int)Math.Min(frames, 2L * done));

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
                WaveSamples.Separate(block, channels, done);

            done += got;
        }

        return channels;
    }

}
