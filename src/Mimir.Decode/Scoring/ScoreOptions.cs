namespace Mimir.Decode.Scoring;

/// <summary>What an error rate counts.</summary>
public enum ScoreUnit
{
    /// <summary>Words, as white space parts them: the word error rate.</summary>
    Word,

    /// <summary>
    /// Characters: every Chinese character and every Latin letter is one token; the character error rate.
    /// </summary>
    Character,
}

/// <summary>What to do with an utterance that has a reference and no hypothesis.</summary>
public enum MissingHypothesis
{
    /// <summary>All its tokens count as deleted, as Kaldi's <c>compute-wer --mode=all</c> does; the default.</summary>
    CountAsDeleted,

    /// <summary>It is left out and counted as not scored, as <c>compute-wer --mode=present</c> does.</summary>
    LeaveOut,
}

/// <summary>How hypotheses are compared with references.</summary>
public sealed record ScoreOptions
{
    /// <summary>Gets the unit that is counted; words unless set.</summary>
    public ScoreUnit Unit { get; init; } = ScoreUnit.Word;

    /// <summary>Gets what happens to utterances without hypothesis.</summary>
    public MissingHypothesis Missing { get; init; } = MissingHypothesis.CountAsDeleted;

    /// <summary>
    /// Gets the words that are taken out of hypotheses before they are compared: the unknown word and silence
    /// unless set. References keep theirs, so that an out-of-vocabulary word of the reference is always an error.
    /// </summary>
    public IReadOnlySet<string> Ignored { get; init; } = new HashSet<string>(["<UNK>", "<SIL>"], StringComparer.Ordinal);

    /// <summary>Gets the name of the measure in reports: WER or CER.</summary>
    public string Measure => Unit == ScoreUnit.Word ? "WER" : "CER";
}
