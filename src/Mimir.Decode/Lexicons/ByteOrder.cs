using System.Text;

namespace Mimir.Decode.Lexicons;

/// <summary>Compares texts by their bytes in UTF-8, as <c>sort</c> does with <c>LC_ALL=C</c>.</summary>
internal sealed class ByteOrder : IComparer<string>
{
    public static ByteOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y) =>
        Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
}
