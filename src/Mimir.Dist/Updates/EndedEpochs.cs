namespace Mimir.Dist.Updates;

/// <summary>Counts the epochs that a worker has ended, so that one whose end was interrupted knows that the others' was not.</summary>
internal sealed class EndedEpochs
{
    private bool _othersHaveEnded;

    /// <summary>Gets or sets the epochs ended.</summary>
    public long Count { get; set; }

    /// <summary>True when the others have ended this epoch already; asked once at its end.</summary>
    public bool TakeEnded()
    {
        var ended = _othersHaveEnded;
        _othersHaveEnded = false;
        return ended;
    }

    /// <summary>Catches up with the member that has ended most epochs.</summary>
    /// <param name="most">Its epochs.</param>
    /// <param name="isNew">True when this worker has ended none because it is new.</param>
    public void CatchUp(long most, bool isNew)
    {
        _othersHaveEnded = !isNew && Count < most;
        Count = most;
    }
}
