using System.Text;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Nnet1;

/// <summary>Tells the models of Kaldi's other trainers from networks of nnet1.</summary>
internal static class ModelKinds
{
    private const int SearchedBytes = 1 << 16;

    /// <summary>Names the model that a reader stands before; nothing is consumed.</summary>
    /// <param name="reader">The data behind its mark.</param>
    /// <param name="binary">True for binary data.</param>
    /// <returns>The kind with its article; null for what may be a network of nnet1.</returns>
    public static string? Next(KaldiReader reader, bool binary)
    {
        var bytes = new byte[SearchedBytes];
        var count = reader.PeekHead(bytes);
        var head = Encoding.Latin1.GetString(bytes, 0, count).TrimStart();
        if (head.StartsWith("<Nnet3>", StringComparison.Ordinal))
            return "a network of nnet3 without its transition model";
        if (!head.StartsWith("<TransitionModel>", StringComparison.Ordinal))
        {
            byte[] begin = [.. binary ? "\0B"u8 : default, .. bytes.AsSpan(0, Math.Min(count, ObjectKinds.HeadLength))];
            return ObjectKinds.Of(begin) is { } kind && kind is not (ObjectKinds.Nnet1 or ObjectKinds.Integers)
                ? ObjectKinds.Article(kind)
                : null;
        }

        var end = head.IndexOf("</TransitionModel>", StringComparison.Ordinal);
        var behind = end < 0 ? "" : head[end..];
        if (behind.Contains("<Nnet3>", StringComparison.Ordinal))
            return "an nnet3 model (final.mdl of nnet3 or chain)";
        if (behind.Contains("<Nnet>", StringComparison.Ordinal))
            return "an nnet2 model";

        return behind.Contains("<DIMENSION>", StringComparison.Ordinal)
            ? "a GMM (the acoustic model of mono, tri1 and the like)"
            : "a transition model with an nnet3 network or a GMM behind it";
    }
}
