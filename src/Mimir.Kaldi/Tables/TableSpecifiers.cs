using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>The name of a table to read: <c>ark:</c> or <c>scp:</c>, options, and an extended file name.</summary>
public sealed record Rspecifier
{
    /// <summary>True for a script, which names objects; false for an archive, which holds them.</summary>
    public required bool IsScript { get; init; }

    /// <summary>Gets the extended file name of the archive or script.</summary>
    public required string Target { get; init; }

    /// <summary>Gets option <c>o</c>: each key is asked for once.</summary>
    public bool Once { get; init; }

    /// <summary>Gets option <c>s</c>: the keys are sorted.</summary>
    public bool Sorted { get; init; }

    /// <summary>Gets option <c>cs</c>: keys are asked for in sorted order.</summary>
    public bool CalledSorted { get; init; }

    /// <summary>Gets option <c>p</c>: missing or damaged objects are passed over instead of being errors.</summary>
    public bool Permissive { get; init; }

    /// <summary>Gets option <c>bg</c>: a thread reads ahead by one object.</summary>
    public bool Background { get; init; }

    /// <summary>Parses text such as <c>ark:feats.ark</c>, <c>scp,p:feats.scp</c>, <c>ark,s,cs:-</c>.</summary>
    /// <exception cref="InputException">It has neither <c>ark</c> nor <c>scp</c>, or an unknown option.</exception>
    public static Rspecifier Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw Wrong(text, "no colon");

        bool? script = null;
        var parsed = new Rspecifier { IsScript = false, Target = text[(colon + 1)..].Trim() };
        foreach (var option in text[..colon].Split(','))
        {
            if (option is "ark" or "scp")
            {
                if (script is not null)
                    throw Wrong(text, "both ark and scp");

                script = option == "scp";
                continue;
            }

            parsed = option switch
            {
                "o" => parsed with { Once = true },
                "no" => parsed with { Once = false },
                "s" => parsed with { Sorted = true },
                "ns" => parsed with { Sorted = false },
                "cs" => parsed with { CalledSorted = true },
                "ncs" => parsed with { CalledSorted = false },
                "p" => parsed with { Permissive = true },
                "np" => parsed with { Permissive = false },
                "bg" => parsed with { Background = true },
                "b" or "t" => parsed, // Ignored: binary data begins with a mark.
                _ => throw Wrong(text, $"unknown option '{option}'"),
            };
        }

        return parsed with { IsScript = script ?? throw Wrong(text, "neither ark nor scp") };
    }

    /// <summary>Tests for the name of a table, as opposed to that of a single file.</summary>
    public static bool IsTable(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && text[..colon].Split(',') is var options
            && options.Any(option => option is "ark" or "scp")
            && options.All(option => option is "ark" or "scp" or "o" or "no" or "s" or "ns" or "cs" or "ncs" or "p" or "np"
                or "bg" or "b" or "t");
    }

    private static InputException Wrong(string text, string what) =>
        new($"Expected a table like ark:FILE, scp:FILE or ark,s,cs:-, got '{text}' ({what}).");
}

/// <summary>
/// The name of a table to write: an archive, an archive with a script that points into it, or the files that a script names.
/// </summary>
public sealed record Wspecifier
{
    /// <summary>Gets the archive's file, <c>-</c> for the standard output; null for <c>scp:script</c>.</summary>
    public string? Archive { get; init; }

    /// <summary>Gets the script: written for <c>ark,scp:archive,script</c>, read for <c>scp:script</c>; else null.</summary>
    public string? Script { get; init; }

    /// <summary>True for binary data (option <c>b</c>), false for text (<c>t</c>).</summary>
    public bool Binary { get; init; } = true;

    /// <summary>Gets option <c>f</c>: flush after every object.</summary>
    public bool Flush { get; init; }

    /// <summary>Gets option <c>p</c>: objects that a script does not list are left out; an archive takes everything.</summary>
    public bool Permissive { get; init; }

    /// <summary>
    /// Parses text such as <c>ark:feats.ark</c>, <c>ark,t:-</c>, <c>ark,scp:feats.ark,feats.scp</c>, <c>scp:feats.scp</c>.
    /// </summary>
    /// <exception cref="InputException">It names neither archive nor script, has them in the wrong order, or an unknown
    /// option.</exception>
    public static Wspecifier Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw Wrong(text, "no colon");

        var (archive, script) = (false, false);
        var parsed = new Wspecifier();
        foreach (var option in text[..colon].Split(','))
        {
            switch (option)
            {
                case "ark" when !archive && !script:
                    archive = true;
                    break;
                case "ark" when script:
                    throw Wrong(text, "the archive comes first: ark,scp");
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
                    throw Wrong(text, $"unknown or repeated option '{option}'");
            }
        }

        var target = text[(colon + 1)..].Trim();
        if (!archive && !script)
            throw Wrong(text, "neither ark nor scp");
        if (!script)
            return parsed with { Archive = target.Length == 0 ? "-" : target };
        if (!archive)
            return parsed with { Script = target };

        var comma = target.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && comma < target.Length - 1
            ? parsed with { Archive = target[..comma].Trim(), Script = target[(comma + 1)..].Trim() }
            : throw Wrong(text, "ark,scp takes two files with a comma between them");
    }

    /// <summary>Tests for the name of a table, as opposed to that of a single file.</summary>
    public static bool IsTable(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && text[..colon].Split(',') is var options
            && options.Any(option => option is "ark" or "scp")
            && options.All(option => option is "ark" or "scp" or "b" or "t" or "f" or "nf" or "p");
    }

    private static InputException Wrong(string text, string what) =>
        new($"Expected a table like ark:FILE, ark,t:- or ark,scp:FILE,FILE, got '{text}' ({what}).");
}
