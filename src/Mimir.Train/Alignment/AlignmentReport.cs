using Mimir.Decode.Alignment;
using Mimir.Kaldi.Alignments;

namespace Mimir.Train.Alignment;

/// <summary>A word of an aligned utterance with its confidence.</summary>
/// <param name="Segment">Its place.</param>
/// <param name="Confidence">The mean confidence of its frames, from 0 to 1.</param>
public sealed record ScoredWord(WordSegment Segment, float Confidence);

/// <summary>An aligned utterance with its words and confidences.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Path">Its alignment.</param>
/// <param name="Phones">Its phones.</param>
/// <param name="Words">Its words and the silences between them; empty where the lexicon does not give them.</param>
/// <param name="Confidences">The confidence of each frame, <c>[T]</c>.</param>
public sealed record ScoredAlignment(
    string Utterance, AlignedPath Path, IReadOnlyList<PhoneSegment> Phones, IReadOnlyList<ScoredWord> Words, float[] Confidences)
{
    private const int LeastSilence = 10;

    /// <summary>Gets the acoustic log-likelihood of a frame, in the mean.</summary>
    public float LogLikelihood => Path.LogLikelihoods.Average();

    /// <summary>
    /// Gets the word of the least confidence, or the silence: a silence of a tenth of a second counts too, since words that the
    /// transcript lacks are aligned with it. Null where there is neither.
    /// </summary>
    public ScoredWord? Weakest =>
        Words.Where(word => word.Segment.Word != 0 || word.Segment.Frames >= LeastSilence).MinBy(word => word.Confidence);

    /// <summary>
    /// Gets the score of the transcript, from 0 to 1: the confidence of its weakest word. One wrong word makes it low, however many
    /// right ones are around it.
    /// </summary>
    public float Score => Weakest?.Confidence ?? Mean(Confidences, 0, Confidences.Length);

    /// <summary>Gets the mean confidence of the frames of words, from 0 to 1.</summary>
    public float MeanConfidence
    {
        get
        {
            var spoken = Words.Where(word => word.Segment.Word != 0).ToList();
            var frames = spoken.Sum(word => word.Segment.Frames);
            return frames == 0 ? Confidences.Average() : spoken.Sum(word => word.Confidence * word.Segment.Frames) / frames;
        }
    }

    /// <summary>Puts words and confidences to an alignment.</summary>
    /// <param name="aligned">An utterance with a path.</param>
    /// <param name="path">Its path.</param>
    /// <param name="model">The transition model.</param>
    /// <param name="words">Finds the words.</param>
    /// <param name="confidence">Finds the confidences.</param>
    public static ScoredAlignment Of(
        AlignedUtterance aligned, AlignedPath path, TransitionModel model, WordSegmenter words, PhoneConfidence confidence)
    {
        var frames = confidence.Of(aligned.Request.Scores, path.Transitions);
        var phones = PhoneSegment.Split(path.Transitions, model);
        var segments = words.Split(phones, path.Words) ?? [];
        return new(
            aligned.Request.Utterance, path, phones,
            [.. segments.Select(segment => new ScoredWord(segment, Mean(frames, segment.FirstFrame, segment.Frames)))], frames);
    }

    /// <summary>The mean confidence of some frames.</summary>
    internal static float Mean(float[] frames, int first, int count) => count == 0 ? 0 : frames.AsSpan(first, count).ToArray().Average();
}
