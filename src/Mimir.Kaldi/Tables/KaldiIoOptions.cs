namespace Mimir.Kaldi.Tables;

/// <summary>What extended file names may reach beside plain files.</summary>
public sealed record KaldiIoOptions
{
    /// <summary>Gets the default: files and standard streams, no commands.</summary>
    public static KaldiIoOptions Default { get; } = new();

    /// <summary>Gets whether <c>command |</c> and <c>| command</c> run through <c>/bin/sh</c>; false by default.</summary>
    public bool AllowPipes { get; init; }

    /// <summary>Gets what <c>-</c> reads; null means the standard input of this process.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Gets what <c>-</c> writes; null means the standard output of this process.</summary>
    public Stream? StandardOutput { get; init; }
}
