namespace Mimir.Features.Extraction;

/// <summary>
/// Options of <see cref="SpectrogramExtractor"/>; names and defaults are those of Kaldi's
/// compute-spectrogram-feats.
/// </summary>
public sealed record SpectrogramOptions : FeatureOptions
{
    /// <summary>Gets whether the transform itself is given, in Kaldi's packed order. The default is false.</summary>
    public bool ReturnRawFft { get; init; }

    /// <inheritdoc/>
    public override string Kind => "spectrogram";

    /// <inheritdoc/>
    public override IFeatureExtractor CreateExtractor() => new SpectrogramExtractor(this);
}
