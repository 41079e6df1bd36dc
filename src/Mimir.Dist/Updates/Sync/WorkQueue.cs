using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Mimir.Dist.Updates.Sync;

/// <summary>The sums of a step, done in order; a failure is thrown where the training loop waits for them.</summary>
internal interface IWorkQueue : IDisposable
{
    /// <summary>Adds work, done after all work before it; it is left out when something before it failed.</summary>
    void Post(Action work);

    /// <summary>Waits until all is done; throws the first failure once. The wait is bounded as the work itself is.</summary>
    void Finish();

    /// <summary>Waits until nothing goes on any more and ignores failures, as when the group has broken up.</summary>
    void Abandon();
}

/// <summary>Work on the thread of the training loop, when it waits for it.</summary>
/// <remarks>Where the work is the processor's own, a second thread would only take the core from the first.</remarks>
internal sealed class InlineWork : IWorkQueue
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

/// <summary>Work beside the training loop, on a thread of its own.</summary>
internal sealed class ThreadWork : IWorkQueue
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    public ThreadWork(string name)
    {
        _thread = new(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public void Post(Action work) => _work.Add(() =>
    {
        if (_failure is not null)
            return;

        try
        {
            work();
        }
        catch (Exception error)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
        }
    });

    public void Finish() => Drain()?.Throw();

    public void Abandon() => Drain();

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private ExceptionDispatchInfo? Drain()
    {
        using var done = new ManualResetEventSlim();
        _work.Add(done.Set);
        done.Wait();
        var failure = _failure;
        _failure = null;
        return failure;
    }

    private void Run()
    {
        foreach (var work in _work.GetConsumingEnumerable())
            work();
    }
}
