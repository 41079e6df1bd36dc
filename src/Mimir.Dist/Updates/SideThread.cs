using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Mimir.Dist.Updates;

/// <summary>Does work beside the training loop, on a thread of its own.</summary>
internal sealed class SideThread : ISideWork
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;

    public SideThread(string name)
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
