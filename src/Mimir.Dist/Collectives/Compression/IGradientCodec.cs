namespace Mimir.Dist.Collectives.Compression;

/// <summary>Encodes floats in fewer bytes. A pure function: the caller keeps the residuals.</summary>
public interface IGradientCodec
{
    /// <summary>True when residuals must be added to the next vector, since training would not converge otherwise.</summary>
    bool NeedsFeedback { get; }

    /// <summary>The bytes that some elements take.</summary>
    /// <param name="length">The elements.</param>
    int Bytes(int length);

    /// <summary>Writes elements.</summary>
    /// <param name="values">The elements.</param>
    /// <param name="target">Exactly <see cref="Bytes"/> bytes.</param>
    void Encode(ReadOnlySpan<float> values, Span<byte> target);

    /// <summary>Reads elements.</summary>
    /// <param name="source">Exactly <see cref="Bytes"/> bytes.</param>
    /// <param name="values">The elements, filled whole.</param>
    void Decode(ReadOnlySpan<byte> source, Span<float> values);
}
