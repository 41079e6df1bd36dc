using System.Runtime.InteropServices;

namespace Mimir.Dist.Collectives.Compression;

/// <summary>
/// One bit an element: its sign. Elements go in blocks; of each block the mean of those that are not negative and the
/// mean of the negative ones are written too, and stand for them.
/// </summary>
/// <remarks>F. Seide, H. Fu, J. Droppo, G. Li, D. Yu: 1-bit stochastic gradient descent, Interspeech 2014, section 3.</remarks>
public sealed class OneBitCodec : IGradientCodec
{
    private const int MeanBytes = 8;
    private readonly int _block;

    /// <summary>Makes the codec.</summary>
    /// <param name="block">The elements that share two means, a multiple of 8: 512 elements take 72 bytes instead of 2,048.</param>
    public OneBitCodec(int block = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(block, 8);
        if (block % 8 != 0)
            throw new ArgumentException($"expected a multiple of 8, got {block}", nameof(block));

        _block = block;
    }

    /// <inheritdoc/>
    public bool NeedsFeedback => true;

    /// <inheritdoc/>
    public int Bytes(int length) => (((length + _block - 1) / _block) * MeanBytes) + ((length + 7) / 8);

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<byte> target)
    {
        while (values.Length > 0)
        {
            var block = values[..Math.Min(_block, values.Length)];
            var means = MemoryMarshal.Cast<byte, float>(target[..MeanBytes]);
            var bits = target.Slice(MeanBytes, (block.Length + 7) / 8);
            Encode(block, means, bits);
            values = values[block.Length..];
            target = target[(MeanBytes + bits.Length)..];
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> source, Span<float> values)
    {
        while (values.Length > 0)
        {
            var block = values[..Math.Min(_block, values.Length)];
            var means = MemoryMarshal.Cast<byte, float>(source[..MeanBytes]);
            var bits = source.Slice(MeanBytes, (block.Length + 7) / 8);
            for (var i = 0; i < block.Length; i++)
                block[i] = means[(bits[i >> 3] >> (i & 7)) & 1];

            values = values[block.Length..];
            source = source[(MeanBytes + bits.Length)..];
        }
    }

    private static void Encode(ReadOnlySpan<float> block, Span<float> means, Span<byte> bits)
    {
        float below = 0, above = 0;
        var negative = 0;
        bits.Clear();
        for (var i = 0; i < block.Length; i++)
        {
            var value = block[i];
            if (value < 0)
            {
                below += value;
                negative++;
            }
            else
            {
                // A NaN comes here and makes the mean NaN, so that it is not hidden.
                above += value;
                bits[i >> 3] |= (byte)(1 << (i & 7));
            }
        }

        means[0] = negative > 0 ? below / negative : 0;
        means[1] = negative < block.Length ? above / (block.Length - negative) : 0;
    }
}
