namespace Mimir.Train.Runs;

/// <summary>Which network a decoding run takes.</summary>
public sealed record DecodingRunOptions
{
    /// <summary>Gets Kaldi nnet1 files, in the order in which frames pass through them; empty takes the run's own model.</summary>
    public IReadOnlyList<string> Nnet1 { get; init; } = [];

    /// <summary>Gets the class counts for the priors of an nnet1 network, as analyze-counts writes them.</summary>
    public string? Counts { get; init; }
}
