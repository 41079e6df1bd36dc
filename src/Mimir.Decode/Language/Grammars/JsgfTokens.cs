using System.Buffers;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Language.Grammars;

/// <summary>The kinds of tokens of a grammar.</summary>
internal enum JsgfKind
{
    /// <summary>A word, perhaps in quotes.</summary>
    Word,

    /// <summary>The name of a rule.</summary>
    Rule,

    /// <summary>A weight between slashes.</summary>
    Weight,

    /// <summary>One of the signs <c>; = | * + ( ) [ ]</c>.</summary>
    Sign,
}

/// <summary>A token and its line.</summary>
internal readonly record struct JsgfToken(JsgfKind Kind, string Text, int Line);

/// <summary>Splits a grammar in JSGF into tokens; comments and tags in braces are left out.</summary>
internal static class JsgfTokens
{
    private const string Signs = ";=|*+()[]";

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n;=|*+()[]{}<>\"/");

    /// <summary>Reads a file behind its header.</summary>
    /// <exception cref="InputException">A quote, a comment, a tag, a weight or the name of a rule does not end.</exception>
    public static List<JsgfToken> Read(string path)
    {
        var text = new StringBuilder();
        using (var lines = KaldiInput.OpenText(path))
        {
            while (lines.ReadLine() is { } line)
                text.Append(line).Append('\n');
        }

        return Split(text.ToString(), path);
    }

    private static List<JsgfToken> Split(string text, string path)
    {
        var tokens = new List<JsgfToken>();
        var line = 1;
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            var (length, kind, content) = Next(rest, problem => new InputException($"{path}:{line}: {problem}"));
            if (kind is { } known)
                tokens.Add(new JsgfToken(known, content, line));

            line += rest[..length].Count('\n');
            at += length;
        }

        return tokens;
    }

    // The length of what comes next, and the token; null for what says nothing.
    private static (int Length, JsgfKind? Kind, string Content) Next(ReadOnlySpan<char> rest, Func<string, InputException> error)
    {
        if (char.IsWhiteSpace(rest[0]))
            return (1, null, "");
        if (rest.StartsWith("//"))
            return (rest.IndexOf('\n') is >= 0 and var end ? end : rest.Length, null, "");
        if (rest.StartsWith("/*"))
            return (Until(rest, "*/", error), null, "");
        if (rest[0] == '{')
            return (Until(rest, "}", error), null, "");
        if (Signs.Contains(rest[0], StringComparison.Ordinal))
            return (1, JsgfKind.Sign, rest[..1].ToString());

        var (close, kind) = rest[0] switch
        {
            '"' => ("\"", JsgfKind.Word),
            '<' => (">", JsgfKind.Rule),
            '/' => ("/", JsgfKind.Weight),
            _ => ("", JsgfKind.Word),
        };
        if (close.Length > 0)
        {
            var length = Until(rest, close, error);
            return (length, kind, rest[1..(length - 1)].Trim().ToString());
        }

        var word = rest.IndexOfAny(WordEnds);
        return (word < 0 ? rest.Length : Math.Max(1, word), kind, (word < 0 ? rest : rest[..Math.Max(1, word)]).ToString());
    }

    private static int Until(ReadOnlySpan<char> rest, string end, Func<string, InputException> error) =>
        rest[1..].IndexOf(end) is >= 0 and var length
            ? 1 + length + end.Length
            : throw error($"expected '{end}' behind '{rest[0]}', got the end of the file");
}
