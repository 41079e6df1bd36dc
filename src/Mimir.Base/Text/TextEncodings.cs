using System.Globalization;
using System.Text;

namespace Mimir.Base.Text;

/// <summary>Finds encodings of text by name, and guesses the one of bytes that are not UTF-8.</summary>
public static class TextEncodings
{
    private const string Utf16 = "UTF-16";
    private const double ShareOfKana = 0.15;

    /// <summary>The encodings that people name most, for <c>--help</c>.</summary>
    public const string Names = "utf-8, gbk, gb18030, big5, latin1, utf-16, shift_jis, euc-kr or another name that .NET knows";

    /// <summary>Finds an encoding by the name that a user gives.</summary>
    /// <param name="name">A name such as gbk, GB2312, big5, latin1, cp936 or utf-16; case does not matter.</param>
    /// <returns>An encoding that throws at bytes that it does not have.</returns>
    /// <exception cref="InputException">There is no such encoding.</exception>
    public static Encoding Find(string name) =>
        TryFind(name) ?? throw new InputException($"--encoding: expected {Names}, got '{name}'.");

    /// <summary>Tests for a name that <see cref="Find"/> knows.</summary>
    public static bool IsKnown(string name) => TryFind(name) is not null;

    private static Encoding? TryFind(string name)
    {
        var plain = name.Trim().ToLowerInvariant() switch
        {
            "latin1" or "latin-1" => "iso-8859-1",
            "utf8" => "utf-8",
            "utf16" or "utf-16le" => "utf-16",
            "sjis" => "shift_jis",
            var other => other,
        };
        var isNumber = plain.StartsWith("cp", StringComparison.Ordinal)
            & int.TryParse(plain.AsSpan(Math.Min(2, plain.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var page);
        var (encoder, decoder) = (EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        try
        {
            return (isNumber
                    ? CodePagesEncodingProvider.Instance.GetEncoding(page, encoder, decoder)
                    : CodePagesEncodingProvider.Instance.GetEncoding(plain, encoder, decoder))
                ?? (isNumber ? Encoding.GetEncoding(page, encoder, decoder) : Encoding.GetEncoding(plain, encoder, decoder));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Decodes a whole text; a byte order mark at its beginning is taken out. A text that can only be UTF-8 is taken as such: of
    /// two files, often just one has another encoding.
    /// </summary>
    internal static string Decode(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        if (IsSurelyUtf8(bytes, encoding))
            return Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');

        var isBigEndian = encoding.CodePage == Encoding.Unicode.CodePage && bytes.StartsWith(Encoding.BigEndianUnicode.Preamble);
        return (isBigEndian ? Find("utf-16be") : encoding).GetString(bytes).TrimStart('\uFEFF');
    }

    /// <summary>Makes the error for a line that is not UTF-8.</summary>
    /// <param name="name">The file.</param>
    /// <param name="line">The number of the line.</param>
    /// <param name="sample">The bytes from that line on.</param>
    internal static InputException Refusal(string name, int line, ReadOnlySpan<byte> sample)
    {
        var place = $"{name}:{line}: expected text in UTF-8, got";
        return new InputException(Guess(sample) switch
        {
            null when sample is [0x1F, 0x8B, ..] => $"{place} gzip data; unpack the file first.",
            null when sample.Contains((byte)0) => $"{place} binary data.",
            null => $"{place} UTF-8 with damaged bytes; mend the line.",
            var likely => $"{place} what looks like {likely}; convert the file (iconv -f {likely} -t UTF-8), "
                + $"or read it with --encoding {likely.ToLowerInvariant()} (in a recipe: 'encoding: {likely.ToLowerInvariant()}' of the "
                + "set).",
        });
    }

    /// <summary>The likely encoding of bytes that are not UTF-8; null when they are binary, or UTF-8 that is damaged.</summary>
    /// <remarks>
    /// The frequent characters of GBK (level 1 of GB 2312) and of Big5 lie at different places, so the encoding in which more
    /// of the text is frequent is the likely one. Japanese has kana; Korean of some length has none of GBK's later half. In
    /// Latin-1 an accented letter stands alone among ASCII letters.
    /// </remarks>
    internal static string? Guess(ReadOnlySpan<byte> sample)
    {
        if (sample.StartsWith(Encoding.Unicode.Preamble) || sample.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return Utf16;
        if (sample is [0x1F, 0x8B, ..])
            return null;
        if (sample.Contains((byte)0))
            return IsAlternating(sample) ? Utf16 : null;
        if (IsMostlyUtf8(sample))
            return null;

        var gbk = Share(sample, (lead, trail) => trail >= 0xA1 && lead is (>= 0xB0 and <= 0xD7) or 0xA1 or 0xA3);
        var big5 = Share(sample, (lead, trail) => lead is >= 0xA1 and <= 0xC6 && trail is (>= 0x40 and <= 0x7E) or >= 0xA1);
        if (Share(sample, (lead, trail) => lead is 0x82 or 0x83 && trail >= 0x40) > ShareOfKana)
            return "Shift_JIS";
        if (Share(sample, (_, trail) => trail >= 0xA1) == 1 && Share(sample, (lead, _) => lead is 0xA4 or 0xA5) > ShareOfKana)
            return "EUC-JP";
        if (gbk >= big5 && Share(sample, (lead, trail) => trail >= 0xA1 && lead is >= 0xB0 and <= 0xC8, least: 12) == 1)
            return "EUC-KR";

        return Math.Max(gbk, big5) < 0.5 ? "Latin1" : gbk >= big5 ? "GBK" : "Big5";
    }

    // Two bytes of an Asian encoding may look like a character of UTF-8; three, or several times two, hardly ever.
    private static bool IsSurelyUtf8(ReadOnlySpan<byte> bytes, Encoding encoding)
    {
        const int Several = 4;
        if (bytes.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(bytes))
            return false;

        var pairs = 0;
        foreach (var lead in bytes)
        {
            if (lead >= 0xE0)
                return true;
            pairs += lead >= 0xC2 ? 1 : 0;
        }

        return pairs >= (encoding.IsSingleByte ? 1 : Several);
    }

    // ASCII in UTF-16 has a zero at every second byte.
    private static bool IsAlternating(ReadOnlySpan<byte> sample)
    {
        Span<int> zeros = [0, 0];
        for (var i = 0; i < sample.Length; i++)
            zeros[i & 1] += sample[i] == 0 ? 1 : 0;

        return Math.Min(zeros[0], zeros[1]) * 10 < Math.Max(zeros[0], zeros[1]) && Math.Max(zeros[0], zeros[1]) * 10 > sample.Length;
    }

    private static bool IsMostlyUtf8(ReadOnlySpan<byte> sample)
    {
        var (good, bad) = (0, 0);
        while (sample.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(sample, out var rune, out var used);
            if (status == System.Buffers.OperationStatus.Done)
                good += rune.IsAscii ? 0 : 1;
            else
                bad++;

            sample = sample[used..];
        }

        return good > bad;
    }

    // The share of pairs that are frequent; 0 when there are fewer than asked for.
    private static double Share(ReadOnlySpan<byte> sample, Func<byte, byte, bool> isFrequent, int least = 1)
    {
        var (pairs, frequent) = (0, 0);
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] < 0x80)
                continue;

            pairs++;
            if (i + 1 < sample.Length && isFrequent(sample[i], sample[i + 1]))
                frequent++;
            if (i + 1 < sample.Length && sample[i + 1] >= 0x40)
                i++;
        }

        return pairs < least ? 0 : (double)frequent / pairs;
    }
}
