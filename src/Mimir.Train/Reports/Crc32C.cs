using System.Numerics;

namespace Mimir.Train.Reports;

/// <summary>The checksum of TFRecord files: CRC-32C (Castagnoli), rotated and offset.</summary>
internal static class Crc32C
{
    private const uint MaskOffset = 0xA282EAD8;

    /// <summary>The plain CRC-32C.</summary>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>The CRC-32C as TFRecord stores it, so that a checksum over data with checksums in it stays sound.</summary>
    public static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Of(data), 15) + MaskOffset;
}
