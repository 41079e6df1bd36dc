using System.Text;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>One line of a script file.</summary>
/// <param name="Key">The utterance or speaker.</param>
/// <param name="Rxfilename">The extended file name of its object: the rest of the line.</param>
/// <param name="Line">The line's number, from 1.</param>
public sealed record ScriptEntry(string Key, string Rxfilename, int Line)
{
    /// <summary>Adds the line of the script to a failure of its object.</summary>
    /// <param name="script">The script.</param>
    /// <param name="failure">The failure.</param>
    /// <returns>A <see cref="FileNotFoundException"/> for one, an <see cref="InputException"/> for others.</returns>
    public Exception Failure(string script, Exception failure)
    {
        var message = $"{script}:{Line}: {failure.Message}";
        return failure is FileNotFoundException missing
            ? new FileNotFoundException(message, missing.FileName, missing)
            : new InputException(message, failure);
    }
}

/// <summary>Reads script files: lines of a key, white space and the rest.</summary>
public static class ScriptFile
{
    /// <summary>Reads a script file in its own order; the same key may come twice.</summary>
    /// <param name="rxfilename">The file, <c>-</c>, or a <c>.gz</c> file.</param>
    /// <param name="io">What may be opened.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line has no key or nothing after its key.</exception>
    public static IReadOnlyList<ScriptEntry> Read(string rxfilename, KaldiIoOptions? io = null)
    {
        CheckKind(rxfilename);
        var entries = new List<ScriptEntry>();
        foreach (var (line, key, rest) in ReadLines(rxfilename, io))
        {
            if (rest.Length == 0)
            {
                throw new InputException(
                    $"{rxfilename}:{line}: expected 'key path' or 'key path:offset', got '{KaldiReader.Printable(key)}'.");
            }

            entries.Add(new ScriptEntry(key, rest, line));
        }

        return entries;
    }

    // An archive is no text; what would be said of its bytes helps nobody.
    private static void CheckKind(string rxfilename)
    {
        if (Rxfilename.Parse(rxfilename) is not { IsWholeFile: true, Target: var path } || FileKinds.Of(path) != FileKind.Regular)
            return;

        Span<byte> head = stackalloc byte[256];
        using (var file = KaldiInput.Open(path))
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];

        if (ObjectKinds.OfFile(head) is { } kind)
            throw new InputException($"{path}:1: expected a script of keys and files, it is {ObjectKinds.Article(kind)}.");
        if (head.IndexOf("\0B"u8) > 0)
            throw new InputException($"{path}:1: expected a script of keys and files, it is an archive; write ark:{path}.");
    }

    /// <summary>Reads lines of a key and a rest, which may be empty.</summary>
    /// <param name="rxfilename">The file, <c>-</c>, or a <c>.gz</c> file.</param>
    /// <param name="io">What may be opened.</param>
    /// <param name="encoding">The encoding; null for UTF-8.</param>
    /// <returns>The number of each line, its first word, and the rest without white space around it.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line is empty, or not of the encoding.</exception>
    public static IEnumerable<(int Line, string Key, string Value)> ReadLines(
        string rxfilename, KaldiIoOptions? io = null, Encoding? encoding = null)
    {
        using var text = KaldiInput.OpenText(rxfilename, io, encoding);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            var trimmed = line.Trim();
            if (trimmed.Length == 0)
                throw new InputException($"{rxfilename}:{number}: expected a key, got an empty line.");

            var end = trimmed.AsSpan().IndexOfAny(' ', '\t');
            yield return end < 0
                ? (number, trimmed, "")
                : (number, trimmed[..end], trimmed[(end + 1)..].TrimStart());
        }
    }
}
