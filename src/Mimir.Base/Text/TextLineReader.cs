using System.Text;

namespace Mimir.Base.Text;

/// <summary>Reads lines of UTF-8, or of an encoding that the user names, and refuses other bytes with file and line.</summary>
/// <remarks>Lines end with LF, CR LF or CR. A byte order mark of UTF-8 at the beginning is skipped.</remarks>
public sealed class TextLineReader : IDisposable
{
    private const int SampleBytes = 1 << 16;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Stream _stream;
    private readonly string _name;
    private byte[] _buffer = new byte[1 << 16];
    private int _begin;
    private int _end;
    private int _line;
    private bool _isComplete;

    /// <summary>Creates a reader.</summary>
    /// <param name="stream">The bytes; the reader closes it.</param>
    /// <param name="name">The name of the file in messages.</param>
    /// <param name="encoding">The encoding, from <see cref="TextEncodings.Find"/>; null for UTF-8.</param>
    /// <exception cref="InputException">The bytes are not of the named encoding.</exception>
    public TextLineReader(Stream stream, string name, Encoding? encoding = null)
    {
        _name = name;
        _stream = encoding is null or UTF8Encoding ? stream : Converted(stream, name, encoding);
    }

    /// <summary>Reads all lines of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="encoding">The encoding; null for UTF-8.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InputException">It is a device or a named pipe, or a line is not of the encoding.</exception>
    public static IEnumerable<string> ReadLines(string path, Encoding? encoding = null)
    {
        FileKinds.RequireReadable(path);
        using var reader = new TextLineReader(File.OpenRead(path), path, encoding);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>Reads a whole file of UTF-8; its lines end with LF.</summary>
    /// <inheritdoc cref="ReadLines"/>
    public static string ReadAll(string path) => string.Join('\n', ReadLines(path));

    /// <summary>Reads the next line.</summary>
    /// <returns>The line without its end, or null at the end of the file.</returns>
    /// <exception cref="InputException">The line is not of the encoding.</exception>
    public string? ReadLine()
    {
        var scanned = 0;
        int length;
        while ((length = _buffer.AsSpan(_begin + scanned, _end - _begin - scanned).IndexOfAny((byte)'\n', (byte)'\r')) < 0)
        {
            scanned = _end - _begin;
            if (!Fill())
                return scanned == 0 ? null : Take(scanned, next: scanned);
        }

        length += scanned;
        var next = length + 1;
        if (_buffer[_begin + length] == '\r' && (_begin + next < _end || Fill()) && _buffer[_begin + next] == '\n')
            next++;

        return Take(length, next);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private string Take(int length, int next)
    {
        _line++;
        var bytes = _buffer.AsSpan(_begin, length);
        if (_line == 1 && bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        if (bytes.Contains((byte)0))
            throw Refusal();

        try
        {
            var text = Strict.GetString(bytes);
            _begin += next;
            return text;
        }
        catch (DecoderFallbackException)
        {
            throw Refusal();
        }
    }

    private InputException Refusal()
    {
        while (_end - _begin < SampleBytes && Fill())
        {
        }

        return TextEncodings.Refusal(_name, _line, _buffer.AsSpan(_begin, _end - _begin));
    }

    private bool Fill()
    {
        if (_isComplete)
            return false;

        if (_begin > 0)
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);

        var count = _stream.Read(_buffer.AsSpan(_end));
        _end += count;
        _isComplete = count == 0;
        return count > 0;
    }

    // Line ends cannot be found in the bytes of every encoding, so the whole text becomes UTF-8 first.
    private static MemoryStream Converted(Stream stream, string name, Encoding encoding)
    {
        using var bytes = new MemoryStream();
        using (stream)
            stream.CopyTo(bytes);

        var text = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        try
        {
            return new MemoryStream(Encoding.UTF8.GetBytes(TextEncodings.Decode(text, encoding)));
        }
        catch (DecoderFallbackException e)
        {
            var line = 1 + text[..Math.Clamp(e.Index, 0, text.Length)].Count((byte)'\n');
            throw new InputException($"{name}:{line}: expected text in {encoding.WebName}, got bytes that it does not have.", e);
        }
    }
}
