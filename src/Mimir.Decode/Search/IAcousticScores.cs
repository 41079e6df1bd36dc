namespace Mimir.Decode.Search;

/// <summary>The acoustic scores of one utterance, as an acoustic model gives them.</summary>
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

    /// <summary>The log-likelihood of one pdf in one frame.</summary>
    float LogLikelihood(int frame, int pdf) => Frame(frame)[pdf];
}
