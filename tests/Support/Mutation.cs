using System.Text;

namespace Mimir.Tests.Support;

/// <summary>Damages bytes as disks, networks and editors do: changed, lost, doubled and cut.</summary>
public static class Mutation
{
    private static readonly byte[][] Words =
    [
        [255, 255, 255, 127], [255, 255, 255, 255], [0, 0, 0, 128], [0, 0, 0, 0], [255, 255, 255, 255, 255, 255, 255, 127],
        [0, 0, 192, 127], [0, 0, 128, 127], .. new[]
        {
            "-1", "2147483647", "99999999999999999999", "nan", "-inf", "1e39", "\n", " ", "]", "[", "\0B", "\r\n", ":",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>One to three damages at random places; never an empty file's worth of nothing to read.</summary>
    public static byte[] Of(byte[] whole, Random random)
    {
        var bytes = whole.ToList();
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
            Damage(bytes, random.Next(bytes.Count), random);

        return [.. bytes];
    }

    private static void Damage(List<byte> bytes, int at, Random random)
    {
        switch (random.Next(9))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                break;
            case 3:
                bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                break;
            case 4:
                Overwrite(bytes, at, Words[random.Next(Words.Length)]);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 64), bytes.Count - at)));
                break;
            case 6:
                var from = random.Next(bytes.Count);
                Overwrite(bytes, at, bytes.GetRange(from, Math.Min(random.Next(1, 32), bytes.Count - from)));
                break;
            case 7:
                bytes.RemoveRange(0, Math.Min(random.Next(1, 64), bytes.Count));
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    private static void Overwrite(List<byte> bytes, int at, IReadOnlyList<byte> with)
    {
        for (var i = 0; i < with.Count && at + i < bytes.Count; i++)
            bytes[at + i] = with[i];
    }
}
