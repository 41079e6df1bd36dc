using System.Buffers.Binary;
using NAudio.Wave;

namespace Mimir.Features.Audio;

/// <summary>The encodings of samples that need no native library.</summary>
internal enum WaveEncoding
{
    /// <summary>Another one, which is libsndfile's.</summary>
    Foreign,

    /// <summary>Integers of 8 bits, unsigned.</summary>
    Pcm8,

    /// <summary>Integers of 16 bits.</summary>
    Pcm16,

    /// <summary>Integers of 24 bits.</summary>
    Pcm24,

    /// <summary>Integers of 32 bits.</summary>
    Pcm32,

    /// <summary>Single precision.</summary>
    Float32,

    /// <summary>Double precision.</summary>
    Float64,

    /// <summary>A-law of G.711.</summary>
    ALaw,

    /// <summary>Mu-law of G.711.</summary>
    MuLaw,
}

/// <summary>The head of a WAV, in front of its samples (<c>RIFF</c>, big-endian <c>RIFX</c>, and <c>RF64</c> of EBU Tech 3306).</summary>
/// <param name="Format">The format chunk; its numbers are those of this machine.</param>
/// <param name="Encoding">The encoding of the samples.</param>
/// <param name="BigEndian">True for samples whose first byte is the highest.</param>
/// <param name="DataBytes">The most bytes that the samples can have.</param>
/// <param name="IsStreamed">True where a program wrote to a pipe and did not know the number of bytes: all up to the end.</param>
internal sealed record WaveHeader(WaveFormat Format, WaveEncoding Encoding, bool BigEndian, long DataBytes, bool IsStreamed)
{
    /// <summary>The most channels of a file; libsndfile's limit.</summary>
    internal const int MaxChannels = 1024;

    // Programs that do not know the length write 0x7FFFF000 (sox), 0x7FFFFFFF, 0xFFFFFFFF (ffmpeg), or such a number less a header
    // or a part of a frame.
    private const uint LeastPlaceholder = 0x7FFF0000;

    // The sub-format of an extensible format is an encoding in front of these bytes.
    private static ReadOnlySpan<byte> SubFormatTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Reads up to the first sample.</summary>
    /// <param name="input">The input, at its begin.</param>
    /// <param name="copy">Receives all bytes that are read, or null.</param>
    /// <returns>Null for what is not a WAV; 12 bytes of it are read.</returns>
    /// <exception cref="Mimir.Base.InputException">The WAV is damaged.</exception>
    public static WaveHeader? TryRead(WaveInput input, MemoryStream? copy)
    {
        Span<byte> head = stackalloc byte[12];
        var got = input.Read(head);
        copy?.Write(head[..got]);
        if (got < head.Length || !head[8..].SequenceEqual("WAVE"u8))
            return null;

        var bigEndian = head[..4].SequenceEqual("RIFX"u8);
        if (!bigEndian && !head[..4].SequenceEqual("RIFF"u8) && !head[..4].SequenceEqual("RF64"u8))
            return null;

        var chunks = new Chunks(input, bigEndian, copy);
        WaveFormat? format = null;
        long? longSize = null;
        while (true)
        {
            var (id, size) = chunks.Next();
            if (id.SequenceEqual("data"u8))
            {
                return Create(
                    format ?? throw input.Error("expected a 'fmt ' chunk in front of the samples of the WAV; make the file again."),
                    bigEndian,
                    longSize,
                    size,
                    Number(head[4..], bigEndian),
                    input);
            }

            if (id.SequenceEqual("fmt "u8))
                format = ReadFormat(chunks.Content(size, atLeast: 16), bigEndian);
            else if (id.SequenceEqual("ds64"u8) && head[..4].SequenceEqual("RF64"u8))
                longSize = BinaryPrimitives.ReadInt64LittleEndian(chunks.Content(size, atLeast: 24).AsSpan(8));
            else
                chunks.Skip(size);
        }
    }

    private static WaveHeader Create(
        WaveFormat format, bool bigEndian, long? longSize, uint size, uint riffSize, WaveInput input)
    {
        if (format.Channels is < 1 or > MaxChannels || format.SampleRate < 1)
        {
            throw input.Error(
                $"expected 1 to {MaxChannels} channels and a rate above 0 in the header of the WAV, got {format.Channels} and "
                + $"{format.SampleRate} Hz; make the file again.");
        }

        var encoding = EncodingOf(format);
        if (longSize is >= 0 && size == uint.MaxValue)
            return new WaveHeader(format, encoding, bigEndian, longSize.Value, IsStreamed: false);

        // As in Kaldi, a RIFF chunk without a length says the same of its samples.
        if (size == 0 || (longSize is null && riffSize is 0 or uint.MaxValue))
            return new WaveHeader(format, encoding, bigEndian, long.MaxValue, IsStreamed: true);

        return new WaveHeader(format, encoding, bigEndian, size, IsStreamed: size >= LeastPlaceholder);
    }

    private static WaveFormat ReadFormat(byte[] chunk, bool bigEndian)
    {
        if (bigEndian)
            SwapFormat(chunk);

        // NAudio reads pairs of bytes.
        using var reader = new BinaryReader(new MemoryStream(chunk));
        return WaveFormat.FromFormatChunk(reader, chunk.Length & ~1);
    }

    // The fields have 2, 2, 4, 4, 2 and 2 bytes; those of an extensible format 2, 2, 4, and the number of its encoding 4, 2 and 2.
    private static void SwapFormat(byte[] chunk)
    {
        var at = 0;
        foreach (var width in (ReadOnlySpan<int>)[2, 2, 4, 4, 2, 2, 2, 2, 4, 4, 2, 2])
        {
            if (at + width > chunk.Length)
                return;

            chunk.AsSpan(at, width).Reverse();
            at += width;
        }
    }

    private static WaveEncoding EncodingOf(WaveFormat format)
    {
        var tag = format.Encoding;
        if (tag == WaveFormatEncoding.Extensible)
        {
            if (format is not WaveFormatExtraData { ExtraSize: >= 22 } extra || !extra.ExtraData.AsSpan(8, 14).SequenceEqual(SubFormatTail))
                return WaveEncoding.Foreign;

            tag = (WaveFormatEncoding)BinaryPrimitives.ReadUInt16LittleEndian(extra.ExtraData.AsSpan(6));
        }

        var encoding = (tag, format.BitsPerSample) switch
        {
            (WaveFormatEncoding.Pcm, 8) => WaveEncoding.Pcm8,
            (WaveFormatEncoding.Pcm, 16) => WaveEncoding.Pcm16,
            (WaveFormatEncoding.Pcm, 24) => WaveEncoding.Pcm24,
            (WaveFormatEncoding.Pcm, 32) => WaveEncoding.Pcm32,
            (WaveFormatEncoding.IeeeFloat, 32) => WaveEncoding.Float32,
            (WaveFormatEncoding.IeeeFloat, 64) => WaveEncoding.Float64,
            (WaveFormatEncoding.ALaw, 8) => WaveEncoding.ALaw,
            (WaveFormatEncoding.MuLaw, 8) => WaveEncoding.MuLaw,
            _ => WaveEncoding.Foreign,
        };
        return (ushort)format.BlockAlign == format.Channels * format.BitsPerSample / 8 ? encoding : WaveEncoding.Foreign;
    }

    private static uint Number(ReadOnlySpan<byte> bytes, bool bigEndian) => bigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <summary>The chunks of a WAV in their order.</summary>
    private sealed class Chunks(WaveInput input, bool bigEndian, MemoryStream? copy)
    {
        // Formats and tables of sizes are far shorter.
        private const int MaxContent = 1 << 16;

        private readonly byte[] _head = new byte[8];
        private bool _padded;

        /// <summary>Reads the name and the length of the next chunk.</summary>
        public (byte[] Id, uint Size) Next()
        {
            Fill(_head);

            // A chunk of odd length has a zero behind it, which some programs forget.
            if (_padded && _head[0] == 0)
            {
                _head.AsSpan(1).CopyTo(_head);
                Fill(_head.AsSpan(7));
            }

            var size = Number(_head.AsSpan(4), bigEndian);
            _padded = size % 2 == 1;
            return (_head[..4], size);
        }

        public byte[] Content(uint size, int atLeast)
        {
            if (size < atLeast || size > MaxContent)
                throw input.Error($"expected {atLeast} bytes or more in a chunk of the WAV's header, got {size}; make the file again.");

            var content = new byte[size];
            Fill(content);
            return content;
        }

        public void Skip(uint size)
        {
            if (copy is null)
            {
                input.Skip(size);
                return;
            }

            var block = new byte[Math.Min(size, 1 << 16)];
            for (var left = size; left > 0;)
            {
                var step = (int)Math.Min(left, block.Length);
                Fill(block.AsSpan(0, step));
                left -= (uint)step;
            }
        }

        private void Fill(Span<byte> target)
        {
            if (input.Read(target) < target.Length)
                throw input.Error("the WAV ends in front of its samples; copy it again.");

            copy?.Write(target);
        }
    }
}
