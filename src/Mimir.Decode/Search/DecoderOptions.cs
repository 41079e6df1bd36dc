using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Decode.Search;

/// <summary>Options of the beam search; names and defaults are those of Kaldi's <c>latgen-faster-mapped</c>.</summary>
public sealed record DecoderOptions
{
    /// <summary>Decoding beam: a path this much worse than the best of its frame is pruned.</summary>
    [Option("beam", Min = 0, MinExcluded = true)]
    public float Beam { get; init; } = 16;

    /// <summary>Greatest number of active states in a frame.</summary>
    [Option("max-active", Min = 2)]
    public int MaxActive { get; init; } = int.MaxValue;

    /// <summary>Number of active states below which a frame is not pruned.</summary>
    [Option("min-active", Min = 0)]
    public int MinActive { get; init; } = 200;

    /// <summary>Lattice beam: the greatest cost of an alternative in the lattice beyond that of the best path.</summary>
    [Option("lattice-beam", Min = 0, MinExcluded = true)]
    public float LatticeBeam { get; init; } = 10;

    /// <summary>Number of frames between prunings of the growing lattice.</summary>
    [Option("prune-interval", Min = 1)]
    public int PruneInterval { get; init; } = 25;

    /// <summary>Widening of the beam that max-active sets.</summary>
    [Option("beam-delta", Min = 0, MinExcluded = true)]
    public float BeamDelta { get; init; } = 0.5f;

    /// <summary>Number of buckets of the token table for each token.</summary>
    [Option("hash-ratio", Min = 1)]
    public float HashRatio { get; init; } = 2;

    /// <summary>Tolerance of pruning during decoding, as a fraction of the lattice beam.</summary>
    [Option("prune-scale", Min = 0, MinExcluded = true, Max = 1, MaxExcluded = true)]
    public float PruneScale { get; init; } = 0.1f;

    /// <summary>Factor of log-likelihoods relative to the costs of the graph.</summary>
    [Option("acoustic-scale", Min = 0, MinExcluded = true)]
    public float AcousticScale { get; init; } = 0.1f;

    /// <summary>Checks the options.</summary>
    /// <exception cref="InputException">An option is out of range; the message names it.</exception>
    public void Check()
    {
        Option.CheckRanges(this);
        if (MinActive > MaxActive)
            throw new InputException($"min-active: expected at most max-active ({MaxActive}), got {MinActive}");
    }
}
