namespace Mimir.Decode.Lattices;

/// <summary>How a lattice is determinized.</summary>
public sealed record DeterminizerOptions
{
    /// <summary>
    /// Gets how much worse than the best path an alternative may be; the decoder's lattice beam. 10 unless set.
    /// </summary>
    public double Beam { get; init; } = 10;

    /// <summary>
    /// Gets a bound on the memory of one utterance, as the number of (state, string, weight) elements of 16
    /// bytes; lattices that need more come out as with a narrower beam. 2,000,000 unless set.
    /// </summary>
    public long MaxElements { get; init; } = 2_000_000;

    /// <summary>
    /// Gets for every transition-id the phone that it begins (the forward transition out of the first state of
    /// the phone's topology), 0 for all others. With it lattices are determinized over phones and words first,
    /// which is faster and what Kaldi's decoders do; without it over words at once. Both keep the same best
    /// paths.
    /// </summary>
    public int[]? PhoneBegins { get; init; }
}
