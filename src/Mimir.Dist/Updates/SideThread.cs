using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Mimir.Dist.Updates;

/// <summary>Does work in order beside the training loop; what goes wrong is thrown where the loop waits.</summary>
internal sealed class SideThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    public SideThread(string name)
    {
        _thread = new(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Does something when all before it is done; not at all when something before it failed.</summary>
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

    /// <summary>Waits until all is done; throws the first failure once. The wait is bounded as the work itself is.</summary>
    public void Finish() => Drain()?.Throw();

    /// <summary>Waits until nothing goes on any more; how it ended does not matter, as when the group has broken up.</summary>
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
