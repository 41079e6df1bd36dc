namespace Mimir.Train.Runs;

/// <summary>Options of decoding without training.</summary>
public sealed record DecodingRunOptions
{
    /// <summary>Kaldi nnet1 files, in the order in which frames pass through them; empty for the run's own model.</summary>
    public IReadOnlyList<string> Nnet1 { get; init; } = [];

    /// <summary>The class counts for the priors of an nnet1 network, as analyze-counts writes them.</summary>
    public string? Counts { get; init; }

    /// <summary>Where the run's log messages go.</summary>
    public RunLogging Logging { get; init; } = RunLogging.None;
}
