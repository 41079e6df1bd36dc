using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Trees;

/// <summary>The text and binary forms of a tree's statistics (Kaldi: <c>tree/build-tree-utils.cc</c>).</summary>
internal static class TreeStatisticsFormat
{
    private const string Begin = "BTS";
    private const string BeginEvent = "EV";
    private const string BeginGaussian = "GCL";

    public static TreeStatistics Read(KaldiReader reader, bool binary)
    {
        reader.ExpectToken(Begin);

        // The lists grow with what is read, so that a damaged size allocates nothing.
        List<ContextStatistics> contexts = [];
        for (var left = reader.ReadUnsigned(binary); left > 0; left--)
        {
            var context = ReadEvent(reader, binary);

            // Kaldi allows an event without statistics, which says nothing.
            if (!reader.ReadBool(binary))
                continue;

            var frames = ReadFrames(reader, binary);
            if (contexts.Count > 0 && contexts[0].Frames.Dimension != frames.Dimension)
                throw reader.Error($"expected statistics of {contexts[0].Frames.Dimension} values, as before, got {frames.Dimension}.");

            contexts.Add(new ContextStatistics(context, frames));
        }

        return new TreeStatistics(contexts);
    }

    public static void Write(KaldiWriter writer, TreeStatistics statistics)
    {
        writer.WriteToken(Begin);
        writer.WriteUnsigned((uint)statistics.Contexts.Count);
        foreach (var (context, frames) in statistics.Contexts)
        {
            writer.WriteToken(BeginEvent);
            writer.WriteUnsigned((uint)context.Pairs.Count);
            foreach (var (key, value) in context.Pairs)
            {
                writer.WriteInt(key);
                writer.WriteInt(value);
            }

            writer.WriteNewLine();
            writer.WriteText(writer.Binary ? "T" : "T ");
            writer.WriteToken(BeginGaussian);
            writer.WriteDouble(frames.Count);
            writer.WriteDouble(frames.VarianceFloor);
            var sums = new double[2, frames.Dimension];
            for (var d = 0; d < frames.Dimension; d++)
                (sums[0, d], sums[1, d]) = (frames.Sums[d], frames.SquareSums[d]);

            writer.WriteMatrix(sums);
        }

        writer.WriteNewLine();
    }

    private static TreeEvent ReadEvent(KaldiReader reader, bool binary)
    {
        reader.ExpectToken(BeginEvent);
        List<(int, int)> pairs = [];
        for (var left = reader.ReadUnsigned(binary); left > 0; left--)
            pairs.Add((reader.ReadInt(binary), reader.ReadInt(binary)));

        try
        {
            return new TreeEvent(pairs);
        }
        catch (ArgumentException e)
        {
            throw reader.Error(e.Message);
        }
    }

    private static ClusterStatistics ReadFrames(KaldiReader reader, bool binary)
    {
        reader.ExpectToken(BeginGaussian);
        var (count, floor) = (reader.ReadDouble(binary), reader.ReadDouble(binary));
        var sums = reader.ReadDoubleMatrix(binary);
        if (!double.IsFinite(count) || count < 0 || !double.IsFinite(floor) || sums.GetLength(0) != 2)
            throw reader.Error($"expected a count, a variance floor and two sums, got {count}, {floor} and {sums.GetLength(0)} sums.");

        var dimension = sums.GetLength(1);
        var flat = new double[2 * dimension];
        Buffer.BlockCopy(sums, 0, flat, 0, flat.Length * sizeof(double));
        return flat.All(double.IsFinite)
            ? ClusterStatistics.FromSums(flat.AsSpan(0, dimension), flat.AsSpan(dimension), count, floor)
            : throw reader.Error("expected finite sums, one is not.");
    }
}
