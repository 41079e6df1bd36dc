namespace Mimir.Decode.Search;

/// <summary>Acoustic scores that lie in one matrix <c>[T, P]</c>, T frames of P pdfs, row after row.</summary>
public sealed class MatrixScores : IAcousticScores
{
    private readonly ReadOnlyMemory<float> _values;

    /// <summary>Takes a matrix of log-likelihoods without copying it.</summary>
    /// <exception cref="ArgumentException">The size is not frames times pdfs.</exception>
    public MatrixScores(ReadOnlyMemory<float> values, int frames, int pdfs)
    {
        if (frames < 0 || pdfs < 1 || values.Length != (long)frames * pdfs)
            throw new ArgumentException($"expected {frames} x {pdfs} values, got {values.Length}", nameof(values));

        (_values, Frames, Pdfs) = (values, frames, pdfs);
    }

    /// <inheritdoc/>
    public int Frames { get; }

    /// <inheritdoc/>
    public int Pdfs { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Frame(int frame) => _values.Span.Slice(frame * Pdfs, Pdfs);
}
