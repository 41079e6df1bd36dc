namespace Mimir.Features.Extraction;

/// <summary>
/// Options of <see cref="FbankExtractor"/>; names and defaults are those of Kaldi's compute-fbank-feats.
/// </summary>
public sealed record FbankOptions : MelFeatureOptions
{
    /// <summary>Gets whether log energy is added: first, or last with htk-compat. The default is false.</summary>
    public bool UseEnergy { get; init; }

    /// <summary>Gets whether the logarithm of the filters is taken. The default is true.</summary>
    public bool UseLogFbank { get; init; } = true;

    /// <summary>
    /// Gets whether the filters see the power spectrum, otherwise its square root. The default is true.
    /// </summary>
    public bool UsePower { get; init; } = true;

    /// <inheritdoc/>
    public override string Kind => "fbank";

    /// <inheritdoc/>
    public override IFeatureExtractor CreateExtractor() => new FbankExtractor(this);
}
