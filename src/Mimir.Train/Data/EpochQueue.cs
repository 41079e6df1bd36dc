namespace Mimir.Train.Data;

/// <summary>Hands out the training frames of epochs, and makes those of the next in the background while one is trained on.</summary>
/// <param name="make">Makes an epoch's frames, the same each time; for one thread at a time.</param>
/// <param name="last">The last epoch there can be, or null when that is not known.</param>
internal sealed class EpochQueue(Func<int, CancellationToken, EpochFrames> make, int? last) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private (int Epoch, Task<EpochFrames> Frames)? _next;

    /// <summary>The frames of an epoch, made by now or waited for.</summary>
    /// <param name="epoch">The epoch, from 1; any may be asked for.</param>
    /// <param name="cancellation">Stops the waiting and the work.</param>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public EpochFrames Get(int epoch, CancellationToken cancellation)
    {
        if (_next?.Epoch != epoch)
            Begin(epoch);

        var frames = _next is { } next ? next.Frames : throw new InvalidOperationException("The epoch was not begun.");
        try
        {
            frames.Wait(cancellation);
        }
        catch (AggregateException)
        {
            // The first failure itself, with its own trace, comes out below.
        }

        var made = frames.GetAwaiter().GetResult();
        _next = null;
        if (last is null || epoch < last)
            Begin(epoch + 1);

        return made;
    }

    /// <summary>Begins to make an epoch's frames.</summary>
    public void Begin(int epoch)
    {
        Drain();
        _next = (epoch, Task.Run(() => make(epoch, _stop.Token), _stop.Token));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        Drain();
        _stop.Dispose();
    }

    // Work that is not needed any more still uses its files; its failure is ignored.
    private void Drain()
    {
        if (_next is { } next)
            ((IAsyncResult)next.Frames).AsyncWaitHandle.WaitOne();
    }
}
