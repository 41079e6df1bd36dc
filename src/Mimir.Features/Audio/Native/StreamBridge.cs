using System.Runtime.ExceptionServices;

namespace Mimir.Features.Audio.Native;

/// <summary>Carries a stream through libsndfile, and an exception of the stream (a full disk) around it.</summary>
internal sealed class StreamBridge(Stream stream)
{
    private ExceptionDispatchInfo? _failure;

    /// <summary>Runs one operation; no exception may cross native frames, so it is kept and -1 returned.</summary>
    public long Guard(Func<Stream, long> operation)
    {
        try
        {
            return operation(stream);
        }
        catch (Exception failure)
        {
            _failure ??= ExceptionDispatchInfo.Capture(failure);
            return -1;
        }
    }

    /// <summary>Throws what the stream threw, if it did.</summary>
    public void ThrowIfFailed() => _failure?.Throw();
}
