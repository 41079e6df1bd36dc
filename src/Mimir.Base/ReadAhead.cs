using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Mimir.Base;

/// <summary>Runs a sequence on a thread of its own, some elements ahead of who uses it.</summary>
public static class ReadAhead
{
    /// <summary>The same elements; what the sequence throws is thrown here.</summary>
    /// <param name="source">The sequence.</param>
    /// <param name="ahead">The most elements that wait.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> source, int ahead)
    {
        using var waiting = new BlockingCollection<T>(ahead);
        using var stop = new CancellationTokenSource();
        Exception? failure = null;
        var reader = new Thread(() =>
        {
            try
            {
                foreach (var element in source)
                    waiting.Add(element, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Nobody wants the rest.
            }
            catch (Exception error)
            {
                failure = error;
            }
            finally
            {
                waiting.CompleteAdding();
            }
        })
        {
            IsBackground = true,
            Name = "read ahead",
        };
        reader.Start();
        try
        {
            foreach (var element in waiting.GetConsumingEnumerable())
                yield return element;
        }
        finally
        {
            stop.Cancel();
            reader.Join();
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }
}
