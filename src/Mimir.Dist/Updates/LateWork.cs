namespace Mimir.Dist.Updates;

/// <summary>Does all work when the training loop waits for it, on the thread of the loop.</summary>
/// <remarks>Where the work is the processor's own, a second thread would only take the core from the first.</remarks>
internal sealed class LateWork : ISideWork
{
    private readonly Queue<Action> _work = [];

    public void Post(Action work) => _work.Enqueue(work);

    public void Finish()
    {
        try
        {
            while (_work.TryDequeue(out var work))
                work();
        }
        finally
        {
            _work.Clear();
        }
    }

    public void Abandon() => _work.Clear();

    public void Dispose() => Abandon();
}
