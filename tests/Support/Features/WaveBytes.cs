using System.Text;

namespace Mimir.Tests.Support;

/// <summary>Makes WAVs byte by byte.</summary>
internal static class WaveBytes
{
    public const ushort Pcm = 1;
    public const ushort Float = 3;
    public const ushort ALaw = 6;
    public const ushort MuLaw = 7;

    /// <summary>A whole file; sizes that are null are true.</summary>
    public static byte[] Of(
        ushort tag, int bits, int channels, byte[] data, uint? dataSize = null, uint? riffSize = null, byte[]? between = null,
        int rate = 8000)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        between ??= [];
        writer.Write("RIFF"u8);
        writer.Write(riffSize ?? (uint)(36 + between.Length + data.Length));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write(tag);
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((ushort)(channels * bits / 8));
        writer.Write((ushort)bits);
        writer.Write(between);
        writer.Write("data"u8);
        writer.Write(dataSize ?? (uint)data.Length);
        writer.Write(data);
        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>A chunk without a byte that would make its length even.</summary>
    public static byte[] Chunk(string id, params byte[] content) =>
        [.. Encoding.ASCII.GetBytes(id), .. BitConverter.GetBytes(content.Length), .. content];
}
