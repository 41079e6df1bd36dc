namespace Mimir.Train.Reports;

/// <summary>A set was decoded.</summary>
public sealed record SetDecoded : RunEvent
{
    /// <summary>The set.</summary>
    public required string Set { get; init; }

    /// <summary>Utterances with a hypothesis.</summary>
    public long Utterances { get; init; }

    /// <summary>Utterances without one, or whose search ended in no final state.</summary>
    public long Incomplete { get; init; }

    /// <summary>Frames.</summary>
    public long Frames { get; init; }

    /// <summary>How long it took, in seconds of the clock on the wall.</summary>
    public double Seconds { get; init; }

    /// <summary>Time of the processor over duration of the speech, or null.</summary>
    public double? RealTimeFactor { get; init; }
}

/// <summary>The hypotheses of a set were compared with its transcripts.</summary>
public sealed record SetScored : RunEvent
{
    /// <summary>The set.</summary>
    public required string Set { get; init; }

    /// <summary>The measure: <c>WER</c>, <c>CER</c>, or <c>SER</c> for syllables.</summary>
    public required string Measure { get; init; }

    /// <summary>Errors in percent of the reference.</summary>
    public double Percent { get; init; }

    /// <summary>Words, characters or syllables of the reference.</summary>
    public long Reference { get; init; }

    /// <summary>What the hypotheses have too much.</summary>
    public long Insertions { get; init; }

    /// <summary>What they lack.</summary>
    public long Deletions { get; init; }

    /// <summary>What they have wrong.</summary>
    public long Substitutions { get; init; }

    /// <summary>The language-model weight, or null.</summary>
    public double? LmWeight { get; init; }

    /// <summary>The word insertion penalty, or null.</summary>
    public double? WordInsertionPenalty { get; init; }

    /// <summary>The set on which weight and penalty were chosen, or null.</summary>
    public string? TunedOn { get; init; }
}
