using System.Globalization;
using System.Text;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Language;

/// <summary>Writes language models in ARPA's text format.</summary>
public static class ArpaWriter
{
    /// <summary>Writes a model as a whole or not at all, sorted by the words' labels.</summary>
    /// <param name="path">The file, compressed where its name ends in <c>.gz</c>; <c>-</c> is the standard output.</param>
    /// <param name="model">The model.</param>
    /// <param name="io">What may be opened.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, NgramModel model, KaldiIoOptions? io = null)
    {
        using var output = KaldiOutput.Open(path, io);
        try
        {
            // Not disposed, since the output closes its stream itself.
            var buffer = new BufferedStream(output.Stream, 1 << 16);
            Write(buffer, model);
            buffer.Flush();
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }
    }

    private static void Write(Stream stream, NgramModel model)
    {
        var symbols = model.Words.Entries.ToDictionary(entry => entry.Value, entry => Encoding.UTF8.GetBytes(entry.Key));
        Text(stream, "\\data\\\n");
        for (var order = 1; order <= model.Order; order++)
            Text(stream, string.Create(CultureInfo.InvariantCulture, $"ngram {order}={model.Count(order)}\n"));

        var words = new int[model.Order];
        var rank = Array.Empty<int>();
        for (var level = 0; level < model.Order; level++)
        {
            Text(stream, string.Create(CultureInfo.InvariantCulture, $"\n\\{level + 1}-grams:\n"));
            var ids = Sorted(model.Levels[level], rank);
            foreach (var id in ids)
            {
                Number(stream, model.Levels[level].LogProbability[id]);
                model.WordsOf(level, id, words);
                for (var i = 0; i <= level; i++)
                {
                    stream.WriteByte((byte)(i == 0 ? '\t' : ' '));
                    stream.Write(symbols[words[i]]);
                }

                if (level < model.Order - 1 && model.Levels[level].Backoff[id] is var backoff && backoff != 0)
                {
                    stream.WriteByte((byte)'\t');
                    Number(stream, backoff);
                }

                stream.WriteByte((byte)'\n');
            }

            rank = new int[ids.Length];
            for (var i = 0; i < ids.Length; i++)
                rank[ids[i]] = i;
        }

        Text(stream, "\n\\end\\\n");
    }

    // The numbers of a level's n-grams in the order of their words.
    private static int[] Sorted(NgramLevel level, int[] contextRank)
    {
        var ids = Enumerable.Range(0, level.Index.Count).ToArray();
        var keys = Array.ConvertAll(ids, id =>
            ((long)(contextRank.Length == 0 ? 0 : contextRank[level.Index.First(id)]) << 32) | (uint)level.Index.Second(id));
        Array.Sort(keys, ids);
        return ids;
    }

    private static void Text(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));

    private static void Number(Stream stream, float number)
    {
        Span<byte> bytes = stackalloc byte[32];
        number.TryFormat(bytes, out var length, number == NgramModel.Zero ? "F0" : "F6", CultureInfo.InvariantCulture);
        stream.Write(bytes[..length]);
    }
}
