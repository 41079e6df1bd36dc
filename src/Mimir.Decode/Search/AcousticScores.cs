namespace Mimir.Decode.Search;

/// <summary>The acoustic scores of one utterance.</summary>
public interface IAcousticScores
{
    /// <summary>Gets the number of frames.</summary>
    int Frames { get; }

    /// <summary>Gets the number of pdfs (senones) of every frame.</summary>
    int Pdfs { get; }

    /// <summary>
    /// The log-likelihoods of one frame, <see cref="Pdfs"/> of them, up to a constant of the frame: log-posteriors less
    /// log-priors for a network, or the outputs before its softmax less log-priors. Not scaled by the acoustic scale.
    /// </summary>
    ReadOnlySpan<float> Frame(int frame);

    /// <summary>
    /// The log-likelihood of one pdf in one frame. Searches that need few pdfs of a frame ask for them one by one; where scores are
    /// costly, an implementation computes only what is asked for.
    /// </summary>
    float Score(int frame, int pdf) => Frame(frame)[pdf];
}

/// <summary>Acoustic scores in a matrix <c>[T, P]</c>, T frames of P pdfs, row after row.</summary>
public sealed class MatrixScores : IAcousticScores
{
    private readonly ReadOnlyMemory<float> _values;

    /// <summary>Wraps a matrix of log-likelihoods without copying it.</summary>
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
