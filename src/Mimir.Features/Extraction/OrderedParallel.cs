namespace Mimir.Features.Extraction;

/// <summary>Maps items on several threads and returns the results in the order of the items.</summary>
public static class OrderedParallel
{
    /// <summary>Maps items; at most four results for each worker wait, so that memory is bounded.</summary>
    /// <param name="items">The items; they are enumerated on the caller's thread.</param>
    /// <param name="work">Maps one item, on any thread; its exceptions are thrown in the item's turn.</param>
    /// <param name="workers">The number of threads; 0 for one a core.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
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
