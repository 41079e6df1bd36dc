using System.Buffers;

namespace Mimir.Dist.Transports;

/// <summary>A message that came; disposing of it gives its memory back.</summary>
public sealed class ReceivedMessage : IDisposable
{
    private readonly int _length;
    private byte[]? _buffer;

    /// <summary>Takes memory for a message that is about to be filled.</summary>
    /// <param name="peer">The sender's rank.</param>
    /// <param name="length">Its bytes.</param>
    internal ReceivedMessage(int peer, int length)
    {
        Peer = peer;
        _length = length;
        _buffer = ArrayPool<byte>.Shared.Rent(length);
    }

    /// <summary>Gets the sender's rank.</summary>
    public int Peer { get; }

    /// <summary>Gets the content.</summary>
    /// <exception cref="ObjectDisposedException">The memory was given back.</exception>
    public ReadOnlySpan<byte> Bytes => Writable;

    internal Span<byte> Writable => (_buffer ?? throw new ObjectDisposedException(nameof(ReceivedMessage))).AsSpan(0, _length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    internal static ReceivedMessage Copy(int peer, ReadOnlySpan<byte> bytes)
    {
        var message = new ReceivedMessage(peer, bytes.Length);
        bytes.CopyTo(message.Writable);
        return message;
    }

    /// <summary>The content, of the length that the receiver expects.</summary>
    /// <exception cref="InvalidDataException">It has another length.</exception>
    internal ReadOnlySpan<byte> BytesOf(int length, int receiver) => _length == length
        ? Bytes
        : throw new InvalidDataException($"worker {Peer} sent {_length} bytes, worker {receiver} expects {length}");
}
