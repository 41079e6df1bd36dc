using Mimir.Base;
namespace Mimir.Kaldi.Tables;

/// <summary>
/// Reads Kaldi's basic types, vectors and matrices, binary and text, from one stream. Every length in the data is checked
/// against the rest of the stream before memory is allocated for it.
/// </summary>
public sealed partial class KaldiReader : IDisposable
{
    private const int MaxTokenLength = 4096;

    private readonly Stream _stream;
    private readonly long? _length;
    private readonly byte[] _buffer = new byte[1 << 16];
    private long _bufferStart;
    private long _objectStart;
    private int _index;
    private int _count;

    /// <summary>Wraps a stream, which is disposed with the reader.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">The name of the file, for messages.</param>
    public KaldiReader(Stream stream, string name)
    {
        _stream = stream;
        Name = name;
        _length = stream.CanSeek ? stream.Length : null;
        _bufferStart = stream.CanSeek ? stream.Position : 0;
    }

    /// <summary>Gets the name of the file in messages.</summary>
    public string Name { get; }

    /// <summary>Gets the offset of the next byte; after decompression for a compressed file.</summary>
    public long Position => _bufferStart + _index;

    /// <summary>True when <see cref="Seek"/> works.</summary>
    public bool CanSeek => _stream.CanSeek;

    /// <summary>Gets the number of bytes that are left; null for a pipe.</summary>
    public long? Remaining => _length - Position;

    /// <summary>Opens an extended file name (see <see cref="KaldiInput"/>).</summary>
    /// <inheritdoc cref="KaldiInput.Open(string, KaldiIoOptions?)"/>
    public static KaldiReader Open(string rxfilename, KaldiIoOptions? io = null)
    {
        var parsed = Rxfilename.Parse(rxfilename);
        return new KaldiReader(KaldiInput.Open(parsed, io ?? KaldiIoOptions.Default), parsed.Target);
    }

    /// <summary>Opens an archive, which may also be a named pipe.</summary>
    internal static KaldiReader OpenArchive(string rxfilename, KaldiIoOptions io)
    {
        var parsed = Rxfilename.Parse(rxfilename);
        return new KaldiReader(KaldiInput.OpenArchive(parsed, io), parsed.Target);
    }

    /// <summary>Reads a file of one object.</summary>
    /// <param name="rxfilename">Its extended file name.</param>
    /// <param name="io">What may be opened; null means <see cref="KaldiIoOptions.Default"/>.</param>
    /// <param name="read">Reads the object behind its mark; the second argument is true for binary data.</param>
    /// <param name="kind">The kind of object, for messages about another kind; null for none.</param>
    /// <returns>The object.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The name is no input, or the data is malformed.</exception>
    public static T ReadFile<T>(string rxfilename, KaldiIoOptions? io, Func<KaldiReader, bool, T> read, string? kind = null)
    {
        using var reader = Open(rxfilename, io);
        Span<byte> head = stackalloc byte[ObjectKinds.HeadLength];
        head = head[..reader.PeekHead(head)];
        try
        {
            var value = read(reader, reader.ReadBinaryMarker());
            reader.CheckRest();
            return value;
        }
        catch (InputException e) when (ObjectKinds.Hint(kind, head) is { Length: > 0 } hint)
        {
            throw new InputException(e.Message + hint, e);
        }
    }

    /// <summary>Makes an exception that names the file and the byte.</summary>
    /// <param name="message">What was expected and what was there.</param>
    public InputException Error(string message) => new($"{Name}: byte {Position}: {message}");

    /// <summary>Consumes the two bytes that mark binary data, if they are next.</summary>
    /// <returns>True for binary data, false for text.</returns>
    /// <exception cref="InputException">The mark is incomplete.</exception>
    public bool ReadBinaryMarker()
    {
        if (Peek() != 0)
            return false;

        _index++;
        return ReadByte() == 'B' ? true : throw Error("expected the binary mark '\\0B'.");
    }

    /// <summary>Moves to a byte of a file.</summary>
    /// <exception cref="InputException">The file is shorter.</exception>
    public void Seek(long position)
    {
        if (position < 0 || position > _length)
            throw Error($"expected data at byte {position}, the file has {_length} bytes.");

        if (position >= _bufferStart && position <= _bufferStart + _count)
        {
            _index = (int)(position - _bufferStart);
            return;
        }

        _bufferStart = _stream.Seek(position, SeekOrigin.Begin);
        _index = _count = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Returns the next byte without consuming it, or -1 at the end.</summary>
    public int Peek() => _index < _count || Fill() ? _buffer[_index] : -1;

    /// <summary>Copies the next bytes without consuming them, as many as lie in the buffer.</summary>
    /// <param name="target">Receives them.</param>
    /// <returns>Their number.</returns>
    internal int PeekHead(Span<byte> target)
    {
        if (Peek() < 0)
            return 0;

        var count = Math.Min(target.Length, _count - _index);
        _buffer.AsSpan(_index, count).CopyTo(target);
        return count;
    }

    /// <summary>Returns the byte after the next one, or -1.</summary>
    internal int PeekSecond()
    {
        if (Peek() < 0)
            return -1;
        if (_index + 1 < _count)
            return _buffer[_index + 1];

        // The next byte is the last of the buffer: it moves to the front and the rest is filled behind it.
        var first = _buffer[_index];
        _bufferStart += _index;
        _buffer[0] = first;
        _index = 0;
        _count = 1 + _stream.Read(_buffer.AsSpan(1));
        return _count > 1 ? _buffer[1] : -1;
    }

    /// <summary>Consumes the next byte; -1 at the end.</summary>
    public int ReadByte() => _index < _count || Fill() ? _buffer[_index++] : -1;

    /// <summary>Reads bytes as they are.</summary>
    /// <param name="target">Filled as a whole.</param>
    /// <exception cref="InputException">The stream ends early.</exception>
    public void ReadBytes(Span<byte> target)
    {
        var read = ReadAtMost(target);
        if (read < target.Length)
            throw Error($"expected {target.Length - read} more bytes, the file ends here.");
    }

    /// <summary>Reads bytes as they are, as far as there are any.</summary>
    /// <param name="target">Filled as a whole, or up to the end of the stream.</param>
    /// <returns>The number of bytes.</returns>
    public int ReadAtMost(Span<byte> target)
    {
        var rest = target;
        while (rest.Length > 0)
        {
            if (_index == _count && rest.Length >= _buffer.Length)
            {
                var direct = _stream.Read(rest);
                if (direct == 0)
                    break;

                _bufferStart += _count + direct;
                _index = _count = 0;
                rest = rest[direct..];
                continue;
            }

            if (Peek() < 0)
                break;

            var size = Math.Min(rest.Length, _count - _index);
            _buffer.AsSpan(_index, size).CopyTo(rest);
            _index += size;
            rest = rest[size..];
        }

        return target.Length - rest.Length;
    }

    /// <summary>Begins an object: its size counts from here.</summary>
    internal void BeginObject() => _objectStart = Position;

    /// <summary>Reads compressed data to its end, so that what is behind the last object is checked as well.</summary>
    /// <exception cref="InputException">The data is damaged or cut.</exception>
    internal void CheckRest()
    {
        if (_stream is not GunzipStream)
            return;

        while (Fill())
            BeginObject();
    }

    private void CheckAllowance(long size)
    {
        if (_stream is GunzipStream packed && Position - _objectStart > packed.Allowance - size)
            throw packed.TooMuch();
    }

    private bool Fill()
    {
        CheckAllowance(0);
        _bufferStart += _count;
        _index = 0;
        _count = _stream.Read(_buffer);
        return _count > 0;
    }
}
