namespace Mimir.Kaldi.Tables;

/// <summary>Tells the kind of an object or a file by its first bytes, for messages about the wrong kind.</summary>
internal static class ObjectKinds
{
    /// <summary>The bytes that tell.</summary>
    public const int HeadLength = 32;

    /// <summary>A matrix of numbers, in any of Kaldi's forms.</summary>
    public const string Matrix = "matrix";

    /// <summary>A vector of floats or doubles.</summary>
    public const string FloatVector = "vector of floats";

    /// <summary>Integers: a vector, pairs, a number or posteriors, which begin alike in binary.</summary>
    public const string Integers = "vector of integers";

    /// <summary>A network of nnet1.</summary>
    public const string Nnet1 = "network of nnet1";

    /// <summary>A transition model, with whatever is behind it.</summary>
    public const string TransitionModel = "transition model";

    /// <summary>A topology of HMMs.</summary>
    public const string Topology = "topology of HMMs";

    /// <summary>A tree.</summary>
    public const string Tree = "tree";

    private static readonly (string Head, string Kind)[] Tokens =
    [
        ("FM ", Matrix), ("DM ", Matrix), ("CM ", Matrix), ("CM2 ", Matrix), ("CM3 ", Matrix), ("FP ", "packed matrix"),
        ("DP ", "packed matrix"), ("FV ", FloatVector), ("DV ", FloatVector), ("\u0004", Integers), ("<Nnet3>", "network of nnet3"),
        ("<Nnet>", Nnet1), ("<NnetProto>", "prototype of a network"), ("<TransitionModel>", TransitionModel), ("ContextDependency ", Tree),
        ("<Topology>", Topology), ("<DiagGMM", "Gaussian mixture model"), ("<DIMENSION>", "Gaussian mixture model"),
    ];

    private static readonly (byte[] Head, string Kind)[] Foreign =
    [
        ([0x1f, 0x8b], "gzip file (its name must end in .gz)"), ([.. "BZh"u8], "bzip2 file (unpack it)"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz file (unpack it)"), ([0x28, 0xb5, 0x2f, 0xfd], "zstd file (unpack it)"),
        ([.. "PK\u0003\u0004"u8], "zip file (unpack it)"), ([.. "RIFF"u8], "WAV file"), ([.. "RF64"u8], "WAV file"),
        ([.. "fLaC"u8], "FLAC file"),
        ([0x89, .. "HDF"u8], "HDF5 file"), ([0x93, .. "NUMPY"u8], "NumPy file"), ([0xd6, 0xfd, 0xb2, 0x7e], "graph of OpenFst"),
        ([.. "version https://git-lfs"u8], "pointer of git-lfs (fetch the file with 'git lfs pull')"), ([.. "<!DOCTYPE"u8], "web page"),
        ([.. "<html"u8], "web page"),
    ];

    /// <summary>Names the kind of an object by its first bytes.</summary>
    /// <param name="head">The bytes, with the mark of binary data.</param>
    /// <returns>The kind, without an article; null where they do not tell.</returns>
    public static string? Of(ReadOnlySpan<byte> head)
    {
        var binary = head.StartsWith("\0B"u8);
        if (OfForeign(head) is { } foreign)
            return foreign;

        var rest = binary ? head[2..] : head.TrimStart(" \t\r\n"u8);
        foreach (var (token, kind) in Tokens)
        {
            if (BeginsWith(rest, token) && (binary || token[0] is '<' or 'C'))
                return kind;
        }

        return binary ? null : OfText(rest);
    }

    /// <summary>Names the kind of a file that cannot be an archive, because a mark or a model stands in the place of a key.</summary>
    /// <param name="head">The first bytes of the file.</param>
    public static string? OfFile(ReadOnlySpan<byte> head) =>
        OfForeign(head) ?? (head.StartsWith("\0B"u8) || head.StartsWith("<Nnet"u8) || head.StartsWith("<TransitionModel>"u8)
            ? Of(head) ?? "object of Kaldi's"
            : null);

    /// <summary>Adds to a failure what the data is, where it is of another kind than was wanted.</summary>
    /// <param name="wanted">The kind that was wanted.</param>
    /// <param name="head">The first bytes of the data.</param>
    /// <returns>A part of a sentence with a space before it; empty where nothing is known.</returns>
    public static string Hint(string? wanted, ReadOnlySpan<byte> head) =>
        wanted is null || Of(head) is not { } kind || kind == wanted ? "" : $" It is {Article(kind)}; {Article(wanted)} is wanted.";

    /// <summary>Puts the article before a kind.</summary>
    public static string Article(string kind) => $"{(kind[0] is 'H' or 'x' ? "an" : "a")} {kind}";

    private static string? OfForeign(ReadOnlySpan<byte> head)
    {
        foreach (var (begin, kind) in Foreign)
        {
            if (head.StartsWith(begin))
                return kind;
        }

        return null;
    }

    private static bool BeginsWith(ReadOnlySpan<byte> data, string token)
    {
        if (data.Length < token.Length)
            return false;

        for (var i = 0; i < token.Length; i++)
        {
            if (data[i] != token[i])
                return false;
        }

        return true;
    }

    // The rows of a matrix begin on a line of their own.
    private static string? OfText(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("["u8))
        {
            var inside = text[1..].TrimStart(" \t\r"u8);
            return inside.Length == 0 ? null : inside[0] == '\n' ? Matrix : FloatVector;
        }

        var word = text[..(text.IndexOfAny(" \t\r\n"u8) is >= 0 and var end ? end : text.Length)];
        if (word.Length > 0 && word.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
            return Integers;

        return word.Contains((byte)'/') || word.IndexOf(".ark:"u8) >= 0 ? "line of a script (write scp: before its name)" : null;
    }
}
