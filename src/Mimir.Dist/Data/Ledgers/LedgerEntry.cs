namespace Mimir.Dist.Data.Ledgers;

/// <summary>A line of a ledger.</summary>
public abstract record LedgerEntry
{
    private LedgerEntry(int epoch) => Epoch = epoch;

    /// <summary>Gets the epoch.</summary>
    public int Epoch { get; }

    /// <summary>An epoch begins.</summary>
    /// <param name="Epoch">Its number.</param>
    /// <param name="Utterances">How many utterances it has.</param>
    /// <param name="Frames">How many frames it has.</param>
    public sealed record Begun(int Epoch, int Utterances, long Frames) : LedgerEntry(Epoch);

    /// <summary>An utterance was trained on.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Utterance">Its id.</param>
    /// <param name="Rank">The worker; null when several have had parts of it.</param>
    /// <param name="Step">The step, or block, in which that was done.</param>
    /// <param name="Frames">The frames trained on.</param>
    public sealed record Completed(int Epoch, string Utterance, int? Rank, long Step, int Frames) : LedgerEntry(Epoch);

    /// <summary>Nobody trains on an utterance.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Utterance">Its id.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Dropped(int Epoch, string Utterance, string Reason) : LedgerEntry(Epoch);

    /// <summary>An epoch is over.</summary>
    /// <param name="Epoch">Its number.</param>
    public sealed record Ended(int Epoch) : LedgerEntry(Epoch);
}
