using System.Numerics.Tensors;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives.Compression;

/// <summary>
/// Sums a vector over a group with fewer bytes on the wire: each worker sends every other its part, encoded; the owner
/// of a part decodes and sums them in order, encodes the sum and sends it to all. The residual of an encoding is kept and
/// added before the next one, on both ways (error feedback).
/// </summary>
/// <remarks>
/// An instance keeps the residuals of one vector, so a vector that is summed again and again, as a bucket of
/// gradients, has an instance of its own. All workers get the same bits. After Seide et al. 2014, section 3.
/// </remarks>
public sealed class CompressedAllReduce
{
    private readonly GroupChannel _channel;
    private readonly IGradientCodec _codec;
    private readonly float[] _contributions;
    private readonly float[] _sums;
    private readonly float[] _work;
    private readonly float[] _decoded;
    private readonly byte[] _bytes;

    /// <summary>Prepares the sums of one vector.</summary>
    /// <param name="transport">Joins the workers.</param>
    /// <param name="group">The members.</param>
    /// <param name="codec">Encodes the vector.</param>
    /// <param name="length">The elements of the vector.</param>
    /// <param name="channel">The channel of the transport; nobody else uses it at the same time.</param>
    public CompressedAllReduce(ITransport transport, WorkerGroup group, IGradientCodec codec, int length, int channel = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _channel = new(transport, group, channel);
        _codec = codec;
        var longest = (length + group.Size - 1) / group.Size;
        var (begin, end) = Parts.Of(length, group.Size, _channel.Index);
        _contributions = new float[codec.NeedsFeedback ? length : 0];
        _sums = new float[codec.NeedsFeedback ? end - begin : 0];
        _work = new float[longest];
        _decoded = new float[longest];
        _bytes = new byte[codec.Bytes(longest)];
        Length = length;
    }

    /// <summary>Gets the elements of the vector.</summary>
    public int Length { get; }

    /// <summary>Gets the residuals of the own vector, by element; empty when the codec needs no feedback. For checkpoints.</summary>
    public Span<float> LostContributions => _contributions;

    /// <summary>Gets the residuals of the sums of the own part; empty when the codec needs no feedback. For checkpoints.</summary>
    public Span<float> LostSums => _sums;

    /// <summary>Replaces a vector with its sum over the group, in place.</summary>
    /// <param name="values"><see cref="Length"/> elements.</param>
    /// <exception cref="PeerLostException">A member is gone.</exception>
    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public void Sum(Span<float> values)
    {
        if (values.Length != Length)
            throw new ArgumentException($"expected {Length} elements, got {values.Length}", nameof(values));

        var (size, index) = (_channel.Size, _channel.Index);
        if (size == 1)
            return;

        for (var step = 1; step < size; step++)
        {
            var peer = (index + step) % size;
            _channel.Send(peer, Encode(Part(values, peer), Lost(_contributions, peer)));
        }

        // The own contribution is rounded like the others', so that the sum does not depend on who owns the part.
        var own = Part(values, index);
        var sum = _work.AsSpan(0, own.Length);
        var ownLost = Lost(_contributions, index);
        for (var member = 0; member < size; member++)
        {
            ReadOnlySpan<byte> bytes;
            if (member == index)
            {
                bytes = Encode(own, ownLost);
            }
            else
            {
                _channel.Receive(member, Buffer(own.Length));
                bytes = Buffer(own.Length);
            }

            var part = _decoded.AsSpan(0, own.Length);
            _codec.Decode(bytes, part);
            if (member == 0)
                part.CopyTo(sum);
            else
                TensorPrimitives.Add(part, sum, sum);
        }

        sum.CopyTo(own);
        var encoded = Encode(own, _sums);
        for (var step = 1; step < size; step++)
            _channel.Send((index + step) % size, encoded);

        _codec.Decode(encoded, own);
        for (var member = 0; member < size; member++)
        {
            if (member == index)
                continue;

            var part = Part(values, member);
            _channel.Receive(member, Buffer(part.Length));
            _codec.Decode(Buffer(part.Length), part);
        }
    }

    private Span<float> Part(Span<float> values, int member) => Parts.Around(values, _channel.Size, member);

    private Span<float> Lost(float[] lost, int member) => lost.Length == 0 ? [] : Part(lost, member);

    private Span<byte> Buffer(int length) => _bytes.AsSpan(0, _codec.Bytes(length));

    /// <summary>Encodes elements plus their residuals, and keeps the new residuals. The elements become those that were encoded.</summary>
    private Span<byte> Encode(Span<float> values, Span<float> lost)
    {
        var bytes = Buffer(values.Length);
        if (lost.Length == 0)
        {
            _codec.Encode(values, bytes);
            return bytes;
        }

        TensorPrimitives.Add(values, lost, values);
        _codec.Encode(values, bytes);
        var decoded = _decoded.AsSpan(0, values.Length);
        _codec.Decode(bytes, decoded);
        TensorPrimitives.Subtract(values, decoded, lost);
        return bytes;
    }
}
