using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>paste-feats: concatenates the values of frames.</summary>
internal sealed class PasteFeatsTool()
    : KaldiTool<PasteFeatsTool.Options>(
        "paste-feats",
        "Paste feature files (assuming they have about the same durations), appending the features on each frame.",
        "<in-rspecifier1> <in-rspecifier2> [<in-rspecifier3>] ... <out-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Frames by which lengths may differ; the shortest counts. Beyond, the utterance is left out.</summary>
        [Option("length-tolerance")]
        public int LengthTolerance { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var target = arguments[^1];
        if (!TableLoops.AreTables(arguments[0], target))
        {
            List<FloatMatrix> files = [.. arguments.SkipLast(1).Select(name => KaldiTables.Matrix.ReadOne(name, io))];
            if (Paste(files, "", options.LengthTolerance, log) is not { } pasted)
                return false;

            KaldiTables.Matrix.WriteOne(target, pasted, options.Binary, io);
            log.Log($"Wrote appended features to {target}");
            return true;
        }

        var others = new List<RandomAccessTable<FloatMatrix>>();
        try
        {
            foreach (var rspecifier in arguments.Skip(1).SkipLast(1))
                others.Add(KaldiTables.Matrix.Open(rspecifier, io));

            var counts = TableLoops.MapMatrices(arguments[0], target, io, (key, features) =>
                Find(key, features, others, arguments, log) is { } parts ? Paste(parts, key, options.LengthTolerance, log) : null);
            log.Log($"Done {counts.Done} utts, errors on {counts.Errors}");
            return counts.Done != 0 ? true : throw new InputException("no utterance could be pasted.");
        }
        finally
        {
            others.ForEach(table => table.Dispose());
        }
    }

    private static List<FloatMatrix>? Find(
        string key,
        FloatMatrix features,
        List<RandomAccessTable<FloatMatrix>> others,
        IReadOnlyList<string> arguments,
        KaldiLog log)
    {
        var parts = new List<FloatMatrix> { features };
        foreach (var table in others)
        {
            if (!table.TryGet(key, out var part))
            {
                log.Warning($"Missing utt {key} from input {arguments[parts.Count]}");
                return null;
            }

            parts.Add(part);
        }

        return parts;
    }

    private static FloatMatrix? Paste(List<FloatMatrix> parts, string key, int tolerance, KaldiLog log)
    {
        var (least, most) = (parts.Min(part => part.Rows), parts.Max(part => part.Rows));
        if (most - least <= tolerance && least > 0)
            return FeatureFrames.Paste(parts);

        var utterance = key.Length == 0 ? "" : $" for utt {key}";
        log.Warning($"Length mismatch {most} vs. {least}{utterance} exceeds tolerance {tolerance}");
        return null;
    }
}
