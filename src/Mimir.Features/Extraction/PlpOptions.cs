namespace Mimir.Features.Extraction;

/// <summary>
/// Options of <see cref="PlpExtractor"/>; names and defaults are those of Kaldi's compute-plp-feats.
/// </summary>
public sealed record PlpOptions : MelFeatureOptions
{
    /// <summary>Gets the order of linear prediction, 1 to 500. The default is 12.</summary>
    public int LpcOrder { get; init; } = 12;

    /// <summary>
    /// Gets the number of cepstra, the zeroth included; at most one more than <see cref="LpcOrder"/>. The default is 13.
    /// </summary>
    public int NumCeps { get; init; } = 13;

    /// <summary>Gets whether log energy stands in place of the zeroth cepstrum. The default is true.</summary>
    public bool UseEnergy { get; init; } = true;

    /// <summary>Gets the exponent of the compression from intensity to loudness, 0 or more. The default is 0.33333.</summary>
    public float CompressFactor { get; init; } = 0.33333f;

    /// <summary>Gets the constant Q of liftering, 1 + Q / 2 sin(pi i / Q); 0 turns it off. The default is 22.</summary>
    public int CepstralLifter { get; init; } = 22;

    /// <summary>Gets the factor of all cepstra, but not of log energy. The default is 1.</summary>
    public float CepstralScale { get; init; } = 1;

    /// <inheritdoc/>
    public override string Kind => "plp";

    /// <inheritdoc/>
    public override IFeatureExtractor CreateExtractor() => new PlpExtractor(this);
}
