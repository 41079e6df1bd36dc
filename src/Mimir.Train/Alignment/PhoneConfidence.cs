using System.Numerics.Tensors;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;

namespace Mimir.Train.Alignment;

/// <summary>
/// The confidence of a frame: the network's posterior of the phone that the frame is aligned with, in any state and context. A frame
/// of another sound than the text says has one near 0.
/// </summary>
public sealed class PhoneConfidence
{
    private readonly TransitionModel _model;
    private readonly float[] _logPriors;
    private readonly Dictionary<int, int[]> _pdfsOf;

    /// <summary>Prepares the classes of each phone.</summary>
    /// <param name="model">The transition model.</param>
    /// <param name="logPriors">The logarithms of the priors that were subtracted from the network's outputs.</param>
    public PhoneConfidence(TransitionModel model, IReadOnlyList<float> logPriors)
    {
        (_model, _logPriors) = (model, [.. logPriors]);
        _pdfsOf = model.Tuples
            .GroupBy(tuple => tuple.Phone, tuple => (int[])[tuple.ForwardPdf, tuple.SelfLoopPdf])
            .ToDictionary(phone => phone.Key, phone => phone.SelectMany(pdfs => pdfs).Distinct().ToArray());
    }

    /// <summary>Computes the confidences of an alignment.</summary>
    /// <param name="scores">The log-likelihoods.</param>
    /// <param name="transitions">The transition-id of each frame, <c>[T]</c>.</param>
    /// <returns>The confidence of each frame from 0 to 1, <c>[T]</c>.</returns>
    public float[] Of(IAcousticScores scores, int[] transitions)
    {
        var confidences = new float[transitions.Length];
        var posteriors = new float[scores.Pdfs];
        for (var frame = 0; frame < confidences.Length; frame++)
        {
            // A class without a frame in training has no likelihood, whatever its prior.
            TensorPrimitives.Add(scores.Frame(frame), _logPriors, posteriors);
            foreach (ref var value in posteriors.AsSpan())
                value = float.IsFinite(value) ? value : float.MinValue;

            TensorPrimitives.SoftMax(posteriors, posteriors);
            var sum = 0f;
            foreach (var pdf in _pdfsOf[_model.PhoneOf(transitions[frame])])
                sum += posteriors[pdf];

            confidences[frame] = Math.Min(sum, 1);
        }

        return confidences;
    }
}
