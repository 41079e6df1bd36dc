using System.IO.Compression;

namespace Mimir.Kaldi.Tables;

/// <summary>Compresses into a file; what it wrote is whole only after <see cref="Finish"/>.</summary>
internal sealed class GZipFileStream(FileStream file) : Stream
{
    private readonly GZipStream _zip = new(file, CompressionLevel.Optimal, leaveOpen: true);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Writes the end of the compressed data.</summary>
    /// <param name="toDisk">Whether to wait until all is on the disk.</param>
    public void Finish(bool toDisk)
    {
        _zip.Dispose();
        file.Flush(toDisk);
    }

    public override void Write(byte[] buffer, int offset, int count) => _zip.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _zip.Write(buffer);

    public override void Flush() => _zip.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _zip.Dispose();
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
