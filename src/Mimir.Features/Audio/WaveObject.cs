using System.Buffers.Binary;
using System.Text;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Audio;

/// <summary>Reads and writes a WAV inside a stream; Kaldi's archives do not say where it ends.</summary>
internal static class WaveObject
{
    // Placeholders of programs that write to a pipe and do not know the length.
    private static readonly uint[] UnknownLengths = [0, 0x7FFFFFFF, 0x7FFFFFFF - 36, 0xFFFFFFFF, 0xFFFFFFFF - 36];

    /// <summary>Reads one WAV at the position of a reader, which then is behind it.</summary>
    public static AudioClip Read(KaldiReader reader)
    {
        using var wave = new MemoryStream();
        Copy(reader, wave, 12);
        var head = wave.GetBuffer().AsSpan(0, 12);
        if (!head[..4].SequenceEqual("RIFF"u8) || !head[8..].SequenceEqual("WAVE"u8))
            throw reader.Error("expected a WAV (RIFF) here; other formats are read from files of their own.");

        while (CopyChunk(reader, wave) != "data")
        {
        }

        BinaryPrimitives.WriteUInt32LittleEndian(wave.GetBuffer().AsSpan(4), (uint)wave.Length - 8);
        wave.Position = 0;
        return SoundFile.Read(wave, reader.Name);
    }

    /// <summary>Writes a WAV of 16-bit integers, with the shortest header.</summary>
    public static void Write(KaldiWriter writer, AudioClip clip)
    {
        const int bytes = sizeof(short);
        var size = checked((uint)((long)clip.Length * clip.Channels * bytes));
        using var wave = new MemoryStream();
        using var head = new BinaryWriter(wave);
        head.Write("RIFF"u8);
        head.Write(36 + size);
        head.Write("WAVEfmt "u8);
        head.Write(16);
        head.Write((short)1);
        head.Write((short)clip.Channels);
        head.Write(clip.SampleRate);
        head.Write(clip.SampleRate * clip.Channels * bytes);
        head.Write((short)(clip.Channels * bytes));
        head.Write((short)(8 * bytes));
        head.Write("data"u8);
        head.Write(size);
        for (var i = 0; i < clip.Length; i++)
        {
            for (var channel = 0; channel < clip.Channels; channel++)
                head.Write((short)Math.Clamp(clip.Channel(channel)[i], short.MinValue, short.MaxValue));
        }

        head.Flush();
        writer.WriteRaw(wave.GetBuffer().AsSpan(0, (int)wave.Length));
    }

    // Copies a chunk and corrects its length.
    private static string CopyChunk(KaldiReader reader, MemoryStream wave)
    {
        var start = (int)wave.Length;
        Copy(reader, wave, 8);
        var id = Encoding.ASCII.GetString(wave.GetBuffer(), start, 4);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(wave.GetBuffer().AsSpan(start + 4));
        if (id == "data" && UnknownLengths.Contains(size))
        {
            CopyToEnd(reader, wave);
            size = (uint)(wave.Length - start - 8);
            BinaryPrimitives.WriteUInt32LittleEndian(wave.GetBuffer().AsSpan(start + 4), size);
            return id;
        }

        Copy(reader, wave, id == "data" ? size : size + (size & 1));
        return id;
    }

    // In small steps, so that a wrong length costs no memory.
    private static void Copy(KaldiReader reader, MemoryStream wave, long count)
    {
        var block = new byte[Math.Min(count, 1 << 16)];
        for (var left = count; left > 0; left -= block.Length)
        {
            if (left < block.Length)
                block = new byte[left];

            reader.ReadBytes(block);
            wave.Write(block);
        }
    }

    private static void CopyToEnd(KaldiReader reader, MemoryStream wave)
    {
        while (reader.Peek() >= 0)
            wave.WriteByte((byte)reader.ReadByte());
    }
}
