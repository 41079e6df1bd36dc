namespace Mimir.Dist.Updates;

/// <summary>Work of a step that is done in order; what goes wrong is thrown where the training loop waits for it.</summary>
internal interface ISideWork : IDisposable
{
    /// <summary>Does something when all before it is done; not at all when something before it failed.</summary>
    void Post(Action work);

    /// <summary>Waits until all is done; throws the first failure once. The wait is bounded as the work itself is.</summary>
    void Finish();

    /// <summary>Waits until nothing goes on any more; how it ended does not matter, as when the group has broken up.</summary>
    void Abandon();
}
