using System.Buffers.Binary;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Audio;

/// <summary>Reads and writes a WAV inside a stream; Kaldi's archives do not say where it ends.</summary>
internal static class WaveObject
{
    /// <summary>Reads one WAV at the position of a reader, which then is behind it.</summary>
    public static AudioClip Read(KaldiReader reader)
    {
        using var copy = new MemoryStream();
        var input = new WaveInput.OfReader(reader);
        var header = WaveHeader.TryRead(input, copy)
            ?? throw reader.Error("expected a WAV (RIFF) here; other formats are read from files of their own.");
        return header.Encoding == WaveEncoding.Foreign
            ? ReadForeign(input, header, copy, reader.Name)
            : WaveSamples.Read(input, header, 0, count: null);
    }

    /// <summary>Writes a WAV of 16-bit integers, with the shortest header.</summary>
    public static void Write(KaldiWriter writer, AudioClip clip) => writer.WriteRaw(WaveWriter.Write("the recording", clip));

    // A WAV of its own for libsndfile: its head with the lengths that it has here, and its samples.
    private static AudioClip ReadForeign(WaveInput input, WaveHeader header, MemoryStream wave, string name)
    {
        var head = (int)wave.Length;
        var block = new byte[1 << 16];
        for (var left = header.DataBytes; left > 0;)
        {
            var got = input.Read(block.AsSpan(0, (int)Math.Min(left, block.Length)));
            wave.Write(block.AsSpan(0, got));
            left = got < block.Length ? 0 : left - got;
        }

        Number(wave, 4, (uint)wave.Length - 8, header.BigEndian);
        Number(wave, head - 4, (uint)(wave.Length - head), header.BigEndian);
        wave.Position = 0;
        return SoundFile.Read(wave, name);
    }

    private static void Number(MemoryStream wave, int place, uint value, bool bigEndian)
    {
        var target = wave.GetBuffer().AsSpan(place);
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(target, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(target, value);
    }
}
