namespace Mimir.Features.Extraction;

/// <summary>Works items off on several threads and gives the results in the order of the items.</summary>
public static class OrderedParallel
{
    /// <summary>Maps items; at most four results for each worker wait to be taken, so memory stays bounded.</summary>
    /// <param name="items">The items; they are drawn on the caller's thread.</param>
    /// <param name="work">Maps one item; runs on any thread. What it throws comes out in the item's turn.</param>
    /// <param name="workers">How many threads; 0 means one for each core.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static IEnumerable<TResult> Select<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, TResult> work, int workers = 0, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(workers);
        return Run(items, work, workers == 0 ? Environment.ProcessorCount : workers, cancellationToken);
    }

    private static IEnumerable<TResult> Run<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, TResult> work, int workers, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scheduler = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, workers).ConcurrentScheduler;
        var pending = new Queue<Task<TResult>>();
        try
        {
            foreach (var item in items)
            {
                if (pending.Count == 4 * workers)
                    yield return pending.Dequeue().GetAwaiter().GetResult();

                pending.Enqueue(Task.Factory.StartNew(() => work(item), stop.Token, TaskCreationOptions.None, scheduler));
            }

            while (pending.TryDequeue(out var task))
                yield return task.GetAwaiter().GetResult();
        }
        finally
        {
            // A caller that stops early leaves no work behind that still uses its files.
            stop.Cancel();
            while (pending.TryDequeue(out var task))
                ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }
    }
}
