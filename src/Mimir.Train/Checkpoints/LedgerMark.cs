namespace Mimir.Train.Checkpoints;

/// <summary>Lengths of a run's ledger, in bytes: what was written later did not happen.</summary>
/// <param name="Epoch">When the epoch under way, or next, began.</param>
/// <param name="Now">When the checkpoint was written.</param>
public sealed record LedgerMark(long Epoch, long Now);
