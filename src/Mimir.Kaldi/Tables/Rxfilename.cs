using System.Globalization;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>The kinds of input of an extended file name.</summary>
public enum RxKind
{
    /// <summary>A file, from a byte offset on.</summary>
    File,

    /// <summary>The standard input.</summary>
    StandardInput,

    /// <summary>The output of a shell command.</summary>
    Pipe,
}

/// <summary>The parts of an extended input file name: <c>path</c>, <c>path:offset</c>, <c>-</c> or <c>command |</c>.</summary>
/// <param name="Kind">The kind of input.</param>
/// <param name="Target">The path or the command, without offset, range and bar.</param>
/// <param name="Offset">The byte to start at; 0 unless the name ends in <c>:digits</c>.</param>
/// <param name="Range">The part in square brackets of a script file's entry, or null.</param>
public sealed record Rxfilename(RxKind Kind, string Target, long Offset, ObjectRange? Range)
{
    /// <summary>Gets a value that is true when the name of the file says that it is compressed.</summary>
    public bool IsGzip => Kind == RxKind.File && Target.EndsWith(".gz", StringComparison.Ordinal);

    /// <summary>Gets a value that is true for an uncompressed file from its first byte on.</summary>
    public bool IsWholeFile => Kind == RxKind.File && Offset == 0 && !IsGzip;

    /// <summary>Parses an extended file name.</summary>
    /// <param name="text">For example <c>feats.ark:1234[0:9]</c>, <c>-</c>, <c>gunzip -c x.gz |</c>.</param>
    /// <exception cref="InputException">The name is no input, or its range is malformed.</exception>
    public static Rxfilename Parse(string text)
    {
        var name = text.Trim();
        if (name.Length == 0 || name == "-")
            return new Rxfilename(RxKind.StandardInput, "-", 0, null);
        if (name[0] == '|')
            throw new InputException($"'{text}' writes to a command; an input ends with '|' instead.");
        if (name[0] is 'a' or 's' && Rspecifier.IsTable(name))
            throw new InputException($"'{text}' is a table where the name of a file is expected; leave the part up to the colon out.");

        ObjectRange? range = null;
        if (name[^1] == ']' && name.LastIndexOf('[') is > 0 and var bracket)
        {
            range = ObjectRange.Parse(name[(bracket + 1)..^1]);
            name = name[..bracket].TrimEnd();
        }

        if (name[^1] == '|')
            return new Rxfilename(RxKind.Pipe, name[..^1].Trim(), 0, range);

        if (name.Contains('|', StringComparison.Ordinal))
            throw new InputException($"'{text}' has a pipe sign within; a command to read from ends with '|'.");

        var colon = name.LastIndexOf(':');
        if (colon > 0 && long.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            return new Rxfilename(RxKind.File, name[..colon], offset, range);

        return new Rxfilename(RxKind.File, name, 0, range);
    }
}
