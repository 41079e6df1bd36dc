namespace Mimir.Features.Extraction;

/// <summary>
/// Options of <see cref="MfccExtractor"/>; names and defaults are those of Kaldi's compute-mfcc-feats.
/// </summary>
public sealed record MfccOptions : MelFeatureOptions
{
    /// <summary>
    /// Gets the number of cepstra, the zeroth included; at most the number of mel bins. The default is 13.
    /// </summary>
    public int NumCeps { get; init; } = 13;

    /// <summary>Gets whether log energy stands in place of the zeroth cepstrum. The default is true.</summary>
    public bool UseEnergy { get; init; } = true;

    /// <summary>Gets the constant Q of liftering, 1 + Q / 2 sin(pi i / Q); 0 turns it off. The default is 22.</summary>
    public float CepstralLifter { get; init; } = 22;

    /// <inheritdoc/>
    public override string Kind => "mfcc";

    /// <inheritdoc/>
    public override IFeatureExtractor CreateExtractor() => new MfccExtractor(this);
}
