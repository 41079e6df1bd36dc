namespace Mimir.Kaldi.Tables;

/// <summary>The kinds of input that an extended file name may mean.</summary>
public enum RxKind
{
    /// <summary>A file, perhaps from a byte offset on.</summary>
    File,

    /// <summary>The standard input.</summary>
    StandardInput,

    /// <summary>The output of a shell command.</summary>
    Pipe,
}
