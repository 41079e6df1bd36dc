namespace Mimir.Dist.Data.Ledgers;

/// <summary>What a ledger says about one epoch.</summary>
public sealed record EpochAudit
{
    /// <summary>Gets the epoch's number.</summary>
    public required int Epoch { get; init; }

    /// <summary>Gets a value indicating whether the ledger says that the epoch is over.</summary>
    public required bool Ended { get; init; }

    /// <summary>Gets the number of utterances that were trained on.</summary>
    public required int Completed { get; init; }

    /// <summary>Gets the frames that were trained on.</summary>
    public required long Frames { get; init; }

    /// <summary>Gets the utterances completed by each worker alone; those that several had parts of are in none.</summary>
    public required IReadOnlyDictionary<int, int> ByRank { get; init; }

    /// <summary>Gets the utterances that nobody trained on, with the reason.</summary>
    public required IReadOnlyList<(string Utterance, string Reason)> Dropped { get; init; }

    /// <summary>Gets the utterances of an epoch that is over, or has another one after it, that were neither completed nor dropped.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Gets the number of utterances of the running epoch that are not done yet.</summary>
    public required int Open { get; init; }

    /// <summary>Gets what was done more than once or does not agree with the corpus, a line each with its place in the ledger.</summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    /// <summary>Gets a value indicating whether each utterance was used exactly once, with all its frames, or dropped with a reason.</summary>
    public bool Sound => Lost.Count == 0 && Wrong.Count == 0;
}
