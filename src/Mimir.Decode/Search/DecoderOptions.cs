namespace Mimir.Decode.Search;

/// <summary>How wide a decoder searches; names and defaults are those of Kaldi's <c>latgen-faster-mapped</c>.</summary>
public sealed record DecoderOptions
{
    /// <summary>Gets the beam: paths this much worse than the best of their frame are dropped. 16 unless set.</summary>
    public float Beam { get; init; } = 16;

    /// <summary>Gets the largest number of states that a frame keeps; no limit unless set.</summary>
    public int MaxActive { get; init; } = int.MaxValue;

    /// <summary>Gets the number of states below which a frame drops none; 200 unless set.</summary>
    public int MinActive { get; init; } = 200;

    /// <summary>Gets how much worse than the best path an alternative in the lattice may be. 10 unless set.</summary>
    public float LatticeBeam { get; init; } = 10;

    /// <summary>Gets the number of frames between prunings of the lattice that grows; 25 unless set.</summary>
    public int PruneInterval { get; init; } = 25;

    /// <summary>Gets what the beam is widened by after <see cref="MaxActive"/> set it; 0.5 unless set.</summary>
    public float BeamDelta { get; init; } = 0.5f;

    /// <summary>Gets the buckets of the token table for each token; 2 unless set.</summary>
    public float HashRatio { get; init; } = 2;

    /// <summary>
    /// Gets the tolerance of pruning while decoding, as a fraction of the lattice beam; 0.1 unless set.
    /// </summary>
    public float PruneScale { get; init; } = 0.1f;

    /// <summary>
    /// Gets what log-likelihoods are multiplied by before they meet the graph's costs; 0.1 unless set.
    /// </summary>
    public float AcousticScale { get; init; } = 0.1f;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value makes no sense; the message names it.</exception>
    public void Check()
    {
        Require(Beam > 0, "beam", Beam);
        Require(LatticeBeam > 0, "lattice-beam", LatticeBeam);
        Require(MaxActive > 1, "max-active", MaxActive);
        Require(MinActive >= 0 && MinActive <= MaxActive, "min-active", MinActive);
        Require(PruneInterval > 0, "prune-interval", PruneInterval);
        Require(BeamDelta > 0, "beam-delta", BeamDelta);
        Require(HashRatio >= 1, "hash-ratio", HashRatio);
        Require(PruneScale is > 0 and < 1, "prune-scale", PruneScale);
        Require(float.IsFinite(AcousticScale) && AcousticScale > 0, "acoustic-scale", AcousticScale);
    }

    private static void Require(bool fine, string name, double value)
    {
        if (!fine)
            throw new ArgumentException($"{name} {value} is out of range");
    }
}
