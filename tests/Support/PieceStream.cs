namespace Mimir.Tests.Support;

/// <summary>Bytes that come in pieces, as through a pipe: a read gives one piece at the most.</summary>
/// <param name="bytes">All bytes.</param>
/// <param name="piece">The most bytes of a read.</param>
public sealed class PieceStream(byte[] bytes, int piece) : Stream
{
    private int _at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var got = Math.Min(Math.Min(count, piece), bytes.Length - _at);
        Array.Copy(bytes, _at, buffer, offset, got);
        _at += got;
        return got;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
