using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Mimir.Features.Tables;

/// <summary>Reads a sequence in a thread, one element ahead of who uses it.</summary>
internal static class ReadAhead
{
    /// <summary>The same elements, and the same failure where there is one.</summary>
    public static IEnumerable<T> Of<T>(IEnumerable<T> source)
    {
        using var abandoned = new CancellationTokenSource();
        using var ready = new BlockingCollection<T>(boundedCapacity: 1);
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() => failure = Fill(source, ready, abandoned.Token)) { IsBackground = true };
        thread.Start();
        try
        {
            foreach (var element in ready.GetConsumingEnumerable())
                yield return element;

            thread.Join();
            failure?.Throw();
        }
        finally
        {
            abandoned.Cancel();
            thread.Join();
        }
    }

    private static ExceptionDispatchInfo? Fill<T>(IEnumerable<T> source, BlockingCollection<T> ready, CancellationToken abandoned)
    {
        try
        {
            foreach (var element in source)
                ready.Add(element, abandoned);

            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e)
        {
            return ExceptionDispatchInfo.Capture(e);
        }
        finally
        {
            ready.CompleteAdding();
        }
    }
}
