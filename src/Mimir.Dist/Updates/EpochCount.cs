namespace Mimir.Dist.Updates;

/// <summary>The epochs that a worker has ended, so that one whose end was interrupted knows that the others' was not.</summary>
internal sealed class EpochCount
{
    private bool _isEnded;

    /// <summary>Gets or sets the epochs ended.</summary>
    public long Ended { get; set; }

    /// <summary>Whether the others have ended this epoch already; asked once at its end.</summary>
    public bool TakeEnded()
    {
        var isEnded = _isEnded;
        _isEnded = false;
        return isEnded;
    }

    /// <summary>Catches up with the member that has ended most.</summary>
    /// <param name="most">Its epochs.</param>
    /// <param name="isNew">Whether this worker has ended none because it is new.</param>
    public void CatchUp(long most, bool isNew)
    {
        _isEnded = !isNew && Ended < most;
        Ended = most;
    }
}
