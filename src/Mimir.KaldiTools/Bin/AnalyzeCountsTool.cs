using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Bin;

/// <summary>analyze-counts: how often each label occurs, perhaps by weight.</summary>
internal sealed class AnalyzeCountsTool()
    : KaldiTool(
        "analyze-counts", "Computes element counts from integer vector table.", "<alignments-rspecifier> <counts-wxfilname>")
{
    // The counts are as long as the highest label: a damaged one must not take all memory.
    private const int MostLabels = 1 << 24;

    private bool _binary;
    private string _symbols = "";
    private int _dimension;
    private string _frameWeights = "";
    private string _utteranceWeights = "";
    private KaldiOptionParser? _options;

    protected override void AddOptions(KaldiOptionParser parser)
    {
        _options = parser;
        parser.AddBool("binary", false, "write in binary mode", v => _binary = v);
        parser.AddString("symbol-table", "", "Read symbol table for display of counts", v => _symbols = v);
        parser.AddInt(
            "counts-dim",
            0,
            "Output dimension of the counts, a hint for dimension auto-detection.",
            v => _dimension = v >= 0 ? v : throw new InputException("expected a number from 0"));
        parser.AddString("frame-weights", "", "Per-frame weights (counting weighted frames).", v => _frameWeights = v);
        parser.AddString("utt-weights", "", "Per-utterance weights (counting weighted frames).", v => _utteranceWeights = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var counts = new List<double>(Enumerable.Repeat(0.0, _dimension));
        var (done, skipped) = Count(arguments[0], counts, log, io);
        for (var label = 0; label < counts.Count; label++)
        {
            if (counts[label] == 0)
                log.Warning($"Zero count for label {label}, this is suspicious.");
        }

        double[] smoothed = [.. counts.Select(count => count + PdfCounts.KaldiSmoothing)];
        KaldiOutput.WriteOne(arguments[1], _binary, writer => writer.WriteVector(smoothed), io);
        if (_symbols.Length > 0 || _options?.Verbose >= 1)
            log.Log(Table(counts, _symbols.Length > 0 ? SymbolNames.Read(_symbols, io) : null));

        log.Log($"Summed {done} int32 vectors to counts, skipped {skipped} vectors.");
        log.Log($"Counts written to {arguments[1]}");
        return true;
    }

    private (int Done, int Skipped) Count(string rspecifier, List<double> counts, KaldiLog log, KaldiIoOptions io)
    {
        using var frameWeights = _frameWeights.Length > 0 ? KaldiTables.FloatVector.Open(_frameWeights, io) : null;
        using var utteranceWeights = _utteranceWeights.Length > 0 ? KaldiTables.FloatScalar.Open(_utteranceWeights, io) : null;
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
