namespace Mimir.Features.Extraction;

/// <summary>An utterance whose features are wanted.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Audio">An audio file, or another extended file name (an archive with an offset).</param>
/// <param name="Start">Where the utterance begins in the audio, in seconds; null for the beginning.</param>
/// <param name="End">Where it ends, in seconds; null for the end.</param>
/// <param name="Channel">The channel, from 0.</param>
/// <param name="VtlnWarp">The factor of the vocal-tract warp; 1 for none.</param>
public sealed record FeatureRequest(
    string Utterance, string Audio, double? Start = null, double? End = null, int Channel = 0, float VtlnWarp = 1)
{
    /// <summary>Gets the factor of speed it is played at; null, the default, where augmentation draws it.</summary>
    public double? Speed { get; init; }
}
