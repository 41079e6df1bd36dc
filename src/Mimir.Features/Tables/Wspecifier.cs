namespace Mimir.Features.Tables;

/// <summary>Where a table is written to: an archive, and perhaps a script that points into it.</summary>
public sealed record Wspecifier
{
    /// <summary>Gets the archive's file, <c>-</c> for the standard output.</summary>
    public required string Archive { get; init; }

    /// <summary>Gets the script's file of <c>ark,scp:archive,script</c>, or null.</summary>
    public string? Script { get; init; }

    /// <summary>Gets whether the archive is binary (option <c>b</c>, the default) or text (<c>t</c>).</summary>
    public bool Binary { get; init; } = true;

    /// <summary>Gets option <c>f</c>: flush after every object.</summary>
    public bool Flush { get; init; }

    /// <summary>Gets option <c>p</c>: Kaldi passes over what a script does not list; an archive takes everything.</summary>
    public bool Permissive { get; init; }

    /// <summary>Parses text such as <c>ark:feats.ark</c>, <c>ark,t:-</c>, <c>ark,scp:feats.ark,feats.scp</c>.</summary>
    /// <exception cref="FormatException">It names no archive, or an unknown option.</exception>
    public static Wspecifier Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw Wrong(text, "no colon");

        var (archive, script) = (false, false);
        var parsed = new Wspecifier { Archive = text[(colon + 1)..].Trim() };
        foreach (var option in text[..colon].Split(','))
        {
            switch (option)
            {
                case "ark" when !archive && !script:
                    archive = true;
                    break;
                case "scp" when !script:
                    script = true;
                    break;
                case "b" or "t":
                    parsed = parsed with { Binary = option == "b" };
                    break;
                case "f" or "nf":
                    parsed = parsed with { Flush = option == "f" };
                    break;
                case "p":
                    parsed = parsed with { Permissive = true };
                    break;
                default:
                    throw Wrong(text, $"unknown or misplaced option '{option}'");
            }
        }

        if (!archive)
            throw Wrong(text, script ? "a script alone does not say where objects go" : "no ark");
        if (!script)
            return parsed with { Archive = parsed.Archive.Length == 0 ? "-" : parsed.Archive };

        var files = parsed.Archive.Split(',');
        return files.Length == 2 && files[0].Length > 0 && files[1].Length > 0
            ? parsed with { Archive = files[0].Trim(), Script = files[1].Trim() }
            : throw Wrong(text, "ark,scp takes two files with a comma between them");
    }

    private static FormatException Wrong(string text, string what) =>
        new($"Expected a table like ark:FILE, ark,t:- or ark,scp:FILE,FILE, got '{text}' ({what}).");
}
