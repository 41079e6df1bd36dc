using System.IO.Compression;

namespace Mimir.Base;

/// <summary>
/// Unpacks gzip data and fails where it ends before its own end. .NET's <see cref="GZipStream"/> takes a file that was cut for a
/// shorter one.
/// </summary>
/// <remarks>
/// After the last byte of the source comes one more member with known content. It is read back exactly where the member before it
/// was complete; cut data swallows it. Several members are read one after the other, and bytes behind the last that are no gzip
/// data are passed over, as gunzip does.
/// </remarks>
public sealed class GunzipStream : ForwardStream
{
    private const long FreeMemory = 16 << 20;
    private const int Growth = 16;

    private static readonly byte[] Mark = [.. "The gzip data ends here."u8];
    private static readonly byte[] MarkMember = Pack(Mark);

    private readonly MarkedSource _source;
    private readonly GZipStream _unpacked;
    private readonly string _name;
    private readonly bool _bounded;
    private long _given;
    private bool _ended;

    /// <summary>Wraps compressed data, which is disposed with this stream.</summary>
    /// <param name="source">The data from its first byte on.</param>
    /// <param name="name">The name of the file, for messages.</param>
    /// <param name="bounded">True where all of the data is kept in memory: more than <see cref="Allowance"/> is an error.</param>
    public GunzipStream(Stream source, string name, bool bounded = false)
    {
        _name = name;
        _bounded = bounded;
        _source = new MarkedSource(source);
        _unpacked = new GZipStream(_source, CompressionMode.Decompress);
        Allowance = FreeMemory + (Growth * (source.CanSeek ? source.Length : long.MaxValue / (2 * Growth)));
    }

    /// <summary>
    /// Gets the number of bytes that one object of the data may take: 16 MiB and 16 for each byte of the file, so that a small file
    /// does not fill the memory.
    /// </summary>
    public long Allowance { get; }

    /// <summary>Unpacks some bytes.</summary>
    /// <param name="buffer">Receives them.</param>
    /// <returns>Their number; 0 at the end of complete data.</returns>
    /// <exception cref="InputException">The data ends early, has a wrong checksum, is no gzip data, or is too much.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.Length == 0)
            return 0;

        var read = ReadMember(buffer);
        if (read > 0 && !_source.Marked)
        {
            _given += read;
            return _bounded && _given > Allowance ? throw TooMuch() : read;
        }

        CheckEnd(buffer[..read]);
        _ended = true;
        return 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked.Dispose();
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadMember(Span<byte> buffer)
    {
        try
        {
            return _unpacked.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw _source.Marked
                ? Torn()
                : Error(
                    _source.IsGzip
                        ? "the compressed data is damaged: it does not match its checksum, or cannot be unpacked"
                        : "expected gzip data, as the name ends in .gz, got other data",
                    e);
        }
    }

    // What the mark unpacks to is never given out. Data with other bytes behind it ends without asking for the mark.
    private void CheckEnd(ReadOnlySpan<byte> begun)
    {
        if (_source.Count == 0)
            throw Error("expected gzip data, the file is empty");
        if (!_source.Marked)
            return;

        var unpacked = new byte[Mark.Length + 1];
        begun[..Math.Min(begun.Length, unpacked.Length)].CopyTo(unpacked);
        var count = Math.Min(begun.Length, unpacked.Length);
        for (int read; count < unpacked.Length && (read = ReadMember(unpacked.AsSpan(count))) > 0; count += read)
        {
        }

        if (!unpacked.AsSpan(0, count).SequenceEqual(Mark))
            throw Torn();
    }

    /// <summary>Makes the exception for an object or a file that takes more than <see cref="Allowance"/>.</summary>
    public InputException TooMuch() => Error(
        $"the unpacked data takes more than {Allowance >> 20} MiB, which is much for so small a file; if it is right, unpack it first");

    private InputException Torn() => Error("the compressed data ends here, before its end: the file is cut");

    private InputException Error(string message, Exception? cause = null)
    {
        var text = $"{_name}: byte {_source.Count}: {message}.";
        return cause is null ? new InputException(text) : new InputException(text, cause);
    }

    private static byte[] Pack(byte[] content)
    {
        var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
            zip.Write(content);

        return packed.ToArray();
    }

    /// <summary>The compressed data with the mark behind it.</summary>
    private sealed class MarkedSource(Stream source) : ForwardStream
    {
        private readonly byte[] _head = new byte[2];
        private int _markRead;

        /// <summary>Gets the number of bytes of the source that were read.</summary>
        public long Count { get; private set; }

        /// <summary>True when the source has ended and the mark is being read.</summary>
        public bool Marked { get; private set; }

        /// <summary>True when the source begins as gzip data do.</summary>
        public bool IsGzip => _head is [0x1f, 0x8b];

        public override int Read(Span<byte> buffer)
        {
            var read = Marked ? 0 : source.Read(buffer);
            if (read > 0)
            {
                for (var i = 0; i < read && Count + i < _head.Length; i++)
                    _head[Count + i] = buffer[i];

                Count += read;
                return read;
            }

            Marked = true;
            read = Math.Min(buffer.Length, MarkMember.Length - _markRead);
            MarkMember.AsSpan(_markRead, read).CopyTo(buffer);
            _markRead += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                source.Dispose();

            base.Dispose(disposing);
        }
    }
}
