using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;

namespace Mimir.KaldiTools.Nnetbin.Frames;

/// <summary>An utterance with its targets, all of the same number of frames up to <see cref="Weights"/>' length.</summary>
/// <param name="Key">The utterance.</param>
/// <param name="Features"><c>[T, D]</c>, T at least the frames that are used.</param>
/// <param name="Targets">The targets of each frame, at least as many.</param>
/// <param name="Weights">The weight of each frame that is used, none negative.</param>
internal sealed record TrainingUtterance(string Key, FloatMatrix Features, Posterior Targets, float[] Weights)
{
    /// <summary>Gets the number of frames that are used.</summary>
    public int Frames => Weights.Length;

    /// <summary>The features of the frames that are used, <c>[Frames, D]</c>.</summary>
    public FloatMatrix UsedFeatures() => Frames == Features.Rows
        ? Features
        : new(Frames, Features.Columns, Features.Data[..(Frames * Features.Columns)]);
}
