using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Decode.Alignment;

/// <summary>Options of alignment; names and defaults are those of Kaldi's <c>align-compiled-mapped</c>.</summary>
public record AlignmentOptions
{
    // The search's own defaults, which Kaldi's programs do not offer as options either.
    internal const int MinActive = 20;
    internal const float BeamDelta = 0.5f;
    internal const float HashRatio = 2;

    /// <summary>Decoding beam used in alignment.</summary>
    [Option("beam", Min = 0, MinExcluded = true)]
    public float Beam { get; init; } = 200;

    /// <summary>Decoding beam of a second try where the first found no whole path; 0 for no second try.</summary>
    [Option("retry-beam", Min = 0)]
    public float RetryBeam { get; init; }

    /// <summary>
    /// Let the search pass through the graph again and again, so that audio with more words than the transcript fails to align.
    /// </summary>
    [Option("careful")]
    public bool Careful { get; init; }

    /// <summary>Scaling factor of acoustic log-likelihoods.</summary>
    [Option("acoustic-scale", Min = 0, MinExcluded = true)]
    public float AcousticScale { get; init; } = 1;

    /// <summary>Checks the options.</summary>
    /// <exception cref="InputException">An option is out of range, or the second beam is no wider than the first.</exception>
    public void Check()
    {
        Option.CheckRanges(this);
        if (RetryBeam != 0 && RetryBeam <= Beam)
            throw new InputException(FormattableString.Invariant($"retry-beam: expected 0 or more than beam ({Beam}), got {RetryBeam}"));
    }
}
