using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Text;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

public sealed partial class KaldiReader
{
    /// <summary>Skips white space and reads a token; the white-space character after it is consumed as well.</summary>
    /// <exception cref="InputException">The stream ends, or the token is endless.</exception>
    public string ReadToken()
    {
        SkipWhite();
        var token = ReadWord();
        if (token.Length == 0)
            throw Error("expected a token, the file ends here.");

        if (IsWhite(Peek()))
            _index++;

        return token;
    }

    /// <summary>Reads a token that must be a given one.</summary>
    public void ExpectToken(string expected)
    {
        var token = ReadToken();
        if (token != expected)
            throw Error($"expected '{expected}', got '{Printable(token)}'.");
    }

    /// <summary>Reads a 32-bit integer: a size byte and little-endian bytes, or text.</summary>
    public int ReadInt(bool binary)
    {
        if (!binary)
            return ReadNumber<int>();

        Span<byte> bytes = stackalloc byte[5];
        ReadBytes(bytes);
        return bytes[0] == 4
            ? BinaryPrimitives.ReadInt32LittleEndian(bytes[1..])
            : throw Error($"expected a 4-byte integer, got size byte {(sbyte)bytes[0]}.");
    }

    /// <summary>Reads an unsigned 32-bit integer: the size byte -4 and little-endian bytes, or text.</summary>
    public uint ReadUnsigned(bool binary)
    {
        if (!binary)
        {
            var value = ReadNumber<int>();
            return value >= 0 ? (uint)value : throw Error($"expected 0 or more, got {value}.");
        }

        Span<byte> bytes = stackalloc byte[5];
        ReadBytes(bytes);
        return (sbyte)bytes[0] == -4
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..])
            : throw Error($"expected an unsigned 4-byte integer, got size byte {(sbyte)bytes[0]}.");
    }

    /// <summary>Reads a float or a double: a size byte and little-endian bytes, or text.</summary>
    public float ReadFloat(bool binary) => binary ? (float)ReadDouble(true) : ReadNumber<float>();

    /// <summary>Reads a double or a float: a size byte and little-endian bytes, or text.</summary>
    public double ReadDouble(bool binary)
    {
        if (!binary)
            return ReadNumber<double>();

        Span<byte> bytes = stackalloc byte[8];
        switch (ReadByte())
        {
            case 4:
                ReadBytes(bytes[..4]);
                return BinaryPrimitives.ReadSingleLittleEndian(bytes);
            case 8:
                ReadBytes(bytes);
                return BinaryPrimitives.ReadDoubleLittleEndian(bytes);
            default:
                throw Error("expected a 4-byte or 8-byte number, got another size byte.");
        }
    }

    /// <summary>Reads a truth value, written as the letter T or F.</summary>
    public bool ReadBool(bool binary)
    {
        if (!binary)
            SkipWhite();

        return ReadByte() switch
        {
            'T' => true,
            'F' => false,
            _ => throw Error("expected T or F."),
        };
    }

    private static bool IsWhite(int value) => value is ' ' or (>= '\t' and <= '\r');

    /// <summary>Shortens a token and replaces its control characters, for a message.</summary>
    /// <param name="token">A piece of the data.</param>
    public static string Printable(string token) =>
        string.Concat((token.Length <= 40 ? token : token[..40] + "...").Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>Skips white space and line ends.</summary>
    public void SkipWhite()
    {
        while (IsWhite(Peek()))
            _index++;
    }

    /// <summary>Reads the characters up to the next white space; none at white space or at the end.</summary>
    /// <exception cref="InputException">The word is endless.</exception>
    public string ReadWord()
    {
        Span<byte> word = stackalloc byte[MaxTokenLength];
        var length = 0;
        for (int next; (next = Peek()) >= 0 && !IsWhite(next); _index++)
        {
            if (length == word.Length)
                throw Error($"expected a token, got more than {MaxTokenLength} bytes without white space.");

            word[length++] = (byte)next;
        }

        return Encoding.UTF8.GetString(word[..length]);
    }

    /// <summary>Reads a word that people wrote: a key or a word of a transcript.</summary>
    /// <exception cref="InputException">The word is endless, or not UTF-8.</exception>
    internal string ReadName()
    {
        var name = ReadWord();
        return name.Contains('\uFFFD', StringComparison.Ordinal)
            ? throw Error($"expected UTF-8, got '{Printable(name)}'; convert the text (iconv -f gbk -t UTF-8, or from what it is).")
            : name;
    }

    /// <summary>Reads a number in text; it ends before white space, a semicolon or a closing bracket.</summary>
    internal T ReadNumber<T>()
        where T : struct, INumber<T>
    {
        SkipWhite();
        Span<byte> word = stackalloc byte[128];
        var length = 0;
        for (int next; (next = Peek()) >= 0 && !IsWhite(next) && next is not (']' or ';'); _index++)
        {
            if (length == word.Length)
                throw Error("expected a number, got more than 128 characters without white space.");

            word[length++] = (byte)next;
        }

        return TryParse(word[..length], out T value)
            ? value
            : throw Error($"expected a number, got '{Printable(Encoding.UTF8.GetString(word[..length]))}'.");
    }

    private static bool TryParse<T>(ReadOnlySpan<byte> word, out T value)
        where T : struct, INumber<T>
    {
        value = default;
        if (typeof(T) == typeof(int))
        {
            if (!Utf8Parser.TryParse(word, out int integer, out var used) || used != word.Length)
                return false;

            value = T.CreateTruncating(integer);
            return true;
        }

        if (T.TryParse(word, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value))
            return true;

        var negative = word.Length > 0 && word[0] == '-';
        var name = Encoding.ASCII.GetString(negative || (word.Length > 0 && word[0] == '+') ? word[1..] : word);
        var special = name.ToUpperInvariant() switch
        {
            "INF" or "INFINITY" or "1.#INF" => double.PositiveInfinity,
            "NAN" or "1.#QNAN" or "1.#IND" => double.NaN,
            var other when other.StartsWith("NAN(", StringComparison.Ordinal) => double.NaN,
            _ => 0,
        };
        value = T.CreateTruncating(negative ? -special : special);
        return special != 0;
    }
}
