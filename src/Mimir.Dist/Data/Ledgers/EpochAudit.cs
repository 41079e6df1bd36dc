namespace Mimir.Dist.Data.Ledgers;

/// <summary>The audit of one epoch of a ledger.</summary>
public sealed record EpochAudit
{
    /// <summary>Gets the epoch's number.</summary>
    public required int Epoch { get; init; }

    /// <summary>True when the ledger has the end of the epoch.</summary>
    public required bool Ended { get; init; }

    /// <summary>Gets the number of utterances that were trained on.</summary>
    public required int Completed { get; init; }

    /// <summary>Gets the frames that were trained on.</summary>
    public required long Frames { get; init; }

    /// <summary>Gets the utterances completed by each worker alone; those that several had parts of are in none.</summary>
    public required IReadOnlyDictionary<int, int> ByRank { get; init; }

    /// <summary>Gets the utterances that nobody trained on, with the reason.</summary>
    public required IReadOnlyList<(string Utterance, string Reason)> Dropped { get; init; }

    /// <summary>
    /// Gets the utterances of an epoch that is over, or has another one after it, that were neither completed nor dropped.
    /// </summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Gets the number of utterances of the running epoch that are not done yet.</summary>
    public required int Open { get; init; }

    /// <summary>
    /// Gets the entries that are there more than once or do not agree with the corpus, a line each with its place in the ledger.
    /// </summary>
    public required IReadOnlyList<string> Wrong { get; init; }

    /// <summary>True when each utterance was used exactly once, with all its frames, or dropped with a reason.</summary>
    public bool Sound => Lost.Count == 0 && Wrong.Count == 0;
}

/// <summary>Counts the lines of one epoch.</summary>
/// <param name="epoch">The epoch's number.</param>
/// <param name="names">The utterances of the corpus.</param>
/// <param name="frames">Their frames.</param>
internal sealed class EpochCount(int epoch, string[] names, int[] frames)
{
    private readonly int[] _lines = new int[names.Length];
    private readonly SortedDictionary<int, int> _byRank = [];
    private readonly List<(string Utterance, string Reason)> _dropped = [];
    private readonly List<string> _wrong = [];
    private bool _ended;
    private int _completed;
    private long _frames;

    public void Count(LedgerEntry entry, int line, Func<string, int> indexOf)
    {
        if (_ended)
            _wrong.Add($"line {line}: comes after the end of the epoch");
        if (entry.Epoch != epoch)
            _wrong.Add($"line {line}: is of epoch {entry.Epoch} inside epoch {epoch}");

        switch (entry)
        {
            case LedgerEntry.Begun begun when begun.Utterances != names.Length:
                _wrong.Add($"line {line}: the epoch has {begun.Utterances} utterances, the corpus {names.Length}");
                break;
            case LedgerEntry.Begun begun when begun.Frames != frames.Sum(own => (long)own):
                _wrong.Add($"line {line}: the epoch has {begun.Frames} frames, the corpus {frames.Sum(own => (long)own)}");
                break;
            case LedgerEntry.Completed completed:
                Complete(completed, line, indexOf(completed.Utterance));
                break;
            case LedgerEntry.Dropped dropped:
                _dropped.Add((dropped.Utterance, dropped.Reason));
                Once(dropped.Utterance, line, indexOf(dropped.Utterance));
                break;
            case LedgerEntry.Ended:
                _ended = true;
                break;
            default:
                break;
        }
    }

    public EpochAudit Close(bool over)
    {
        var missing = names.Where((_, i) => _lines[i] == 0).ToList();
        return new()
        {
            Epoch = epoch,
            Ended = _ended,
            Completed = _completed,
            Frames = _frames,
            ByRank = _byRank,
            Dropped = _dropped,
            Lost = over || _ended ? missing : [],
            Open = over || _ended ? 0 : missing.Count,
            Wrong = _wrong,
        };
    }

    private void Complete(LedgerEntry.Completed completed, int line, int index)
    {
        _completed++;
        _frames += completed.Frames;
        if (completed.Rank is { } rank)
            _byRank[rank] = _byRank.GetValueOrDefault(rank) + 1;
        if (Once(completed.Utterance, line, index) && frames[index] != completed.Frames)
            _wrong.Add($"line {line}: {completed.Utterance} with {completed.Frames} frames, the corpus has {frames[index]}");
    }

    private bool Once(string utterance, int line, int index)
    {
        if (index < 0)
        {
            _wrong.Add($"line {line}: {utterance} is not in the corpus");
            return false;
        }

        if (_lines[index] > 0)
        {
            _wrong.Add($"line {line}: {utterance} doubled, first in line {_lines[index]}");
            return false;
        }

        _lines[index] = line;
        return true;
    }
}
