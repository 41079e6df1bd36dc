using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mimir.Base;
using NAudio.Codecs;

namespace Mimir.Features.Audio;

/// <summary>Decodes the samples of a WAV to the scale of 16-bit integers, with libsndfile's bits and without it.</summary>
internal static class WaveSamples
{
    private const int BlockBytes = 1 << 16;

    private static readonly float[] Bytes = Table(b => (b - 128) * 256f);
    private static readonly float[] ALaw = Table(b => ALawDecoder.ALawToLinearSample(b));

    // G.711 has two codes for zero; NAudio's table says -1 for that of the negative zero.
    private static readonly float[] MuLaw = Table(b => b == 0x7F ? 0 : MuLawDecoder.MuLawToLinearSample(b));

    /// <summary>Returns what can be said of samples that are not read.</summary>
    /// <param name="input">An input of known length, in front of the samples.</param>
    /// <param name="header">The header.</param>
    public static AudioInfo Info(WaveInput input, WaveHeader header)
    {
        var bytes = Math.Min(header.DataBytes, input.Remaining ?? 0);
        var frames = bytes / header.Format.BlockAlign;
        return frames == 0
            ? throw Empty(input)
            : new AudioInfo(frames, header.Format.Channels, header.Format.SampleRate) { Warning = Truncated(input, header, bytes) };
    }

    /// <summary>Reads samples.</summary>
    /// <param name="input">An input in front of the samples; after a call without a count, it stands behind them.</param>
    /// <param name="header">The header; its encoding is not foreign.</param>
    /// <param name="start">The first frame.</param>
    /// <param name="count">The number of frames; null for all up to the end.</param>
    /// <exception cref="InputException">There are fewer frames or none, or a sample is not a finite number.</exception>
    public static AudioClip Read(WaveInput input, WaveHeader header, long start, long? count)
    {
        var frameBytes = header.Format.BlockAlign;
        var there = Math.Min(header.DataBytes, input.Remaining ?? long.MaxValue);
        var limit = there / frameBytes;
        var known = input.Remaining is not null;
        if (start + (count ?? 0) > limit)
            throw Outside(input, start, count, limit);

        var frames = Math.Min(count ?? long.MaxValue, limit - start);
        if (known && frames > Array.MaxLength)
            throw input.Error($"{frames} frames are more than fit into memory; read it by segments.");

        input.Skip(start * frameBytes);
        var room = (int)Math.Min(frames, known ? int.MaxValue : Math.Max(1, (1 << 20) / frameBytes));
        var channels = Enumerable.Range(0, header.Format.Channels).Select(_ => new float[room]).ToArray();
        var (done, bytes) = Fill(input, header, start, frames, channels);
        if (done < frames && count is not null)
            throw Outside(input, start, count, start + done);
        if (count is null && start + done == 0)
            throw Empty(input);

        // A part of a frame is not used.
        var read = (start * frameBytes) + bytes;
        if (count is null && done == frames)
            input.Skip(header.DataBytes == long.MaxValue ? 0 : Math.Max(0, header.DataBytes - read));

        var ended = known ? there : done < frames ? read : long.MaxValue;
        return new AudioClip(channels, header.Format.SampleRate) { Warning = Truncated(input, header, ended) };
    }

    // Returns the frames, and the bytes of which they were made; at the end of the input, with a part of a frame.
    private static (int Frames, long Bytes) Fill(WaveInput input, WaveHeader header, long start, long frames, float[][] channels)
    {
        var frameBytes = header.Format.BlockAlign;
        var blockFrames = Math.Max(1, BlockBytes / frameBytes);
        var block = ArrayPool<byte>.Shared.Rent(blockFrames * frameBytes);
        var interleaved = channels.Length == 1 ? [] : ArrayPool<float>.Shared.Rent(blockFrames * channels.Length);
        var (done, bytes) = (0, 0L);
        while (done < frames)
        {
            var wanted = (int)Math.Min(blockFrames, frames - done);
            var got = input.Read(block.AsSpan(0, wanted * frameBytes));
            var whole = got / frameBytes;
            if ((long)done + whole > Array.MaxLength)
                throw input.Error("there are more frames than fit into memory; read it by segments.");
            if (done + whole > channels[0].Length)
                Resize(channels, (int)Math.Min(frames, Math.Min(Array.MaxLength, 2L * (done + whole))));

            var samples = channels.Length == 1 ? channels[0].AsSpan(done, whole) : interleaved.AsSpan(0, whole * channels.Length);
            if (!TryConvert(header, block.AsSpan(0, whole * frameBytes), samples))
                throw input.Error($"a sample near frame {start + done} is not a finite number; make the file again.");
            if (channels.Length > 1)
                Separate(samples, channels, done);

            done += whole;
            bytes += got;
            if (whole < wanted)
                break;
        }

        if (interleaved.Length > 0)
            ArrayPool<float>.Shared.Return(interleaved);

        ArrayPool<byte>.Shared.Return(block);
        if (done < channels[0].Length)
            Resize(channels, done);

        return (done, bytes);
    }

    internal static bool TryConvert(WaveHeader header, Span<byte> bytes, Span<float> samples)
    {
        if (header.BigEndian)
            Swap(bytes, header.Format.BitsPerSample / 8);

        switch (header.Encoding)
        {
            case WaveEncoding.Pcm16:
                FromShorts(MemoryMarshal.Cast<byte, short>(bytes), samples);
                return true;
            case WaveEncoding.Pcm24:
                FromTriples(bytes, samples);
                return true;
            case WaveEncoding.Pcm32:
                FromIntegers(MemoryMarshal.Cast<byte, int>(bytes), samples);
                return true;
            case WaveEncoding.Float32:
                MemoryMarshal.Cast<byte, float>(bytes).CopyTo(samples);
                return TryScale(samples);
            case WaveEncoding.Float64:
                FromDoubles(MemoryMarshal.Cast<byte, double>(bytes), samples);
                return TryScale(samples);
            default:
                LookUp(header.Encoding switch { WaveEncoding.Pcm8 => Bytes, WaveEncoding.ALaw => ALaw, _ => MuLaw }, bytes, samples);
                return true;
        }
    }

    // Loops over all samples are compiled with optimisation at once: a short program ends before the runtime would do it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromShorts(ReadOnlySpan<short> source, Span<float> target)
    {
        var width = Vector<short>.Count;
        var i = 0;
        for (; i <= source.Length - width; i += width)
        {
            Vector.Widen(new Vector<short>(source[i..]), out var low, out var high);
            Vector.ConvertToSingle(low).CopyTo(target[i..]);
            Vector.ConvertToSingle(high).CopyTo(target[(i + (width / 2))..]);
        }

        for (; i < source.Length; i++)
            target[i] = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromTriples(ReadOnlySpan<byte> source, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = (source[3 * i] | (source[(3 * i) + 1] << 8) | ((sbyte)source[(3 * i) + 2] << 16)) / 256f;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromIntegers(ReadOnlySpan<int> source, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = source[i] / 65536f;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromDoubles(ReadOnlySpan<double> source, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = (float)source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LookUp(float[] table, ReadOnlySpan<byte> source, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] = table[source[i]];
    }

    private static bool TryScale(Span<float> samples)
    {
        if (!float.IsFinite(TensorPrimitives.Sum<float>(samples)))
            return false;

        TensorPrimitives.Multiply(samples, 32768f, samples);
        return true;
    }

    private static void Swap(Span<byte> bytes, int width)
    {
        for (var i = 0; width > 1 && i < bytes.Length; i += width)
            bytes.Slice(i, width).Reverse();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Separate(ReadOnlySpan<float> interleaved, float[][] channels, int start)
    {
        for (var c = 0; c < channels.Length; c++)
        {
            var target = channels[c].AsSpan(start, interleaved.Length / channels.Length);
            for (var i = 0; i < target.Length; i++)
                target[i] = interleaved[(i * channels.Length) + c];
        }
    }

    internal static void Resize(float[][] channels, int room)
    {
        foreach (ref var channel in channels.AsSpan())
            Array.Resize(ref channel, room);
    }

    private static float[] Table(Func<byte, float> decode) => [.. Enumerable.Range(0, 256).Select(code => decode((byte)code))];

    private static string? Truncated(WaveInput input, WaveHeader header, long bytes) =>
        header.IsStreamed || bytes >= header.DataBytes
            ? null
            : input.Error($"expected {header.DataBytes} bytes of wave data, but read only {bytes} bytes. Truncated file?").Message;

    private static InputException Empty(WaveInput input) => input.Error("the recording has no samples; record it again or leave it out.");

    private static InputException Outside(WaveInput input, long start, long? count, long frames) => input.Error(
        $"frames {start} to {start + (count ?? 0)} were asked for, the file has {frames}; check the segment's times.");
}
