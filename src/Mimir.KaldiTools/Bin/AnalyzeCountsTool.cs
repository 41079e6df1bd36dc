using System.Text;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>analyze-counts: counts the frames of each label, with optional weights.</summary>
internal sealed class AnalyzeCountsTool()
    : KaldiTool<AnalyzeCountsTool.Options>(
        "analyze-counts", "Computes element counts from integer vector table.", "<alignments-rspecifier> <counts-wxfilname>")
{
    // There are as many counts as the highest label says; the limit keeps a damaged file from taking all memory.
    private const int MostLabels = 1 << 24;

    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write the counts in binary.</summary>
        [Option("binary")]
        public bool Binary { get; init; }

        /// <summary>Symbol table of the labels; the counts are logged with their names.</summary>
        [Option("symbol-table")]
        public string SymbolTable { get; init; } = "";

        /// <summary>Least number of counts; higher labels make it more.</summary>
        [Option("counts-dim", Min = 0)]
        public int Dimension { get; init; }

        /// <summary>Table of a weight for each frame; a frame counts as its weight.</summary>
        [Option("frame-weights")]
        public string FrameWeights { get; init; } = "";

        /// <summary>Table of a weight for each utterance; its frames count as the weight.</summary>
        [Option("utt-weights")]
        public string UtteranceWeights { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var counts = new List<double>(Enumerable.Repeat(0.0, options.Dimension));
        var (done, skipped) = Count(arguments[0], options, counts, log, io);
        for (var label = 0; label < counts.Count; label++)
        {
            if (counts[label] == 0)
                log.Warning($"Zero count for label {label}, this is suspicious.");
        }

        double[] smoothed = [.. counts.Select(count => count + PdfCounts.KaldiSmoothing)];
        KaldiOutput.WriteOne(arguments[1], options.Binary, writer => writer.WriteVector(smoothed), io);
        if (options.SymbolTable.Length > 0 || log.Verbose >= 1)
            log.Log(Table(counts, options.SymbolTable.Length > 0 ? SymbolNames.Read(options.SymbolTable, io) : null));

        log.Log($"Summed {done} int32 vectors to counts, skipped {skipped} vectors.");
        log.Log($"Counts written to {arguments[1]}");
        return true;
    }

    private static (int Done, int Skipped) Count(
        string rspecifier, Options options, List<double> counts, KaldiLog log, KaldiIoOptions io)
    {
        using var frameWeights = options.FrameWeights.Length > 0 ? KaldiTables.FloatVector.Open(options.FrameWeights, io) : null;
        using var utteranceWeights =
            options.UtteranceWeights.Length > 0 ? KaldiTables.FloatScalar.Open(options.UtteranceWeights, io) : null;
        var (done, skipped) = (0, 0);
        foreach (var (key, labels) in KaldiTables.IntVector.Read(rspecifier, io))
        {
            var weight = 1f;
            float[]? weights = null;
            if (utteranceWeights?.TryGet(key, out weight) == false)
            {
                log.Warning($"{key}, missing per-utterance weight");
                skipped++;
            }
            else if (frameWeights?.TryGet(key, out weights) == false)
            {
                log.Warning($"{key}, missing per-frame weights");
                skipped++;
            }
            else
            {
                Add(counts, key, labels, weight, weights);
                done++;
            }
        }

        return (done, skipped);
    }

    private static void Add(List<double> counts, string key, int[] labels, float weight, float[]? weights)
    {
        if (weights is not null && weights.Length != labels.Length)
            throw new InputException($"utterance '{key}': expected {labels.Length} frame weights, got {weights.Length}.");

        for (var frame = 0; frame < labels.Length; frame++)
        {
            var label = labels[frame];
            if (label is < 0 or >= MostLabels)
            {
                throw new InputException(
                    $"utterance '{key}', frame {frame}: expected a label from 0 and below {MostLabels}, got {label}.");
            }

            if (label >= counts.Count)
                counts.AddRange(Enumerable.Repeat(0.0, label + 1 - counts.Count));

            counts[label] += (double)weight * (weights is null ? 1 : weights[frame]);
        }
    }

    private static string Table(List<double> counts, SymbolNames? symbols)
    {
        var sum = counts.Sum();
        var text = new StringBuilder("Printing...\n### The sorted count table,\ncount\t(norm),\tid\t(symbol):\n");
        foreach (var (count, label) in counts.Select((count, label) => (count, label)).Order())
        {
            var name = symbols is null ? "" : $"({symbols.Find(label)})";
            text.Append(null, $"{KaldiLog.Number(count)}\t({KaldiLog.Number((float)count / sum)}),\t{label}\t{name}\n");
        }

        text.Append(null, $"\n#total {KaldiLog.Number(sum)} ({KaldiLog.Number((float)sum / 100 / 3600)}h)\n");
        return text.ToString();
    }
}
