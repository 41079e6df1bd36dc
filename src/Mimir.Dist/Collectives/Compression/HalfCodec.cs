using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Mimir.Dist.Collectives.Compression;

/// <summary>IEEE half precision: 2 bytes an element, 11 bits of precision.</summary>
/// <remarks>A value beyond 65,504 becomes 65,504 with its sign; infinities and NaN stay.</remarks>
public sealed class HalfCodec : IGradientCodec
{
    private const float Largest = 65_504;
    private const int Batch = 1024;

    /// <inheritdoc/>
    public bool NeedsFeedback => false;

    /// <inheritdoc/>
    public int Bytes(int length) => 2 * length;

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> values, Span<byte> target)
    {
        var halves = MemoryMarshal.Cast<byte, Half>(target);
        Span<float> bounded = stackalloc float[Batch];
        for (var begin = 0; begin < values.Length; begin += Batch)
        {
            var batch = values.Slice(begin, Math.Min(Batch, values.Length - begin));
            for (var i = 0; i < batch.Length; i++)
                bounded[i] = float.IsFinite(batch[i]) ? Math.Clamp(batch[i], -Largest, Largest) : batch[i];

            TensorPrimitives.ConvertToHalf(bounded[..batch.Length], halves.Slice(begin, batch.Length));
        }
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> source, Span<float> values) =>
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), values);
}
